// SPDX-License-Identifier: Apache-2.0

export type SemverErrorCode = "INVALID_VERSION" | "INVALID_CONSTRAINT";

/** What the functions of this folder throw, with the texts of the library that Flux uses. @see Masterminds/semver v3 */
export class SemverError extends Error {
  override readonly name = "SemverError";
  readonly code: SemverErrorCode;

  constructor(code: SemverErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
