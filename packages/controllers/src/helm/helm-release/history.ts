// SPDX-License-Identifier: Apache-2.0
import type { ReleaseSnapshot } from "@flux-ts/flux-api";

/** How many snapshots are kept where none of them went well. */
const MAX_HISTORY = 5;

type History = readonly ReleaseSnapshot[];

/** Newest first. */
export function sortedHistory(history: History | undefined): History {
  return (history ?? []).toSorted((a, b) => b.version - a.version);
}

/** The newest release. */
export function latestOf(history: History | undefined): ReleaseSnapshot | undefined {
  return sortedHistory(history)[0];
}

/**
 * The newest release before the latest that went well: what a rollback goes back to.
 * @param ignoresTests whether one whose tests failed went well, too
 * @see helm-controller api/v2 Snapshots.Previous
 */
export function previousOf(history: History | undefined, ignoresTests: boolean): ReleaseSnapshot | undefined {
  return sortedHistory(history)
    .slice(1)
    .find((snapshot) => wentWell(snapshot, ignoresTests));
}

/**
 * The history back to the release that {@link previousOf} gives; where there is none, the newest five.
 * @see helm-controller api/v2 Snapshots.Truncate; spec G-HEL-15
 */
export function truncated(history: History | undefined, ignoresTests: boolean): History {
  const sorted = sortedHistory(history);
  const at = sorted.findIndex((snapshot, index) => index > 0 && wentWell(snapshot, ignoresTests));
  return sorted.slice(0, at < 0 ? MAX_HISTORY : at + 1);
}

/** The newest five, whatever became of them. @see helm-controller api/v2 Snapshots.TruncateIgnoringPreviousSnapshots */
export function newest(history: History | undefined): History {
  return sortedHistory(history).slice(0, MAX_HISTORY);
}

function wentWell(snapshot: ReleaseSnapshot, ignoresTests: boolean): boolean {
  if (snapshot.status !== "deployed" && snapshot.status !== "superseded") return false;
  return ignoresTests || !hasTestInPhase(snapshot, "Failed");
}

/** Whether all its tests have ended, or one has failed. A chart without tests has none to wait for. */
export function isTested({ testHooks }: ReleaseSnapshot): boolean {
  if (testHooks === undefined) return false;
  const phases = Object.values(testHooks).map((hook) => hook?.phase);
  return phases.includes("Failed") || phases.every((phase) => phase === "Succeeded");
}

export function hasTestInPhase({ testHooks }: ReleaseSnapshot, phase: string): boolean {
  return Object.values(testHooks ?? {}).some((hook) => hook?.phase === phase);
}

/** `namespace/name.v1`, as messages call a release. */
export function fullName({ namespace, name, version }: ReleaseSnapshot): string {
  return `${namespace}/${name}.v${version}`;
}

/** `chart@1.2.3` */
export function versionedChart({ chartName, chartVersion }: ReleaseSnapshot): string {
  return `${chartName}@${chartVersion}`;
}
