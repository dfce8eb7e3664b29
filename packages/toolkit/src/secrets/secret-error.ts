// SPDX-License-Identifier: Apache-2.0

export type SecretErrorCode = "NOT_FOUND" | "KEY_NOT_FOUND" | "INVALID";

/** What the functions of this folder throw. Messages name keys, never their values. */
export class SecretError extends Error {
  override readonly name = "SecretError";
  readonly code: SecretErrorCode;

  constructor(code: SecretErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
