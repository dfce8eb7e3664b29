// SPDX-License-Identifier: Apache-2.0

/**
 * `BAD_NAME`, `BAD_RULE`, `BAD_FLAGS`: what was asked for makes no sense. `NOT_FOUND`: there is no such lab. `RUNNING`: it runs, with
 * other options. `FAILED`: it did not start, or did not stop. `FOREIGN_CONTEXT`, `BAD_KUBECONFIG`, `KUBECONFIG_LOCKED`: the
 * kubeconfig cannot be changed. `NEWER_FORMAT`, `CORRUPT`: what is kept cannot be read.
 */
export type LabErrorCode =
  | "BAD_NAME"
  | "BAD_RULE"
  | "BAD_FLAGS"
  | "NOT_FOUND"
  | "RUNNING"
  | "FAILED"
  | "FOREIGN_CONTEXT"
  | "BAD_KUBECONFIG"
  | "KUBECONFIG_LOCKED"
  | "NEWER_FORMAT"
  | "CORRUPT";

/** What went wrong with a lab, in a sentence for the user. */
export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
