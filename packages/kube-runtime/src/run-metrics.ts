// SPDX-License-Identifier: Apache-2.0

/** What a controller tells of its work, whoever counts it. */
export interface RunMetrics {
  /** A reconcile of one object ended. */
  reconciled(run: {
    readonly controller: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly result: "success" | "error" | "requeue" | "requeue_after";
    readonly durationMs: number;
  }): void;
  /** The object is gone: its series with it. */
  forget(kind: string, namespace: string, name: string): void;
}

/** Counts nothing. */
export const noMetrics: RunMetrics = { reconciled() {}, forget() {} };
