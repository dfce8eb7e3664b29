// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import { computeStatus } from "@flux-ts/kube-core";
import type { Judge } from "@flux-ts/toolkit/apply";

/** Judges objects by kstatus, at the time of the clock; Jobs are healthy when they are done. @see spec G-HLT-4 */
export function judge(clock: Clock): Judge {
  return (object) => computeStatus(object, { now: clock.now(), waitForJobs: true }).status;
}
