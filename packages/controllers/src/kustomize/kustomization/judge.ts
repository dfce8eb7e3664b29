// SPDX-License-Identifier: Apache-2.0
import type { HealthChecks } from "@flux-ts/flux-api/cel";
import type { Clock } from "@flux-ts/kube-core";
import { computeStatus, parseApiVersion } from "@flux-ts/kube-core";
import type { WaitOptions } from "@flux-ts/toolkit/apply";

/** How the health of what is applied is told. */
export type HealthRules = Required<Pick<WaitOptions, "judge" | "readsWhole">>;

/**
 * Judges objects by the expressions for their kind, else by kstatus at the time of the clock; Jobs are healthy when they
 * are done.
 * @see spec G-HLT-4, G-HLT-5
 */
export function healthRules(clock: Clock, checks: HealthChecks | undefined): HealthRules {
  return {
    judge: (object) => (checks?.evaluate(object) ?? computeStatus(object, { now: clock.now(), waitForJobs: true })).status,
    readsWhole: ({ apiVersion, kind }) => checks?.find({ group: parseApiVersion(apiVersion).group, kind }) !== undefined,
  };
}
