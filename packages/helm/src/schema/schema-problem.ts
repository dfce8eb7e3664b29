// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "@flux-ts/gotemplate";

/** One thing that is wrong with a value, and what is behind it. */
export interface SchemaProblem {
  /** Where in the value: keys and indexes. */
  readonly path: readonly string[];
  readonly message: string;
  readonly causes: readonly SchemaProblem[];
  /** A reference that failed: it is not shown when it has one cause. */
  readonly isReference?: boolean;
  /** Several problems of one schema; those around it take them as their own. */
  readonly isGroup?: boolean;
}

/** Text between single quotes, as the messages have it. */
export function quote(text: string): string {
  return `'${goQuote(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

export function quoteAll(texts: readonly string[]): string {
  return texts.map(quote).join(", ");
}

/** A JSON pointer to a part of a value. */
export function pointerTo(path: readonly string[]): string {
  return path.map((token) => `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/**
 * Problems as lines, those behind others further in.
 *
 * @see github.com/santhosh-tekuri/jsonschema/v6 ValidationError.Error
 */
export function printProblems(problems: readonly SchemaProblem[], indent = 1): string[] {
  return problems.flatMap((problem) => {
    const { path, message, causes, isReference = false } = problem;
    if (isReference && causes.length === 1) return printProblems(causes, indent);
    return [`${"  ".repeat(indent - 1)}- at ${quote(pointerTo(path))}: ${message}`, ...printProblems(causes, indent + 1)];
  });
}
