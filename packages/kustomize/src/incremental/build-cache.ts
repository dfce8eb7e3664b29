// SPDX-License-Identifier: Apache-2.0
import { sha256 } from "@noble/hashes/sha2.js";
import type { Mapping } from "../mapping.ts";
import type { BuildResult } from "../build.ts";
import type { Digest, RootedFiles } from "./build-inputs.ts";
import { traceInputs } from "./build-inputs.ts";
import { InputCache } from "./input-cache.ts";
import { LeastRecent } from "./least-recent.ts";

export interface BuildCacheOptions {
  /** A digest that is faster than the one built in: `(content) => hash("sha256", content)` of `node:crypto`. */
  readonly digest?: Digest;
  /** How many characters the texts of the parsed files may have together; 32 Mi when absent. */
  readonly maxParsedCharacters?: number;
  /** How many objects the results may have together; 100,000 when absent. */
  readonly maxObjects?: number;
}

/**
 * What builds keep for later ones. Hand the same to every build: files with the same content are parsed once, and a build
 * of which no input changed is not made again. Results are shared: do not change them.
 */
export class BuildCache {
  readonly #digest: Digest;
  readonly #results: InputCache<BuildResult>;
  readonly #parsed: LeastRecent<readonly Mapping[]>;
  #builds = 0;
  #parses = 0;

  constructor({ digest = sha256Hex, maxParsedCharacters = 32 * 1024 * 1024, maxObjects = 100_000 }: BuildCacheOptions = {}) {
    this.#digest = digest;
    this.#results = new InputCache(digest, maxObjects);
    this.#parsed = new LeastRecent(maxParsedCharacters);
  }

  /** How often something was built, and how many files of resources were parsed, since the beginning. */
  get counts(): { readonly builds: number; readonly parses: number } {
    return { builds: this.#builds, parses: this.#parses };
  }

  /** The result for these files, made only where there is none yet. */
  build(key: string, files: RootedFiles, run: (fs: RootedFiles["fs"]) => BuildResult): BuildResult {
    // Deprecations tell files by where they are, so a tree that has moved is built again.
    const known = this.#results.find(key, files) ?? this.#results.find(placed(key, files), files);
    if (known !== undefined) return known;
    const trace = traceInputs(files, this.#digest);
    this.#builds++;
    const result = run(trace.fs);
    const isMovable = result.warnings.length === 0 && result.deprecations.length === 0;
    this.#results.store(isMovable ? key : placed(key, files), trace.inputs(), result, result.objects.length + 1);
    return result;
  }

  /** The documents of a text, parsed only where they are not known yet. What cannot be parsed is tried again. */
  parse(text: string, run: () => readonly Mapping[]): readonly Mapping[] {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    this.#parses++;
    const documents = run();
    this.#parsed.set(text, documents, text.length + 1);
    return documents;
  }
}

function placed(key: string, { root }: RootedFiles): string {
  return `${key} in ${root}`;
}

function sha256Hex(content: Uint8Array | string): string {
  const bytes = sha256(typeof content === "string" ? new TextEncoder().encode(content) : content);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
