// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { parseYaml, stringifyYaml, YamlPlaces } from "@flux-ts/kube-core";
import { isMapping } from "../mapping.ts";
import type { FieldOrigin, OriginNode } from "./field-origin.ts";

export interface ExplainOptions {
  /** Files below this folder are shown by their path from it. */
  readonly relativeTo?: string;
  /** Written between objects; `---` when absent. */
  readonly separator?: string;
}

/**
 * The YAML of objects with the origin of each line in front of it: `base/web.yaml:12 │   replicas: 1`. Lines that come
 * from where the line above them comes from show nothing; what was added to an object after
 * the build shows `-`.
 *
 * @param originsOf the origins of an object, of {@link BuildResult.origins}; undefined where they are not known
 */
export function toExplainedYaml(
  objects: readonly KubeObject[],
  originsOf: (object: KubeObject, index: number) => OriginNode | undefined,
  options: ExplainOptions = {},
): string {
  const { separator = "---" } = options;
  const lines: { readonly margin: string; readonly text: string }[] = [];
  for (const [index, object] of objects.entries()) {
    if (index > 0) lines.push({ margin: "", text: separator });
    const text = stringifyYaml(object);
    const margins = marginsOf(text, originsOf(object, index), options.relativeTo);
    let last: string | undefined;
    for (const [line, content] of text.trimEnd().split("\n").entries()) {
      const margin = margins.get(line + 1) ?? last ?? "";
      lines.push({ margin: margin === last ? "" : margin, text: content });
      last = margin;
    }
  }
  const width = lines.reduce((most, { margin }) => Math.max(most, margin.length), 0);
  return lines
    .map(({ margin, text }) => `${margin.padEnd(width)} │ ${text}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}

/** What stands in front of what was added after the build. */
const added = "-";

/** What stands in front of the lines (from 1) on which fields and items start. */
function marginsOf(text: string, origins: OriginNode | undefined, relativeTo: string | undefined): ReadonlyMap<number, string> {
  const margins = new Map<number, string>();
  if (origins === undefined) return margins;
  const places = new YamlPlaces();
  const visit = (value: unknown, node: OriginNode): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) note(item, node.items?.[index], places.lineOfItem(value, index));
    } else if (isMapping(value)) {
      for (const key of Object.keys(value)) note(value[key], node.fields?.get(key), places.lineOfKey(value, key));
    }
  };
  const note = (value: unknown, node: OriginNode | undefined, line: number | undefined): void => {
    if (node === undefined) {
      if (line !== undefined) margins.set(line, added);
      return;
    }
    // The innermost that starts on a line is what stands there.
    if (line !== undefined) margins.set(line, formatOrigin(node.origin, relativeTo));
    visit(value, node);
  };
  visit(parseYaml(text, { places }), origins);
  return margins;
}

/** `file:line`, or the field of the Flux Kustomization. */
function formatOrigin({ file, line, field }: FieldOrigin, relativeTo: string | undefined): string {
  if (file === undefined) return field ?? "";
  const folder = relativeTo === undefined || relativeTo.endsWith("/") ? relativeTo : `${relativeTo}/`;
  const shown = folder !== undefined && file.startsWith(folder) ? file.slice(folder.length) : file;
  return line === undefined ? shown : `${shown}:${line}`;
}
