// SPDX-License-Identifier: Apache-2.0
import type { Snapshot } from "@flux-ts/flux-api";
import { formatDuration, toTimestamp } from "@flux-ts/kube-core";

const MAX_SNAPSHOTS = 5;

/** How one reconcile of a set of objects ended. */
export interface Attempt {
  /** Of the objects built, `sha256:<hex>`. */
  readonly digest: string;
  /** The reason of Ready. */
  readonly status: string;
  /** Now, in milliseconds. */
  readonly endedAt: number;
  readonly durationMs: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The history with an attempt at its front: counted on when the same objects ended the same way before.
 * @see fluxcd/pkg apis/meta History.Upsert
 */
export function addAttempt(history: readonly Snapshot[] | undefined, attempt: Attempt): Snapshot[] {
  const before = history ?? [];
  const same = before.find(({ digest, lastReconciledStatus }) => digest === attempt.digest && lastReconciledStatus === attempt.status);
  const at = toTimestamp(attempt.endedAt);
  const snapshot: Snapshot = {
    digest: attempt.digest,
    firstReconciled: same?.firstReconciled ?? at,
    lastReconciled: at,
    lastReconciledDuration: formatDuration(attempt.durationMs),
    lastReconciledStatus: attempt.status,
    metadata: attempt.metadata,
    totalReconciliations: (same?.totalReconciliations ?? 0) + 1,
  };
  return [snapshot, ...before.filter((each) => each !== same)].slice(0, MAX_SNAPSHOTS);
}
