// SPDX-License-Identifier: Apache-2.0

/**
 * `COMPILE`: the text is no valid expression; `PROGRAM`: a constant in it is invalid; `EVALUATION`: it failed on these
 * values; `COST`: it would take too long.
 */
export type CelErrorCode = "COMPILE" | "PROGRAM" | "EVALUATION" | "COST";

/** What went wrong with an expression, in cel-go's words where it has any. */
export class CelError extends Error {
  override readonly name = "CelError";
  readonly code: CelErrorCode;

  constructor(code: CelErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function evaluationError(message: string): CelError {
  return new CelError("EVALUATION", message);
}

export function noSuchOverload(): CelError {
  return evaluationError("no such overload");
}

/** A problem at a place of the source. */
export interface Issue {
  /** Index of the character (code point); -1: no place. */
  readonly at: number;
  readonly message: string;
}

/** Issues as cel-go prints them: with the line and a mark under the place. @see cel-go common.Error.ToDisplayString */
export function describeIssues(source: string, issues: readonly Issue[]): string {
  const lines = source.split("\n").map((line) => Array.from(line));
  return issues.map((issue) => describe(lines, issue)).join("\n");
}

function describe(lines: readonly (readonly string[])[], { at, message }: Issue): string {
  if (at < 0) return `ERROR: <input>:-1:0: ${message}`;
  let line = 0;
  let column = at;
  while (line < lines.length - 1 && column > (lines[line]?.length ?? 0)) column -= (lines[line++]?.length ?? 0) + 1;
  const text = (lines[line] ?? []).join("").replaceAll("\t", " ");
  const before = (lines[line] ?? []).slice(0, column);
  const indent = before.map((character) => (isWide(character) ? "．" : ".")).join("");
  const marked = (lines[line] ?? [])[column];
  const mark = marked !== undefined && isWide(marked) ? "＾" : "^";
  return `ERROR: <input>:${line + 1}:${column + 1}: ${message}\n | ${text}\n | ${indent}${mark}`;
}

function isWide(character: string): boolean {
  return new TextEncoder().encode(character).length > 1;
}
