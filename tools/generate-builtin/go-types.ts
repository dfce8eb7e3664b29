// SPDX-License-Identifier: Apache-2.0

/** A field of a Go struct that takes part in JSON. */
export interface GoField {
  readonly goName: string;
  /** Name in JSON; `""` for an embedded struct. */
  readonly json: string;
  readonly inline: boolean;
  readonly omit: "" | "omitempty" | "omitzero";
  readonly goType: string;
  /** Field number in protobuf; 0 when the field has none. */
  readonly number: number;
}

export type GoType = { readonly kind: "struct"; readonly fields: readonly GoField[] } | { readonly kind: "alias"; readonly goType: string };

const STRUCT = /^type (\w+) struct ?\{(\})?/;
const ALIAS = /^type (\w+) ((?:\[\]|map\[[\w.]+\])?[\w.*]+)$/;
const FIELD = /^\t(\w+)\s+(\S+(?:\[\S+\]\S+)?)(?:\s+`([^`]*)`)?\s*(?:\/\/.*)?$/;
const EMBEDDED = /^\t([\w.]+)(?:\s+`([^`]*)`)?\s*(?:\/\/.*)?$/;

/** The struct and alias types of one Go file, in order. Knows the regular shape of Kubernetes' `types.go`, no more. */
export function parseGoTypes(source: string): Map<string, GoType> {
  const types = new Map<string, GoType>();
  let fields: GoField[] | undefined;
  for (const raw of source.replace(/\/\*[\s\S]*?\*\//g, "").split("\n")) {
    const line = raw.replace(/\s+\/\/.*$/, "").trimEnd();
    if (fields) {
      if (line === "}") fields = undefined;
      else addField(fields, line);
      continue;
    }
    const struct = STRUCT.exec(line);
    if (struct?.[1]) {
      const own: GoField[] = [];
      types.set(struct[1], { kind: "struct", fields: own });
      fields = struct[2] ? undefined : own;
      continue;
    }
    const alias = ALIAS.exec(line);
    if (alias?.[1] && alias[2] && alias[2] !== "interface") types.set(alias[1], { kind: "alias", goType: alias[2] });
  }
  return types;
}

function addField(fields: GoField[], line: string): void {
  if (/^\s*(\/\/|$)/.test(line)) return;
  const embedded = EMBEDDED.exec(line);
  const match = embedded ? [embedded[0], embedded[1]?.split(".").at(-1), embedded[1], embedded[2]] : FIELD.exec(line);
  const [, goName, goType, tags = ""] = match ?? [];
  if (!goName || !goType) throw new Error(`Cannot read this line of a Go struct: ${line}`);
  const tag = /json:"([^"]*)"/.exec(tags)?.[1];
  const [json = "", ...options] = tag === undefined ? [embedded ? "" : goName] : tag.split(",");
  if (json === "-") return;
  fields.push({
    goName,
    goType,
    json,
    inline: options.includes("inline") || (embedded !== null && json === ""),
    omit: options.includes("omitzero") ? "omitzero" : options.includes("omitempty") ? "omitempty" : "",
    number: Number(/protobuf:"\w+,(\d+)/.exec(tags)?.[1] ?? 0),
  });
}
