// SPDX-License-Identifier: Apache-2.0
import { FAILSAFE_SCHEMA, loadAll, Type, YAMLException } from "js-yaml";
import type { State } from "js-yaml";
import type { YamlFlavour } from "./resolve-plain.ts";
import { resolvePlain } from "./resolve-plain.ts";
import { SpelledScalar } from "./spelled-scalar.ts";
import { YamlError } from "./yaml-error.ts";

export interface ParseYamlOptions {
  /** Which of Go's readers to agree with; `sigs` (sigs.k8s.io/yaml, as kubectl, Helm and the controllers use) when absent. */
  readonly flavour?: YamlFlavour;
  /** What a key that stands twice means. When absent: an error in `kyaml`, the last one wins in `sigs`. */
  readonly duplicateKeys?: "error" | "last";
  /** Give `SpelledScalar`s for plain scalars whose text is not how their value would be written. */
  readonly keepSpelling?: boolean;
  /** What further documents mean to `parseYaml`: an error when absent, or (`first`) nothing. */
  readonly severalDocuments?: "error" | "first";
  /** How deep lists and mappings may nest; 1000 when absent. */
  readonly maxDepth?: number;
  /** To how many values aliases may expand, over all documents; 2,000,000 when absent. */
  readonly maxNodes?: number;
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
  const documents = parseYamlDocuments(text, options);
  if (documents.length > 1 && options.severalDocuments !== "first")
    throw new YamlError("SEVERAL_DOCUMENTS", `found ${documents.length} documents where one was expected`);
  return documents.length === 0 ? null : documents[0];
}

/**
 * Reads a stream of YAML documents, in order, as {@link parseYaml} does each. A document without content is null.
 *
 * @throws {YamlError}
 */
export function parseYamlDocuments(text: string, options: ParseYamlOptions = {}): unknown[] {
  const { flavour = "sigs", maxDepth = 1000, maxNodes = 2_000_000, keepSpelling = false } = options;
  const allowDuplicates = (options.duplicateKeys ?? (flavour === "kyaml" ? "error" : "last")) === "last";
  let depth = 0;
  let documents: unknown[];
  try {
    documents = loadAll(text, null, {
      schema: goSchema(flavour, keepSpelling),
      json: allowDuplicates,
      listener(event: "open" | "close", state: State) {
        depth += event === "open" ? 1 : -1;
        // A value inside a mapping inside a list opens up to two nodes a level.
        if (depth > maxDepth) throw new YamlError("TOO_DEEP", `exceeded max depth of ${maxDepth}`, { line: state.line + 1, column: 1 });
      },
    });
  } catch (cause) {
    throw toYamlError(cause);
  }
  requireBounded(documents, maxNodes);
  return documents;
}

function toYamlError(cause: unknown): YamlError {
  if (cause instanceof YamlError) return cause;
  if (cause instanceof YAMLException) {
    const code = cause.reason.includes("duplicated mapping key") ? "DUPLICATE_KEY" : "SYNTAX";
    // Some of its errors have no place.
    const mark = cause.mark as YAMLException["mark"] | undefined;
    return new YamlError(code, cause.reason, mark === undefined ? undefined : { line: mark.line + 1, column: mark.column + 1 }, cause);
  }
  if (cause instanceof RangeError) return new YamlError("TOO_DEEP", "nested too deeply", undefined, cause);
  throw cause;
}

function goSchema(flavour: YamlFlavour, keepSpelling: boolean): ReturnType<typeof FAILSAFE_SCHEMA.extend> {
  const construct = (text: string | null): unknown => {
    const resolved = resolvePlain(text ?? "", flavour);
    if (resolved === undefined) return text;
    if (typeof resolved.value === "number" && !Number.isFinite(resolved.value)) {
      throw new YamlError("NOT_JSON", `json: unsupported value: ${text}`);
    }
    return keepSpelling && !resolved.canonical && resolved.value !== null ? new SpelledScalar(text ?? "", resolved.value) : resolved.value;
  };
  const implicit = new Type("tag:yaml.org,2002:null", {
    kind: "scalar",
    resolve: (text: string | null) => resolvePlain(text ?? "", flavour) !== undefined,
    construct,
  });
  const merge = new Type("tag:yaml.org,2002:merge", { kind: "scalar", resolve: (text: string | null) => text === "<<" });
  const explicit = ["bool", "int", "float", "timestamp"].map(
    (tag) =>
      new Type(`tag:yaml.org,2002:${tag}`, {
        kind: "scalar",
        resolve: (text: string | null) => {
          const found = resolvePlain(text ?? "", flavour)?.tag;
          return found === tag || (tag === "float" && found === "int");
        },
        construct,
      }),
  );
  const binary = new Type("tag:yaml.org,2002:binary", {
    kind: "scalar",
    resolve: (text: string | null) => text !== null && isBase64(text),
    construct: (text: string) => decodeBase64(text),
  });
  return FAILSAFE_SCHEMA.extend({ implicit: [implicit, merge], explicit: [...explicit, binary] });
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) && text.replace(/\s/g, "").length % 4 === 0;
}

/** Bytes as text, byte for byte when they are UTF-8. */
function decodeBase64(text: string): string {
  const binary = atob(text.replace(/\s/g, ""));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

/** Counts what a reader of the tree would see, shared parts as often as they stand there. */
function requireBounded(documents: readonly unknown[], maxNodes: number): void {
  const sizes = new Map<object, number>();
  const size = (value: unknown): number => {
    if (typeof value !== "object" || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    let total = 1;
    for (const child of Array.isArray(value) ? value : Object.values(value)) total += size(child);
    if (total > maxNodes) throw new YamlError("TOO_LARGE", "document contains excessive aliasing");
    sizes.set(value, total);
    return total;
  };
  let total = 0;
  for (const document of documents) {
    total += size(document);
    if (total > maxNodes) throw new YamlError("TOO_LARGE", `documents hold more than ${maxNodes} values`);
  }
}
