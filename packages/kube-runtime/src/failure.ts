// SPDX-License-Identifier: Apache-2.0
import type { Retry } from "./context.ts";

/** The end of a reconcile that did not succeed. `reason` is the condition reason, `retry` what happens next. */
export class Failure<Reason extends string = string> extends Error {
  override readonly name = "Failure";
  readonly reason: Reason;
  readonly retry: Retry;
  readonly severity: "error" | "info";

  constructor(
    reason: Reason,
    message: string,
    options: { readonly retry?: Retry; readonly severity?: "error" | "info"; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.retry = options.retry ?? "backoff";
    this.severity = options.severity ?? "error";
  }
}
