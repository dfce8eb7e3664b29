// SPDX-License-Identifier: Apache-2.0

/**
 * - `BAD_SYNTAX`: an expression does not parse (`message` is upstream's: `missing closing brace` …)
 * - `NOT_SET`: strict mode, and a variable without a default has no value
 * - `BAD_NAME`: a variable is called what no expression could name
 * - `BAD_RESULT`: what came out is no YAML, or not one object any more
 * - `TOO_DEEP`, `TOO_LARGE`, `TOO_COMPLEX`: a bound was reached
 */
export type SubstituteErrorCode = "BAD_SYNTAX" | "NOT_SET" | "BAD_NAME" | "BAD_RESULT" | "TOO_DEEP" | "TOO_LARGE" | "TOO_COMPLEX";

/** Why variables could not be put into a text. Never holds a variable's value. */
export class SubstituteError extends Error {
  override readonly name = "SubstituteError";
  readonly code: SubstituteErrorCode;

  constructor(code: SubstituteErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
