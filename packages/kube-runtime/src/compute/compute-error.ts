// SPDX-License-Identifier: Apache-2.0

/** Why a job gave no result. */
export type ComputeErrorCode =
  /** The job took too long and was killed. */
  | "TIMEOUT"
  /** The job wanted more memory than it may have and was killed. */
  | "OUT_OF_MEMORY"
  | "OUTPUT_TOO_LARGE"
  /** The worker ended without an answer. */
  | "CRASHED"
  /** Too many jobs wait. */
  | "BUSY"
  /** The worker does not have the job. */
  | "UNKNOWN_JOB"
  /** The job itself threw; `jobCode` is the code of what it threw. */
  | "FAILED";

/** Why a job gave no result. For `FAILED` the message is that of what the job threw, so that it reads as if it had run here. */
export class ComputeError extends Error {
  override readonly name = "ComputeError";
  readonly code: ComputeErrorCode;
  readonly jobCode: string | undefined;

  constructor(code: ComputeErrorCode, message: string, options: { readonly jobCode?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.jobCode = options.jobCode;
  }
}
