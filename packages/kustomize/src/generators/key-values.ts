// SPDX-License-Identifier: Apache-2.0
import { baseName } from "../clean-path.ts";
import { KustomizeError, prefixed } from "../kustomize-error.ts";
import type { GeneratorArgs } from "../kustomization.ts";
import type { Loader } from "../loader.ts";

/** The data of a ConfigMap or Secret: text, or bytes where a file holds what may not be text. */
export type KeyValues = ReadonlyMap<string, Uint8Array | string>;

/**
 * Collects what a generator puts into its object: `envs`, then `literals`, then `files`.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION on a source that is not `key=value`, CONFLICT on a key that comes twice
 * @see kustomize kv, loader.Load
 */
export function loadKeyValues(args: GeneratorArgs, loader: Loader): KeyValues {
  const pairs: (readonly [string, Uint8Array | string])[] = prefixed("loading KV pairs", () => [
    ...prefixed(`env source files: [${(args.envs ?? []).join(" ")}]`, () =>
      (args.envs ?? []).flatMap((path) => parseEnv(loader.readText(path), path)),
    ),
    ...prefixed(`literal sources [${(args.literals ?? []).join(" ")}]`, () => (args.literals ?? []).map(parseLiteral)),
    ...prefixed(`file sources: [${(args.files ?? []).join(" ")}]`, () =>
      (args.files ?? []).map((source) => {
        const { key, path } = parseFileSource(source);
        return [key, loader.readBytes(path)] as const;
      }),
    ),
  ]);
  const out = new Map<string, Uint8Array | string>();
  for (const [key, value] of pairs) {
    if (out.has(key)) throw new KustomizeError("CONFLICT", `configmap ${args.name} illegally repeats the key \`${key}\``);
    out.set(key, value);
  }
  return out;
}

/** Lines of `KEY=value`; empty ones and those that start with `#` are left out. No quotes, no escapes. */
function parseEnv(source: string, path: string): (readonly [string, string])[] {
  const lines = source.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.flatMap((raw, index) => {
    if (raw.includes("\uFFFD"))
      throw new KustomizeError("INVALID_KUSTOMIZATION", `line ${index + 1} of ${path} has invalid utf8 bytes`, { path, line: index + 1 });
    const withoutBom = index === 0 && raw.startsWith("\uFEFF") ? raw.slice(1) : raw;
    const withoutReturn = withoutBom.endsWith("\r") ? withoutBom.slice(0, -1) : withoutBom;
    // What Go takes for space.
    const line = withoutReturn.replace(/^(?:(?!\uFEFF)\s|\u0085)+/, "");
    if (line === "" || line.startsWith("#")) return [];
    const equals = line.indexOf("=");
    const key = equals < 0 ? line : line.slice(0, equals);
    return key === "" ? [] : [[key, equals < 0 ? "" : line.slice(equals + 1)] as const];
  });
}

function parseLiteral(source: string): readonly [string, string] {
  const equals = source.indexOf("=");
  if (equals <= 0) throw new KustomizeError("INVALID_KUSTOMIZATION", `invalid literal source ${source}, expected key=value`);
  return [source.slice(0, equals), withoutQuotes(source.slice(equals + 1))];
}

function withoutQuotes(text: string): string {
  const first = text.charAt(0);
  return text.length >= 2 && (first === '"' || first === "'") && text.endsWith(first) ? text.slice(1, -1) : text;
}

function parseFileSource(source: string): { readonly key: string; readonly path: string } {
  const parts = source.split("=");
  const [first = "", second = ""] = parts;
  if (parts.length === 1) return { key: baseName(source), path: source };
  if (parts.length > 2) throw new KustomizeError("INVALID_KUSTOMIZATION", `source "${source}" key name or file path contains '='`);
  if (first === "") throw new KustomizeError("INVALID_KUSTOMIZATION", `missing key name for file path "${second}" in source "${source}"`);
  if (second === "") throw new KustomizeError("INVALID_KUSTOMIZATION", `missing file path for key name "${first}" in source "${source}"`);
  return { key: first, path: second };
}
