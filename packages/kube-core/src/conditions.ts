// SPDX-License-Identifier: Apache-2.0
import { toTimestamp } from "./clock.ts";
import type { Condition } from "./object.ts";

/** What to set; `lastTransitionTime` follows from what was there. */
export interface ConditionChange {
  readonly type: string;
  readonly status: Condition["status"];
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** The condition of this type; undefined when there is none. */
export function getCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether the condition is there with status True. */
export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return getCondition(conditions, type)?.status === "True";
}

/** Whether the condition is there with status False. */
export function isConditionFalse(conditions: readonly Condition[] | undefined, type: string): boolean {
  return getCondition(conditions, type)?.status === "False";
}

/**
 * The conditions with one set. Its time moves to now only when the status changes, or it is new; reason, message and
 * observedGeneration are replaced. An existing one keeps its place, a new one goes last. The same array comes back when
 * nothing changes.
 *
 * Flux' own objects follow another rule: see kube-runtime.
 *
 * @param now milliseconds since 1970
 * @see apimachinery api/meta SetStatusCondition
 */
export function setCondition(conditions: readonly Condition[] | undefined, change: ConditionChange, now: number): readonly Condition[] {
  const current = conditions ?? [];
  const index = current.findIndex(({ type }) => type === change.type);
  const before = current[index];
  const lastTransitionTime = before?.status === change.status ? before.lastTransitionTime : toTimestamp(now);
  const after = build(change, lastTransitionTime);
  if (before === undefined) return [...current, after];
  return isSame(before, after) ? current : current.with(index, after);
}

/** The conditions without those of these types; the same array when there are none. */
export function removeConditions(conditions: readonly Condition[] | undefined, ...types: string[]): readonly Condition[] {
  const current = conditions ?? [];
  return current.some(({ type }) => types.includes(type)) ? current.filter(({ type }) => !types.includes(type)) : current;
}

function build({ type, status, observedGeneration, reason, message }: ConditionChange, lastTransitionTime: string): Condition {
  return { type, status, ...(observedGeneration === undefined ? {} : { observedGeneration }), lastTransitionTime, reason, message };
}

function isSame(left: Condition, right: Condition): boolean {
  return (
    left.status === right.status &&
    left.reason === right.reason &&
    left.message === right.message &&
    left.lastTransitionTime === right.lastTransitionTime &&
    left.observedGeneration === right.observedGeneration
  );
}
