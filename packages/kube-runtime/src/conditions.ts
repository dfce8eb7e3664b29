// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { getKey, isJsonObject } from "@flux-ts/kube-core";

/** What a condition says. */
export type ConditionValue = Pick<Condition, "status" | "reason" | "message">;

const maxMessageBytes = 32_768;
const cutMark = "...";
const weights: Readonly<Record<string, number>> = { Stalled: 0, Reconciling: 1, Ready: 2 };

/**
 * Conditions with one more, or another value of one. `lastTransitionTime` moves only when status, reason or message
 * does; `observedGeneration` always. Messages are cut to the 32768 bytes that the API allows.
 *
 * @see fluxcd/pkg runtime/conditions Set
 */
export function withCondition(
  conditions: readonly Condition[],
  type: string,
  value: ConditionValue,
  at: { readonly generation: number; readonly timestamp: string },
): readonly Condition[] {
  const message = cutMessage(value.message);
  const before = conditions.find((condition) => condition.type === type);
  const isSame = before !== undefined && before.status === value.status && before.reason === value.reason && before.message === message;
  const condition: Condition = {
    lastTransitionTime: isSame ? before.lastTransitionTime : at.timestamp,
    message,
    observedGeneration: at.generation,
    reason: value.reason,
    status: value.status,
    type,
  };
  return sortConditions([...withoutCondition(conditions, type), condition]);
}

/** The same without one type. */
export function withoutCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/** Stalled, Reconciling, Ready, then those of the newest generation first, by type. */
export function sortConditions(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.toSorted(compareConditions);
}

/** The order of {@link sortConditions}. */
export function compareConditions(a: Condition, b: Condition): number {
  const [weightA, weightB] = [weightOf(a.type), weightOf(b.type)];
  if (weightA !== weightB) return weightA - weightB;
  const generations = (b.observedGeneration ?? 0) - (a.observedGeneration ?? 0);
  if (generations !== 0) return generations;
  return a.type < b.type ? -1 : a.type > b.type ? 1 : 0;
}

function weightOf(type: string): number {
  return Object.hasOwn(weights, type) ? (weights[type] ?? 3) : 3;
}

/** Cuts by bytes of UTF-8, at a character's edge. */
export function cutMessage(message: string, maxBytes = maxMessageBytes): string {
  if (message.length * 3 <= maxBytes) return message;
  const bytes = new TextEncoder().encode(message);
  if (bytes.length <= maxBytes) return message;
  let end = Math.max(maxBytes - cutMark.length, 0);
  // Not within a character: continuation bytes are 10xxxxxx.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return new TextDecoder().decode(bytes.subarray(0, end)) + cutMark;
}

/** How one condition is made out of many. */
export interface SummaryRule {
  /** Conditions that count, the most telling first. */
  readonly conditions: readonly string[];
  /** Those among them that are bad when True. */
  readonly negative: readonly string[];
  /** Those that decide alone when they are False, before all others (G-CND-3). */
  readonly bipolar?: readonly string[];
}

/**
 * One condition out of many: the worst group decides (a bad one that is True, a good one that is False, a good one
 * that is True, a bad one that is False, Unknown), and its first member in the order of `rule.conditions` gives reason
 * and message. Undefined when none of them is there.
 *
 * @see fluxcd/pkg runtime/conditions merge; G-CND-2
 */
export function summarize(conditions: readonly Condition[], target: string, rule: SummaryRule): ConditionValue | undefined {
  const refused = rule.bipolar
    ?.map((type) => conditions.find((condition) => condition.type === type))
    .find((found) => found?.status === "False");
  if (refused !== undefined) return { status: "False", reason: refused.reason, message: refused.message };
  const inScope = conditions.filter(({ type }) => type !== target && rule.conditions.includes(type));
  const isNegative = (type: string): boolean => rule.negative.includes(type);
  const priorityOf = ({ status, type }: Condition): number => {
    if (status === "Unknown") return 4;
    if (status === "True") return isNegative(type) ? 0 : 2;
    return isNegative(type) ? 3 : 1;
  };
  const top = Math.min(...inScope.map(priorityOf));
  const group = inScope.filter((condition) => priorityOf(condition) === top).toSorted(compareConditions);
  const first = rule.conditions
    .map((type) => group.find((condition) => condition.type === type))
    .find((condition) => condition !== undefined);
  if (first === undefined) return undefined;
  const { reason, message } = first;
  if (first.status === "Unknown") return { status: "Unknown", reason, message };
  const isGood = (first.status === "True") !== isNegative(first.type);
  return { status: isGood !== isNegative(target) ? "True" : "False", reason, message };
}

/** The conditions of an object, as far as they make sense. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const { status } = object;
  const conditions = isJsonObject(status) ? getKey(status, "conditions") : undefined;
  return Array.isArray(conditions)
    ? conditions.filter((condition): condition is Condition => isJsonObject(condition) && typeof condition["type"] === "string")
    : [];
}
