// SPDX-License-Identifier: Apache-2.0
import type { Retry } from "./context.ts";

/** What happens next, and how it is told. */
export interface FailureOptions {
  readonly retry?: Retry;
  /** `info`: only waits for something; its event is Normal. */
  readonly severity?: "error" | "info";
  /** Text of the event where it is not the message; `false`: no event. */
  readonly event?: string | false;
  /** With retry `never`: whether the generation counts as seen, so that kstatus tells Failed. Default true. */
  readonly observes?: boolean;
  readonly cause?: unknown;
}

/** The end of a reconcile that did not succeed. `reason` is the condition reason, `retry` what happens next. */
export class Failure<Reason extends string = string> extends Error {
  override readonly name = "Failure";
  readonly reason: Reason;
  /** Undefined: the controller's `defaultRetry`. */
  readonly retry: Retry | undefined;
  readonly severity: "error" | "info";
  readonly event: string | false | undefined;
  readonly observes: boolean;

  constructor(reason: Reason, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.retry = options.retry;
    this.severity = options.severity ?? "error";
    this.event = options.event;
    this.observes = options.observes ?? true;
  }
}

/** Why a reconcile was broken off: not a failure. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
  readonly why: "superseded" | "shutdown";

  constructor(why: "superseded" | "shutdown") {
    super(why === "shutdown" ? "the controller is shutting down" : "a newer change came in");
    this.why = why;
  }
}
