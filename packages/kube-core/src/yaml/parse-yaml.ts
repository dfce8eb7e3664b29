// SPDX-License-Identifier: Apache-2.0
import type { YamlFlavour } from "./resolve-plain.ts";
import { YamlError } from "./yaml-error.ts";
import type { YamlPlaces } from "./yaml-places.ts";
import { YamlReader } from "./yaml-reader.ts";

export interface ParseYamlOptions {
  /** Which of Go's readers to agree with; `sigs` (sigs.k8s.io/yaml, as kubectl, Helm and the controllers use) when absent. */
  readonly flavour?: YamlFlavour;
  /** What a key that stands twice means. When absent: an error in `kyaml`, the last one wins in `sigs`. */
  readonly duplicateKeys?: "error" | "last";
  /** Where keys that stand twice would be errors, the first one wins, and the error is put here with the mapping. */
  readonly duplicates?: Map<object, YamlError>;
  /** Give `SpelledScalar`s for plain scalars whose text is not how their value would be written. */
  readonly keepSpelling?: boolean;
  /** Takes keys by their text. Without it, in `kyaml`, keys further in that look like another type than text are errors. */
  readonly keysByText?: boolean;
  /** What further documents mean to `parseYaml`: an error when absent, or (`first`) nothing. */
  readonly severalDocuments?: "error" | "first";
  /** How deep lists and mappings may nest; 1000 when absent. */
  readonly maxDepth?: number;
  /** To how many values aliases may expand, over all documents; 2,000,000 when absent. */
  readonly maxNodes?: number;
  /** Is told where keys and items stand. */
  readonly places?: YamlPlaces;
}

/**
 * Reads one YAML document (or JSON) into plain data: objects, arrays, strings, numbers, booleans, null. Integers beyond
 * ±(2^53-1) are `ExactNumber`s. `__proto__` and `constructor` are keys like any other. Aliases and merge keys are
 * resolved; what an alias stands for is shared, not copied. Empty text is null.
 *
 * @throws {YamlError} what is not YAML, bombs, and several documents
 * @see sigs.k8s.io/yaml, YAMLToJSON
 */
export function parseYaml(text: string, options: ParseYamlOptions = {}): unknown {
  const [first, second] = readDocuments(text, options, options.severalDocuments === "first" ? 1 : 2);
  if (second !== undefined) throw new YamlError("SEVERAL_DOCUMENTS", "found several documents where one was expected");
  return first === undefined ? null : first.value;
}

/**
 * Reads a stream of YAML documents, in order, as {@link parseYaml} does each. A document without content is null.
 *
 * @throws {YamlError}
 */
export function parseYamlDocuments(text: string, options: ParseYamlOptions = {}): unknown[] {
  return readDocuments(text, options, Infinity).map(({ value }) => value);
}

function readDocuments(source: string, options: ParseYamlOptions, limit: number): { readonly value: unknown }[] {
  const { flavour = "sigs", maxDepth = 1000, maxNodes = 2_000_000 } = options;
  const text = normalize(source);
  options.places?.begin(text);
  const reader = new YamlReader(text, {
    flavour,
    maxDepth,
    keepsSpelling: options.keepSpelling ?? false,
    keysByText: options.keysByText ?? false,
    refusesDuplicates: (options.duplicateKeys ?? (flavour === "kyaml" ? "error" : "last")) === "error",
    places: options.places,
    duplicates: options.duplicates,
  });
  const documents: { readonly value: unknown }[] = [];
  while (documents.length < limit) {
    const document = reader.next();
    if (document === undefined) break;
    documents.push(document);
  }
  if (reader.hasAliases) requireBounded(documents, maxNodes);
  return documents;
}

// What YAML does not take unescaped.
// oxlint-disable-next-line no-control-regex
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** Line breaks as \n, without a mark of byte order. */
function normalize(source: string): string {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  if (control.test(text)) {
    const at = text.search(control);
    const before = text.slice(0, at);
    throw new YamlError("SYNTAX", "control characters are not allowed", {
      line: before.split("\n").length,
      column: at - before.lastIndexOf("\n"),
      shown: 0,
    });
  }
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** Counts what a reader of the tree would see, shared parts as often as they stand there. */
function requireBounded(documents: readonly { readonly value: unknown }[], maxNodes: number): void {
  const sizes = new Map<object, number>();
  const size = (value: unknown): number => {
    if (typeof value !== "object" || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    // An alias inside of what it stands for never ends.
    sizes.set(value, Infinity);
    let total = 1;
    for (const child of Array.isArray(value) ? value : Object.values(value)) total += size(child);
    if (total > maxNodes) throw new YamlError("TOO_LARGE", "document contains excessive aliasing");
    sizes.set(value, total);
    return total;
  };
  let total = 0;
  for (const { value } of documents) {
    total += size(value);
    if (total > maxNodes) throw new YamlError("TOO_LARGE", "document contains excessive aliasing");
  }
}
