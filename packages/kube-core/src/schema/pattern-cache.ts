// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from "re2js";

/** Patterns may come with values, so how many are kept is bounded. */
const MAX_PATTERNS = 1000;

/** Regular expressions compiled once; RE2, so a match takes time in proportion to the text. */
export class PatternCache {
  readonly #compiled = new Map<string, RE2JS | string>();

  /** Undefined when the text matches somewhere, else what is wrong: no match, or why the pattern does not compile. */
  mismatch(pattern: string, text: string): { readonly compileError?: string } | undefined {
    const compiled = this.#compile(pattern);
    if (typeof compiled === "string") return { compileError: compiled };
    return compiled.test(text) ? undefined : {};
  }

  #compile(pattern: string): RE2JS | string {
    const known = this.#compiled.get(pattern);
    if (known !== undefined) return known;
    const compiled = compilePattern(pattern);
    if (this.#compiled.size >= MAX_PATTERNS) this.#forgetOldest();
    this.#compiled.set(pattern, compiled);
    return compiled;
  }

  #forgetOldest(): void {
    for (const pattern of this.#compiled.keys()) {
      this.#compiled.delete(pattern);
      return;
    }
  }
}

/** The compiled pattern, or Go's text of why it is not one. */
export function compilePattern(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
