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
 * @param now milliseconds since 1970
 * @see apimachinery api/meta SetStatusCondition
 */
export function setCondition(conditions: readonly Condition[] | undefined, change: ConditionChange, now: number): readonly Condition[] {
  return place(conditions, change, now, (before) => before.status === change.status);
}

/**
 * The same as {@link setCondition} by the rule of Flux: the time moves when status, reason or message changes. Flux sorts
 * Ready first, then Reconciling and Stalled, then the rest by name.
 *
 * @see fluxcd/pkg runtime/conditions Set
 */
export function setFluxCondition(conditions: readonly Condition[] | undefined, change: ConditionChange, now: number): readonly Condition[] {
  const next = place(
    conditions,
    change,
    now,
    (before) => before.status === change.status && before.reason === change.reason && before.message === change.message,
  );
  return isSorted(next) ? next : [...next].sort(byFluxOrder);
}

/** The conditions without those of these types; the same array when there are none. */
export function removeConditions(conditions: readonly Condition[] | undefined, ...types: string[]): readonly Condition[] {
  const current = conditions ?? [];
  return current.some(({ type }) => types.includes(type)) ? current.filter(({ type }) => !types.includes(type)) : current;
}

function place(
  conditions: readonly Condition[] | undefined,
  change: ConditionChange,
  now: number,
  keepsTime: (before: Condition) => boolean,
): readonly Condition[] {
  const current = conditions ?? [];
  const index = current.findIndex(({ type }) => type === change.type);
  const before = current[index];
  const lastTransitionTime = before !== undefined && keepsTime(before) ? before.lastTransitionTime : toTimestamp(now);
  const after = build(change, lastTransitionTime);
  if (before === undefined) return [...current, after];
  return isSame(before, after) ? current : current.with(index, after);
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

const FLUX_ORDER: readonly string[] = ["Ready", "Reconciling", "Stalled"];

function byFluxOrder(left: Condition, right: Condition): number {
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0) return rank;
  if (left.type === right.type) return 0;
  return left.type < right.type ? -1 : 1;
}

function rankOf({ type }: Condition): number {
  const index = FLUX_ORDER.indexOf(type);
  return index < 0 ? FLUX_ORDER.length : index;
}

function isSorted(conditions: readonly Condition[]): boolean {
  return conditions.every((condition, index) => {
    const before = conditions[index - 1];
    return before === undefined || byFluxOrder(before, condition) <= 0;
  });
}
