// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { getKey } from "@flux-ts/kube-core";
import type { ConditionValue, SummaryRule } from "./conditions.ts";
import { conditionsOf, summarize, withCondition, withoutCondition } from "./conditions.ts";
import type { EventRecord, Retry, Success } from "./context.ts";
import type { ControllerDefinition } from "./controller.ts";
import { Cancelled, Failure } from "./failure.ts";
import { jittered } from "./jitter.ts";
import type { StatusChange } from "./status.ts";

const requestedAt = "reconcile.fluxcd.io/requestedAt";

/** How a reconcile ended: with a success, or with whatever it threw. */
export type End = { readonly success: Success<string> } | { readonly thrown: unknown };

/** What happened on the way. */
export interface Course {
  /** The object as it was reconciled, with the conditions it had then. */
  readonly object: KubeObject;
  /** The last message of `progress`. */
  readonly progress: string | undefined;
  /** Whether the object shows Reconciling, from this reconcile or an earlier one. */
  readonly conditions: readonly Condition[];
  readonly recorded: Readonly<Record<string, unknown>>;
  readonly conditionsSet: ReadonlyMap<string, ConditionValue | undefined>;
  readonly durationMs: number;
}

/** `turns`: at the back of the queue, now. */
export type Requeue = { readonly afterMs: number } | "backoff" | "now" | "never";

/** What an end means. */
export interface Conclusion {
  readonly change: StatusChange;
  readonly requeue: Requeue;
  readonly event: EventRecord | undefined;
}

/**
 * What the end of a reconcile means: conditions, requeue and event. Pure; the only place that knows.
 *
 * | ended with | Ready | also | requeue | event |
 * |---|---|---|---|---|
 * | success | True | Reconciling and Stalled go, observedGeneration moves | interval ± jitter | the controller's |
 * | success, but the summary is bad | False | Reconciling and Stalled go | backoff | none |
 * | Failure, backoff or a time | False | Reconciling, where there is one, becomes ProgressingWithRetry | backoff, or that time | error, or info |
 * | Failure, never | False | Stalled; observedGeneration moves | when the spec changes | error |
 * | any other throw | False, the default reason | as a Failure with the default retry | | error |
 * | cancelled | as it was | what was recorded is kept | at once, at shutdown never | none |
 *
 * @param random 0 to 1
 */
