// SPDX-License-Identifier: Apache-2.0
import { parseYaml, SpelledScalar, stringifyYaml, YamlError, YamlPlaces } from "@flux-ts/kube-core";
import type { CreatedValue } from "../field-path.ts";
import { created, editPath, lookup } from "../field-path.ts";
import { stringifyGoJson } from "../generators/go-json.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { Mapping } from "../mapping.ts";
import { isMapping, isScalar, scalarText, setKey } from "../mapping.ts";
import { Mistyped } from "../mistyped.ts";
import { plainValue } from "../plain-value.ts";
import type { ReadText } from "./edit-line.ts";
import { appendFields, editLine } from "./edit-line.ts";
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
    const read = parse(scalarText(field));
    if (read === undefined) continue;
    return tryOrUndefined(() => withText(object, outer, read, { path: path.slice(length), value, create }));
  }
  return undefined;
}

interface Inner {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly create: CreatedValue | undefined;
}

function withText(object: Mapping, outer: readonly string[], read: ReadText, { path, value, create }: Inner): Mapping | undefined {
  const changes: Change[] = [];
  const set = (old: unknown): unknown => {
    const now = isMapping(old) || Array.isArray(old) ? value : textAs(scalarText(value), old);
    changes.push({ old, now });
    return now;
  };
  const edited = editPath(read.value, { path, create, set });
  const [change] = changes;
  if (change === undefined) return undefined;
  const isJson = /^\s*[{[]/.test(read.text);
  if (isJson && holdsMistyped(changes.map(({ now }) => now))) return object;
  const out = isJson
    ? asJson(edited.value, read.text)
    : ((changes.length === 1 ? inPlace(read, path, change, edited.value) : undefined) ?? asYaml(edited.value));
  const result = editPath(object, { path: outer, create: undefined, set: (old) => textAs(out, old) }).value;
  return isMapping(result) ? result : undefined;
}

interface Change {
  readonly old: unknown;
  readonly now: unknown;
}

/** The text with one scalar changed or added, and all else as it is written; undefined where that cannot be. */
function inPlace(read: ReadText, path: readonly string[], { old, now }: Change, edited: unknown): string | undefined {
  if (old !== created) return isScalar(old) ? editLine(read, path, now) : undefined;
  const [first = ""] = path;
  if (!isMapping(read.value) || Object.hasOwn(read.value, first) || !isMapping(edited)) return undefined;
  return appendFields(read, setKey({}, first, edited[first]));
}

/** Upstream reads the JSON that it is about to write, and leaves the text alone where that fails. */
function holdsMistyped(values: readonly unknown[]): boolean {
  return values.some((value) => value instanceof SpelledScalar && value.value instanceof Mistyped);
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

function parse(text: string): ReadText | undefined {
  const places = new YamlPlaces();
  try {
    return { text, value: parseYaml(text, { flavour: "kyaml", keepSpelling: true, severalDocuments: "first", places }), places };
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function asYaml(value: unknown): string {
  return stringifyYaml(plainValue(value), { sortKeys: false, width: Infinity }).trim();
}

function asJson(value: unknown, original: string): string {
  const isPretty = original.includes("\n") && original.includes("  ");
  return stringifyGoJson(plainValue(value), isPretty ? "  " : "");
}
