// SPDX-License-Identifier: Apache-2.0

export type ArtifactErrorCode =
  /** The archive is damaged, or holds what no artifact may hold. */
  | "INVALID_ARCHIVE"
  /** A limit was reached. */
  | "TOO_LARGE"
  | "INVALID_DIGEST"
  | "DIGEST_MISMATCH"
  /** The server answered 404: the consumer waits for the source to build it anew. */
  | "NOT_FOUND"
  | "DOWNLOAD_FAILED"
  | "INVALID_PATH"
  | "STORAGE";

/** What the functions of this folder throw. */
export class ArtifactError extends Error {
  override readonly name = "ArtifactError";
  readonly code: ArtifactErrorCode;

  constructor(code: ArtifactErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
