// SPDX-License-Identifier: Apache-2.0

/**
 * `COMPACTED`: the revision asked for is no longer kept. `DISK_FULL`, `DISK_FAILED`: a write could not be made durable and did not happen.
 * `LOCKED`: another process holds the data directory. `NEWER_FORMAT`, `CORRUPT`: the data directory cannot be read.
 * `BAD_OPTIONS`: the server was asked for something that it cannot do.
 */
export type KubeServerErrorCode = "COMPACTED" | "DISK_FULL" | "DISK_FAILED" | "LOCKED" | "NEWER_FORMAT" | "CORRUPT" | "BAD_OPTIONS";

/** A failure of the server itself. Failures of requests are `ApiError`s. */
export class KubeServerError extends Error {
  override readonly name = "KubeServerError";
  readonly code: KubeServerErrorCode;

  constructor(code: KubeServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
