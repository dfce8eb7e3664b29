// SPDX-License-Identifier: Apache-2.0
import { parseYamlDocuments, stringifyYaml, YamlError } from "@flux-ts/kube-core";
import type { CreatedValue } from "../field-path.ts";
import { editPath, lookup } from "../field-path.ts";
import { stringifyGoJson } from "../generators/go-json.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { Mapping } from "../mapping.ts";
import { isMapping, isScalar, scalarText } from "../mapping.ts";
import { plainValue } from "../plain-value.ts";
import { textAs } from "./scalar-text.ts";

/**
 * Sets a value inside of JSON or YAML that is the text of a field, such as a file in a ConfigMap: the path goes on into
 * it. JSON stays JSON, in one line or several as it was.
 *
 * @returns the changed object; undefined when the path does not lead into such a text
 * @see kustomize filters/replacement, setValueInStructuredData
 */
export function setInStructuredText(
  object: Mapping,
  path: readonly string[],
  value: unknown,
  create: CreatedValue | undefined,
): Mapping | undefined {
  for (let length = 1; length < path.length; length++) {
    const outer = path.slice(0, length);
    const field = tryOrUndefined(() => lookup(object, outer));
    if (field === undefined || !isScalar(field)) continue;
    const text = scalarText(field);
    const parsed = parse(text);
    if (parsed === undefined) continue;
    return tryOrUndefined(() => withText(object, outer, text, parsed.value, { path: path.slice(length), value, create }));
  }
  return undefined;
}

interface Inner {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly create: CreatedValue | undefined;
}

function withText(
  object: Mapping,
  outer: readonly string[],
  text: string,
  data: unknown,
  { path, value, create }: Inner,
): Mapping | undefined {
  const set = (old: unknown): unknown => (isMapping(old) || Array.isArray(old) ? value : textAs(scalarText(value), old));
  const edited = editPath(data, { path, create, set });
  if (edited.count === 0) return undefined;
  const out = serialize(edited.value, text);
  const result = editPath(object, { path: outer, create: undefined, set: (old) => textAs(out, old) }).value;
  return isMapping(result) ? result : undefined;
}

/** What cannot be done inside of a text is tried again outside of it, where the error is told. */
function tryOrUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof KustomizeError) return undefined;
    throw error;
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseYamlDocuments(text, { flavour: "kyaml", keepSpelling: true })[0] };
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function serialize(value: unknown, original: string): string {
  const first = original.trim().charAt(0);
  if (first !== "{" && first !== "[") return stringifyYaml(value, { sortKeys: false, width: Infinity }).trim();
  const isPretty = original.includes("\n") && original.includes("  ");
  return stringifyGoJson(plainValue(value), isPretty ? "  " : "");
}