export function conclude(definition: ControllerDefinition, course: Course, end: End, jitterPercent: number, random: number): Conclusion {
  if ("success" in end) return concludeSuccess(definition, course, end.success, jitterPercent, random);
  const { thrown } = end;
  if (thrown instanceof Cancelled) {
    return {
      change: { fields: course.recorded, conditions: new Map() },
      requeue: thrown.why === "shutdown" ? "never" : "now",
      event: undefined,
    };
  }
  if (thrown instanceof Failure) return concludeFailure(definition, course, thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return concludeFailure(definition, course, new Failure(definition.defaultReason, message, { cause: thrown }));
}

function concludeSuccess(
  definition: ControllerDefinition,
  course: Course,
  success: Success<string>,
  jitterPercent: number,
  random: number,
): Conclusion {
  const { object } = course;
  const conditions = new Map<string, ConditionValue | undefined>();
  for (const type of negativeConditions(definition)) conditions.set(type, undefined);
  for (const [type, value] of course.conditionsSet) conditions.set(type, value);
  conditions.set("Reconciling", undefined);
  conditions.set("Stalled", undefined);
  conditions.set("Ready", { status: "True", reason: success.reason, message: success.message });
  const { summary } = definition;
  if (summary !== undefined && isSummaryBad(course, conditions, summary)) {
    // Done, and yet not ready: something that is bad was found on the way. It is tried again.
    return { change: { fields: { ...course.recorded, ...handled(object) }, conditions, summary }, requeue: "backoff", event: undefined };
  }
  const own = object as Parameters<ControllerDefinition["intervalMs"]>[0];
  const intervalMs = definition.intervalMs(own);
  const afterMs = definition.jitter === false ? intervalMs : jittered(intervalMs, jitterPercent, random);
  return {
    change: changeOf(
      definition,
      { ...course.recorded, ...handled(object), observedGeneration: object.metadata.generation ?? 0 },
      conditions,
    ),
    requeue: { afterMs: success.requeueAfterMs ?? afterMs },
    event: definition.successEvent?.({ object: own, success, durationMs: course.durationMs, intervalMs }),
  };
}

/** Whether Ready, made out of the conditions as they will be, is False. */
function isSummaryBad(course: Course, changes: ReadonlyMap<string, ConditionValue | undefined>, summary: SummaryRule): boolean {
  const at = { generation: course.object.metadata.generation ?? 0, timestamp: "" };
  let conditions = course.conditions;
  for (const [type, value] of changes)
    conditions = value === undefined ? withoutCondition(conditions, type) : withCondition(conditions, type, value, at);
  return summarize(conditions, "Ready", summary)?.status === "False";
}

function concludeFailure(definition: ControllerDefinition, course: Course, failure: Failure): Conclusion {
  const { object } = course;
  const { reason, message } = failure;
  const own = object as Parameters<ControllerDefinition["intervalMs"]>[0];
  const retry: Retry = failure.retry ?? definition.defaultRetry?.(own) ?? "backoff";
  const isStalled = retry === "never";
  const conditions = new Map(course.conditionsSet);
  const negative = conditionOf(definition, reason);
  if (negative !== undefined) {
    const isBadWhenTrue = definition.summary?.negative.includes(negative) ?? true;
    conditions.set(negative, { status: isBadWhenTrue ? "True" : "False", reason, message });
  }
  conditions.set("Ready", { status: "False", reason, message });
  conditions.set("Stalled", isStalled ? { status: "True", reason, message } : undefined);
  const shown = course.progress ?? course.conditions.find(({ type }) => type === "Reconciling")?.message;
  conditions.set(
    "Reconciling",
    isStalled || shown === undefined ? undefined : { status: "True", reason: "ProgressingWithRetry", message: shown },
  );
  return {
    change: changeOf(
      definition,
      {
        ...course.recorded,
        ...handled(object),
        ...(isStalled && failure.observes ? { observedGeneration: object.metadata.generation ?? 0 } : {}),
      },
      conditions,
    ),
    requeue: isStalled ? "never" : retry,
    event: failure.event === false ? undefined : { severity: failure.severity, reason, message: failure.event ?? message },
  };
}

/**
 * What is written of an object that is suspended: the token of a request is told back. Ready itself stays (G-SUS-1).
 *
 * A kind whose Ready is a summary makes it anew, for this generation; one that observes suspension leaves it. Both tell
 * that they have seen this generation, if they are Ready (a dependant then takes it for ready, G-DEP-6).
 */
export function concludeSuspension(definition: ControllerDefinition, object: KubeObject): StatusChange {
  const conditions = conditionsOf(object);
  const statusOf = (type: string): string | undefined => conditions.find((condition) => condition.type === type)?.status;
  const reconciling = conditions.find(({ type }) => type === "Reconciling");
  const { summary } = definition;
  if (summary !== undefined) {
    const isReady = summarize(conditions, "Ready", summary)?.status === "True";
    return {
      fields: { ...handled(object), ...(isReady ? { observedGeneration: object.metadata.generation ?? 0 } : {}) },
      conditions: new Map(),
      summary,
    };
  }
  if (!definition.observesSuspension) return { fields: handled(object), conditions: new Map() };
  if (statusOf("Ready") === "True") {
    return {
      fields: { ...handled(object), observedGeneration: object.metadata.generation ?? 0 },
      conditions: new Map([["Reconciling", undefined]]),
    };
  }
  const isFailing = statusOf("Ready") === "False" && reconciling !== undefined;
  return {
    fields: handled(object),
    conditions: isFailing
      ? new Map([["Reconciling", { status: "True", reason: "ProgressingWithRetry", message: reconciling.message }]])
      : new Map(),
  };
}

/** What a progress shows: Reconciling, and Ready as far as the controller wants it to move. */
export function showProgress(
  definition: ControllerDefinition,
  conditions: readonly Condition[],
  message: string,
  drift: boolean,
): StatusChange {
  const changes = new Map<string, ConditionValue | undefined>([
    ["Stalled", undefined],
    ["Reconciling", { status: "True", reason: "Progressing", message }],
  ]);
  const ready = conditions.find(({ type }) => type === "Ready");
  if (definition.readyInProgress !== undefined) {
    changes.set("Ready", { status: "Unknown", reason: "Progressing", message: definition.readyInProgress });
  } else if (drift || ready === undefined || ready.status === "Unknown") {
    changes.set("Ready", { status: "Unknown", reason: "Progressing", message });
  }
  return { fields: {}, conditions: changes };
}

function changeOf(
  definition: ControllerDefinition,
  fields: Readonly<Record<string, unknown>>,
  conditions: StatusChange["conditions"],
): StatusChange {
  return { fields, conditions, ...(definition.summary === undefined ? {} : { summary: definition.summary }) };
}

/** The token of a request is told back at the end of every reconcile, whatever its end. */
function handled(object: KubeObject): { readonly lastHandledReconcileAt?: string } {
  const token = object.metadata.annotations && getKey(object.metadata.annotations, requestedAt);
  return typeof token === "string" ? { lastHandledReconcileAt: token } : {};
}

function conditionOf(definition: ControllerDefinition, reason: string): string | undefined {
  const { reasons } = definition.kind;
  return Object.hasOwn(reasons, reason) ? reasons[reason]?.condition : undefined;
}

/** Conditions that reasons set, as far as they are bad when True: absent after a success. */
function negativeConditions(definition: ControllerDefinition): readonly string[] {
  const named = Object.values(definition.kind.reasons).flatMap(({ condition }) => (condition === undefined ? [] : [condition]));
  const { summary } = definition;
  return [...new Set(named)].filter((type) => summary === undefined || summary.negative.includes(type));
}
