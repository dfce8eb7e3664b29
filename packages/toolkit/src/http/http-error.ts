// SPDX-License-Identifier: Apache-2.0

export type HttpErrorCode =
  /** No answer came: refused, reset, unknown host, TLS. */
  | "NO_ANSWER"
  | "TIMEOUT"
  /** A redirect that may not be followed, or too many. */
  | "REDIRECT"
  /** The body is larger than the caller takes. */
  | "TOO_LARGE"
  | "INVALID_URL";

/** What the functions of this folder throw. URLs in messages hold no credentials. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
