// SPDX-License-Identifier: Apache-2.0

export type TemplateErrorCode =
  /** The text of a template is not valid. */
  | "PARSE"
  /** A template failed while it ran. */
  | "EXECUTE"
  /** A template asks for more than the limits allow. */
  | "LIMIT";

/** A template that cannot be parsed or executed. The message is worded as Go's text/template words it. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly code: TemplateErrorCode;

  constructor(code: TemplateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A limit that a template reached. */
export function limitError(message: string, options?: ErrorOptions): TemplateError {
  return new TemplateError("LIMIT", message, options);
}

/** What a template function throws when Go's would return an error or panic: the engine adds where it was called. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
}
