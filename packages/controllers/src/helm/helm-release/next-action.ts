// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease, ReleaseSnapshot } from "@flux-ts/flux-api";
import type { Condition } from "@flux-ts/kube-core";
import { isConditionTrue } from "@flux-ts/kube-core";
import { fullName, latestOf, newest, previousOf, truncated, versionedChart } from "./history.ts";
import { activeRemediation, remediationOf, retriesOnFailure } from "./remediation.ts";

/** How a release stands to what its HelmRelease wants. @see helm-controller ReleaseStatus; spec G-HEL-8 */
export type ReleaseState = "Absent" | "Locked" | "Unmanaged" | "OutOfSync" | "Failed" | "Untested" | "Drifted" | "InSync";

/** What can be done to a release. The first two make a new revision of it. */
export type ReleaseAction = "install" | "upgrade" | "unlock" | "test" | "correct" | "rollback" | "uninstall";

/** What stands in Helm's storage for a snapshot: the very release, another one, or none. */
export type Stored = "same" | "other" | "gone";

/** All that a decision depends on. */
export interface Facts {
  readonly release: HelmRelease;
  readonly state: ReleaseState;
  /** Somebody asked for a release, whatever the state (`reconcile.fluxcd.io/forceAt`). */
  readonly isForced: boolean;
  /** Of the gate DefaultToRetryOnFailure. */
  readonly retriesByDefault: boolean;
  /** Looks a snapshot up in Helm's storage. Asked for the target of a rollback alone. */
  stored(snapshot: ReleaseSnapshot): Stored;
}

/** Conditions that follow from the state alone; undefined removes one. */
export type ConditionChanges = ReadonlyMap<string, Pick<Condition, "status" | "reason" | "message"> | undefined>;

/** What is to be done about a release. */
export type Decision = {
  /** `status.history` as it is from now on; undefined: as it was. */
  readonly history?: readonly ReleaseSnapshot[];
  readonly conditions?: ConditionChanges;
} & (
  | { readonly kind: "act"; readonly action: ReleaseAction }
  /** All is as it should be, or as far as it may be. */
  | { readonly kind: "rest" }
  /** Nothing more is tried until something changes. */
  | { readonly kind: "stall"; readonly reason: "RetriesExceeded" | "MissingRollbackTarget"; readonly message: string }
);

/**
 * What comes next for a release: one action, nothing, or giving up. Pure.
 *
 * | state | next |
 * |---|---|
 * | InSync | nothing; forced: upgrade |
 * | Locked | unlock |
 * | Absent | install; out of retries: stall, forced: install |
 * | Unmanaged | upgrade, and what was known of it is forgotten |
 * | OutOfSync | upgrade; out of retries: stall, forced: upgrade |
 * | Drifted | correct, or with mode `warn` nothing |
 * | Untested | test |
 * | Failed | see `afterFailure` |
 *
 * @see helm-controller internal/reconcile AtomicRelease.actionForState; spec G-HEL-9…G-HEL-13
 */
export function nextAction(facts: Facts): Decision {
  const { release, state, isForced } = facts;
  switch (state) {
    case "InSync":
      return inSync(facts);
    case "Locked":
      return { kind: "act", action: "unlock" };
    case "Absent":
      return remediationOf(release, "install").isExhausted && !isForced ? exceeded(release) : { kind: "act", action: "install" };
    case "Unmanaged":
      return { kind: "act", action: "upgrade", history: [] };
    case "OutOfSync":
      return remediationOf(release, "upgrade").isExhausted && !isForced ? exceeded(release) : { kind: "act", action: "upgrade" };
    case "Drifted":
      return release.spec.driftDetection?.mode === "enabled" ? { kind: "act", action: "correct" } : { kind: "rest" };
    case "Untested":
      return { kind: "act", action: "test", conditions: new Map(afterRollback(release)) };
    case "Failed":
      return afterFailure(facts);
  }
}

function inSync({ release, isForced, retriesByDefault }: Facts): Decision {
  const { spec, status } = release;
  const ignoresTests = activeRemediation(release)?.ignoresTests ?? spec.test?.ignoreFailures ?? false;
  const history = retriesOnFailure(release, retriesByDefault) ? newest(status?.history) : truncated(status?.history, ignoresTests);
  if (isForced) return { kind: "act", action: "upgrade", history };
  const conditions = new Map(afterRollback(release) ?? afterOldFailure(release));
  const mode = spec.driftDetection?.mode;
  if (mode === "enabled" || mode === "warn")
    conditions.set("Drifted", { status: "False", reason: "NoDriftDetected", message: "No drift detected against the cluster state" });
  return { kind: "rest", history, conditions };
}

/** A rollback that led to what is wanted now, because that is as it was before, counts as the upgrade. */
function afterRollback({ status }: HelmRelease): ConditionChanges | undefined {
  if (!isConditionTrue(status?.conditions, "Remediated")) return undefined;
  return new Map([
    ["Remediated", undefined],
    ["Released", succeeded("upgrade", latestOf(status?.history))],
  ]);
}

/** A release that Helm counts as failed no more. */
function afterOldFailure({ status }: HelmRelease): ConditionChanges | undefined {
  const released = status?.conditions?.find(({ type }) => type === "Released");
  if (isConditionTrue(status?.conditions, "Ready") && released?.status === "True") return undefined;
  const action = released?.reason === "InstallFailed" ? "install" : released?.reason === "UpgradeFailed" ? "upgrade" : undefined;
  return action && new Map([["Released", succeeded(action, latestOf(status?.history))]]);
}

function succeeded(action: "install" | "upgrade", latest: ReleaseSnapshot | undefined): Pick<Condition, "status" | "reason" | "message"> {
  const [name, chart] = latest === undefined ? ["", ""] : [fullName(latest), versionedChart(latest)];
  return {
    status: "True",
    reason: action === "install" ? "InstallSucceeded" : "UpgradeSucceeded",
    message: `Helm ${action} succeeded for release ${name} with chart ${chart}`,
  };
}

/**
 * What a failed release needs: another upgrade where it is to be tried again, where nothing is to be undone, or where
 * something changed since it failed; else what the strategy says.
 */
function afterFailure({ release, isForced, retriesByDefault, stored }: Facts): Decision {
  const { history } = release.status ?? {};
  if (retriesOnFailure(release, retriesByDefault)) return { kind: "act", action: "upgrade", history: newest(history) };
  const remediation = activeRemediation(release);
  if (remediation === undefined || remediation.failures <= 0 || isForced) return { kind: "act", action: "upgrade" };
  if (remediation.isExhausted && !remediation.alsoTheLast) return exceeded(release);
  const kept = truncated(history, remediation.ignoresTests);
  if (remediation.strategy === "uninstall") return { kind: "act", action: "uninstall", history: kept };
  const target = previousOf(kept, remediation.ignoresTests);
  if (target === undefined) {
    const message = "Failed to perform remediation: missing target release for rollback: cannot remediate failed release";
    return { kind: "stall", reason: "MissingRollbackTarget", message, history: kept };
  }
  // What cannot be trusted any more is no place to go back to.
  return { kind: "act", action: stored(target) === "same" ? "rollback" : "upgrade", history: kept };
}

function exceeded(release: HelmRelease): Decision {
  const action = release.status?.lastAttemptedReleaseAction ?? "";
  const failures = activeRemediation(release)?.failures ?? 0;
  return { kind: "stall", reason: "RetriesExceeded", message: `Failed to ${action} after ${failures} attempt(s)` };
}
