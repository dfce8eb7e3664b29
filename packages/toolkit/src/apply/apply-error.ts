// SPDX-License-Identifier: Apache-2.0

/**
 * - `BAD_ID`: an inventory holds what is no id
 * - `BAD_OBJECT`: what was to be applied is no Kubernetes object
 * - `BAD_SELECTOR`: the selector of an ignore rule does not parse
 * - `NOT_SPECIFIED`: the dry run found no such resource, for want of a namespace
 * - `DRY_RUN_FAILED`, `APPLY_FAILED`, `DELETE_FAILED`, `CLEANUP_FAILED`: the API server refused
 * - `UNHEALTHY`, `TIMEOUT`: waiting ended badly
 */
export type ApplyErrorCode =
  | "BAD_ID"
  | "BAD_OBJECT"
  | "BAD_SELECTOR"
  | "NOT_SPECIFIED"
  | "DRY_RUN_FAILED"
  | "APPLY_FAILED"
  | "DELETE_FAILED"
  | "CLEANUP_FAILED"
  | "UNHEALTHY"
  | "TIMEOUT";

/** Why objects could not be applied, deleted or waited for. Holds no values of Secrets. */
export class ApplyError extends Error {
  override readonly name = "ApplyError";
  readonly code: ApplyErrorCode;

  constructor(code: ApplyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
