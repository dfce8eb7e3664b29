// SPDX-License-Identifier: Apache-2.0
import type { Pod } from "../objects.ts";
import { containerStatuses } from "./policies.ts";

const FIRST_MS = 10_000;
const MOST_MS = 600_000;

/** How often pods of a Job failed since the last success, and when last. */
export interface BackoffRecord {
  readonly failures: number;
  readonly lastFailure?: number;
}

/** @see job backoffStore.newBackoffRecord */
export function nextBackoff(record: BackoffRecord | undefined, succeeded: readonly Pod[], failed: readonly Pod[]): BackoffRecord {
  const times = failed.map(finishedAt).toSorted((a, b) => a - b);
  if (succeeded.length === 0) {
    const last = times.at(-1);
    return last === undefined ? (record ?? { failures: 0 }) : { failures: (record?.failures ?? 0) + times.length, lastFailure: last };
  }
  const lastSuccess = Math.max(...succeeded.map(finishedAt));
  const after = times.filter((time) => time > lastSuccess);
  const last = after.at(-1);
  return last === undefined ? { failures: 0 } : { failures: after.length, lastFailure: last };
}

/** Milliseconds until the next pod may come: 10 s after the first failure, twice as long after each further, at most 10 minutes. */
export function remainingMs({ failures, lastFailure = 0 }: BackoffRecord, now: number): number {
  return failures === 0 ? 0 : Math.max(0, lastFailure + Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16)) - now);
}

/** When the pod ended: by its containers, else by its Ready condition, its deletion, its creation. In milliseconds. @see job getFinishedTime */
export function finishedAt(pod: Pod): number {
  const names = new Set((pod.spec.containers ?? []).map((container) => container.name));
  const ends = containerStatuses(pod)
    .filter((status) => names.has(status.name ?? ""))
    .map((status) => Date.parse(status.state?.terminated?.finishedAt ?? ""));
  if (ends.length > 0 && !ends.some(Number.isNaN)) return Math.max(...ends);
  const ready = pod.status?.conditions?.find((condition) => condition.type === "Ready" && condition.status === "False");
  if (ready?.lastTransitionTime !== undefined) return Date.parse(ready.lastTransitionTime);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata;
  return typeof deletionTimestamp !== "string"
    ? Date.parse(creationTimestamp ?? "")
    : Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
}
