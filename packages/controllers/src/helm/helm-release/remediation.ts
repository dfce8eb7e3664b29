// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease } from "@flux-ts/flux-api";

/** What a HelmRelease says is to be done after a failure of what was last tried. */
export interface Remediation {
  /** Failures since the spec, the chart or the values last changed. */
  readonly failures: number;
  readonly isExhausted: boolean;
  /** Whether the failure after which no retry is left is undone as well. */
  readonly alsoTheLast: boolean;
  readonly ignoresTests: boolean;
  readonly strategy: "rollback" | "uninstall";
}

type Action = "install" | "upgrade";

/**
 * The remediation of an action. Absent settings have the values that Flux gives them.
 * @see helm-controller api/v2 InstallRemediation, UpgradeRemediation; spec G-HEL-13
 */
export function remediationOf({ spec, status }: HelmRelease, action: Action): Remediation {
  const given = spec[action]?.remediation ?? {};
  const retries = given.retries ?? 0;
  const failures = (action === "install" ? status?.installFailures : status?.upgradeFailures) ?? 0;
  return {
    failures,
    isExhausted: retries >= 0 && failures > retries,
    alsoTheLast: given.remediateLastFailure ?? (action === "upgrade" && retries > 0),
    ignoresTests: given.ignoreTestFailures ?? spec.test?.ignoreFailures ?? false,
    strategy: action === "install" ? "uninstall" : (spec.upgrade?.remediation?.strategy ?? "rollback"),
  };
}

/** The remediation of what was last tried; undefined when nothing was. */
export function activeRemediation(release: HelmRelease): Remediation | undefined {
  const action = release.status?.lastAttemptedReleaseAction;
  return action === undefined ? undefined : remediationOf(release, action);
}

/**
 * Whether a failure of what was last tried is answered by trying again, not by undoing it.
 * @param byDefault of the gate DefaultToRetryOnFailure
 */
export function retriesOnFailure({ spec, status }: HelmRelease, byDefault: boolean): boolean {
  const action = status?.lastAttemptedReleaseAction;
  if (action === undefined) return false;
  const strategy = spec[action]?.strategy;
  return strategy === undefined ? byDefault : strategy.name === "RetryOnFailure";
}
