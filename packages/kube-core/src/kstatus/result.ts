// SPDX-License-Identifier: Apache-2.0

/** How far an object is. `NotFound` is for callers that found none: no object has it. */
export type ComputedStatusName = "Current" | "InProgress" | "Failed" | "Terminating" | "NotFound" | "Unknown";

/** The status of an object as `kubectl wait`-like tools and Flux' health checks see it. */
export interface ComputedStatus {
  readonly status: ComputedStatusName;
  readonly message: string;
  /** The condition that says so in standard form: `Reconciling` while in progress, `Stalled` when failed. */
  readonly condition?: {
    readonly type: "Reconciling" | "Stalled";
    readonly status: "True";
    readonly reason: string;
    readonly message: string;
  };
}

export function current(message: string): ComputedStatus {
  return { status: "Current", message };
}

export function inProgress(reason: string, message: string): ComputedStatus {
  return { status: "InProgress", message, condition: { type: "Reconciling", status: "True", reason, message } };
}

export function failed(reason: string, message: string): ComputedStatus {
  return { status: "Failed", message, condition: { type: "Stalled", status: "True", reason, message } };
}
