// SPDX-License-Identifier: Apache-2.0
import { toTimestamp } from "@flux-ts/kube-core";
import type { JobCondition } from "./job.ts";

export function newCondition(type: string, status: string, reason: string, message: string, now: number): JobCondition {
  const time = toTimestamp(now);
  return { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message };
}

export function findTrue(conditions: readonly JobCondition[], type: string): JobCondition | undefined {
  return conditions.find((one) => one.type === type && one.status === "True");
}

/**
 * The conditions with this one; the very list when it says so already. One that is False is only told when it was True before.
 * @see job ensureJobConditionStatus
 */
export function withCondition(conditions: readonly JobCondition[], condition: JobCondition): readonly JobCondition[] {
  const current = conditions.find((one) => one.type === condition.type);
  if (current === undefined) return condition.status === "False" ? conditions : [...conditions, condition];
  const isSame = current.status === condition.status && current.reason === condition.reason && current.message === condition.message;
  return isSame ? conditions : conditions.map((one) => (one === current ? condition : one));
}
