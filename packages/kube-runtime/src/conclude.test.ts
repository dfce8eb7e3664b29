// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { conclude, concludeSuspension, showProgress, type Course, type End } from "./conclude.ts";
import { conditionsOf } from "./conditions.ts";
import type { ControllerDefinition } from "./controller.ts";
import { Cancelled, Failure } from "./failure.ts";
import { changedStatus } from "./status.ts";

const now = Date.UTC(2026, 0, 2);
const before = "2026-01-01T00:00:00Z";
const condition = (type: string, status: Condition["status"], reason: string, message: string): Condition => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: before,
  observedGeneration: 1,
});

const definition = (more: Partial<ControllerDefinition> = {}): ControllerDefinition =>
  ({
    component: "widget-controller",
    kind: {
      group: "example.com",
      version: "v1",
      kind: "Widget",
      reasons: {
        FetchFailedReason: { description: "", condition: "FetchFailed" },
        Unverified: { description: "", condition: "SourceVerified" },
        BuildFailed: { description: "" },
      },
    },
    finalizer: "finalizers.fluxcd.io",
    watches: [],
    intervalMs: () => 600_000,
    defaultReason: "Failed",
    ...more,
    // Only what conclude looks at.
  }) as unknown as ControllerDefinition;

const object = (conditions: readonly Condition[] = [], annotations: Record<string, string> = {}): KubeObject => ({
  apiVersion: "example.com/v1",
  kind: "Widget",
  metadata: { name: "a", namespace: "default", generation: 2, annotations },
  status: { observedGeneration: 1, conditions },
});

const conclusion = (
  end: End,
  options: {
    definition?: Partial<ControllerDefinition>;
    object?: KubeObject;
    progress?: string;
    recorded?: Record<string, unknown>;
    set?: ReadonlyMap<string, { status: "True" | "False" | "Unknown"; reason: string; message: string } | undefined>;
    random?: number;
  } = {},
): { status: Record<string, unknown>; conditions: Record<string, string>; requeue: unknown; event: unknown } => {
  const of = options.object ?? object();
  const course: Course = {
    object: of,
    progress: options.progress,
    conditions: conditionsOf(of),
    recorded: options.recorded ?? {},
    conditionsSet: options.set ?? new Map(),
    durationMs: 2000,
  };
  const { change, requeue, event } = conclude(definition(options.definition), course, end, 5, options.random ?? 0.5);
  const status = changedStatus(of, change, now);
  const conditions = Object.fromEntries(
    conditionsOf({ ...of, status }).map(({ type, status: value, reason, message }) => [type, `${value} ${reason}: ${message}`]),
  );
  return { status, conditions, requeue, event };
};

const success: End = { success: { reason: "Succeeded", message: "done" } };
const failed = (...args: ConstructorParameters<typeof Failure>): End => ({ thrown: new Failure(...args) });

test("a success is Ready, removes Reconciling and Stalled, moves observedGeneration (G-CND-4, G-CND-5) and waits for the interval", () => {
  const was = object([condition("Stalled", "True", "X", "x"), condition("Reconciling", "True", "Progressing", "p")]);
  const { status, conditions, requeue, event } = conclusion(success, { object: was, recorded: { lastAppliedRevision: "main@sha1:1" } });
  expect(conditions).toEqual({ Ready: "True Succeeded: done" });
  expect(status).toMatchObject({ observedGeneration: 2, lastAppliedRevision: "main@sha1:1" });
  expect(requeue).toEqual({ afterMs: 600_000 });
  expect(event).toBeUndefined();
});

test("intervals are jittered by ±5 %, unless the kind has none", () => {
  expect(conclusion(success, { random: 0 }).requeue).toEqual({ afterMs: 570_000 });
  expect(conclusion(success, { random: 1 }).requeue).toEqual({ afterMs: 630_000 });
  expect(conclusion(success, { random: 1, definition: { jitter: false } }).requeue).toEqual({ afterMs: 600_000 });
  expect(conclusion({ success: { reason: "Succeeded", message: "", requeueAfterMs: 5 } }, { random: 1 }).requeue).toEqual({ afterMs: 5 });
});

test("the event of a success is the controller's, with how long it took and the interval without jitter", () => {
  const { event } = conclusion(success, {
    random: 1,
    definition: {
      successEvent: ({ success: { reason }, durationMs, intervalMs }) => ({
        severity: "info",
        reason,
        message: `finished in ${durationMs}, next run in ${intervalMs}`,
      }),
    },
  });
  expect(event).toEqual({ severity: "info", reason: "Succeeded", message: "finished in 2000, next run in 600000" });
});

test("a failure is not Ready, shows ProgressingWithRetry with the last progress, keeps observedGeneration and backs off", () => {
  const { status, conditions, requeue, event } = conclusion(failed("BuildFailed", "no such file"), {
    progress: "Building manifests",
    recorded: { lastAttemptedRevision: "r" },
  });
  expect(conditions).toEqual({ Ready: "False BuildFailed: no such file", Reconciling: "True ProgressingWithRetry: Building manifests" });
  expect(status).toMatchObject({ observedGeneration: 1, lastAttemptedRevision: "r" });
  expect(requeue).toBe("backoff");
  expect(event).toEqual({ severity: "error", reason: "BuildFailed", message: "no such file" });
});

test("a failure before any progress leaves no Reconciling, and one that only waits is told as information with its own text", () => {
  const { conditions, requeue, event } = conclusion(
    failed("DependencyNotReady", "dependency 'a/b' is not ready", {
      retry: { afterMs: 30_000 },
      severity: "info",
      event: "Dependencies do not meet ready condition, retrying in 30s",
    }),
  );
  expect(conditions).toEqual({ Ready: "False DependencyNotReady: dependency 'a/b' is not ready" });
  expect(requeue).toEqual({ afterMs: 30_000 });
  expect(event).toEqual({
    severity: "info",
    reason: "DependencyNotReady",
    message: "Dependencies do not meet ready condition, retrying in 30s",
  });
});

test("a failure that may be silent is", () => {
  expect(conclusion(failed("BuildFailed", "m", { event: false })).event).toBeUndefined();
});

test("a failure keeps the Reconciling of an earlier try, renamed", () => {
  const was = object([condition("Reconciling", "True", "Progressing", "Fetching")]);
  expect(conclusion(failed("BuildFailed", "m"), { object: was }).conditions["Reconciling"]).toBe("True ProgressingWithRetry: Fetching");
});

test("a failure that no retry can mend stalls: Stalled says the same, Reconciling goes, observedGeneration moves, nothing is requeued (G-CND-8)", () => {
  const was = object([condition("Reconciling", "True", "Progressing", "p")]);
  const { status, conditions, requeue } = conclusion(failed("InvalidURL", "bad", { retry: "never" }), { object: was });
  expect(conditions).toEqual({ Stalled: "True InvalidURL: bad", Ready: "False InvalidURL: bad" });
  expect(status["observedGeneration"]).toBe(2);
  expect(requeue).toBe("never");
});

test("a failure without a retry takes the controller's", () => {
  expect(conclusion(failed("BuildFailed", "m"), { definition: { defaultRetry: () => ({ afterMs: 7 }) } }).requeue).toEqual({ afterMs: 7 });
});

test("any other throw has the default reason and its message", () => {
  expect(conclusion({ thrown: new TypeError("x is undefined") }).conditions["Ready"]).toBe("False Failed: x is undefined");
});

test("cancelled: conditions stay, what was recorded is kept; superseded comes back at once, a shutdown does not", () => {
  const was = object([condition("Ready", "True", "Succeeded", "done")]);
  const superseded = conclusion({ thrown: new Cancelled("superseded") }, { object: was, recorded: { inventory: [1] } });
  expect(superseded.conditions).toEqual({ Ready: "True Succeeded: done" });
  expect(superseded.status).toMatchObject({ inventory: [1], observedGeneration: 1 });
  expect(superseded.requeue).toBe("now");
  expect(superseded.event).toBeUndefined();
  expect(conclusion({ thrown: new Cancelled("shutdown") }).requeue).toBe("never");
});

test("the token of a request is told back whatever the end", () => {
  const asked = object([], { "reconcile.fluxcd.io/requestedAt": "t1" });
  for (const end of [success, failed("BuildFailed", "m")])
    expect(conclusion(end, { object: asked }).status["lastHandledReconcileAt"]).toBe("t1");
});

const source: Partial<ControllerDefinition> = {
  summary: {
    conditions: ["SourceVerified", "FetchFailed", "ArtifactInStorage", "Stalled", "Reconciling"],
    negative: ["FetchFailed", "Stalled", "Reconciling"],
  },
};
const stored = { status: "True", reason: "Succeeded", message: "stored artifact for revision 'r'" } as const;

test("a source's reason sets its condition, and Ready is made out of all of them (G-CND-2)", () => {
  const was = object([condition("ArtifactInStorage", "True", "Succeeded", "stored")]);
  const { conditions } = conclusion(failed("FetchFailedReason", "401"), {
    definition: source,
    object: was,
    progress: "reconciliation in progress",
  });
  expect(conditions).toEqual({
    Reconciling: "True ProgressingWithRetry: reconciliation in progress",
    Ready: "False FetchFailedReason: 401",
    ArtifactInStorage: "True Succeeded: stored",
    FetchFailed: "True FetchFailedReason: 401",
  });
});

test("a success of a source removes what was bad, and Ready says what the artifact says", () => {
  const was = object([condition("FetchFailed", "True", "FetchFailedReason", "401")]);
  const { conditions } = conclusion(success, { definition: source, object: was, set: new Map([["ArtifactInStorage", stored]]) });
  expect(conditions).toEqual({
    Ready: "True Succeeded: stored artifact for revision 'r'",
    ArtifactInStorage: "True Succeeded: stored artifact for revision 'r'",
  });
});

test("a condition that is good when True becomes False (G-CND-3)", () => {
  const was = object([condition("ArtifactInStorage", "True", "Succeeded", "stored")]);
  const { conditions } = conclusion(failed("Unverified", "no signature"), { definition: source, object: was });
  expect(conditions).toMatchObject({ SourceVerified: "False Unverified: no signature", Ready: "False Unverified: no signature" });
});

test.each([
  ["no verdict yet", [], false, "Unknown Progressing: building artifact"],
  ["ready, nothing new", [condition("Ready", "True", "Succeeded", "done")], false, "True Succeeded: done"],
  ["ready, something new", [condition("Ready", "True", "Succeeded", "done")], true, "Unknown Progressing: building artifact"],
  ["failing", [condition("Ready", "False", "X", "x")], false, "False X: x"],
])("progress of a source: %s", (_, conditions, drift, ready) => {
  const of = object(conditions);
  const status = changedStatus(of, showProgress(definition(), conditions, "building artifact", drift), now);
  const shown = conditionsOf({ ...of, status });
  expect(shown.map(({ type }) => type)).toEqual(["Reconciling", "Ready"]);
  expect(shown.map(({ status: value, reason, message }) => `${value} ${reason}: ${message}`)).toEqual([
    "True Progressing: building artifact",
    ready,
  ]);
});

test("progress of a kind with a text of its own makes Ready Unknown", () => {
  const conditions = [condition("Ready", "True", "Succeeded", "done"), condition("Stalled", "True", "X", "x")];
  const change = showProgress(definition({ readyInProgress: "Reconciliation in progress" }), conditions, "Fetching", false);
  const shown = conditionsOf({ ...object(), status: changedStatus(object(conditions), change, now) });
  expect(shown.map(({ type, message }) => `${type}: ${message}`)).toEqual(["Reconciling: Fetching", "Ready: Reconciliation in progress"]);
});

test.each([
  [
    "ready: the generation was seen, Reconciling goes",
    true,
    [condition("Ready", "True", "Succeeded", "done"), condition("Reconciling", "True", "Progressing", "p")],
    2,
    ["Ready=True Succeeded"],
  ],
  [
    "failing: Reconciling says that it is a retry",
    true,
    [condition("Ready", "False", "X", "x"), condition("Reconciling", "True", "Progressing", "p")],
    1,
    ["Reconciling=True ProgressingWithRetry", "Ready=False X"],
  ],
  ["a kind that does not observe suspension", false, [condition("Ready", "True", "Succeeded", "done")], 1, ["Ready=True Succeeded"]],
])("suspended and %s (G-SUS-1, G-DEP-6)", (_, observesSuspension, conditions, generation, expected) => {
  const of = object(conditions, { "reconcile.fluxcd.io/requestedAt": "t1" });
  const status = changedStatus(of, concludeSuspension(definition({ observesSuspension }), of), now);
  expect(status).toMatchObject({ observedGeneration: generation, lastHandledReconcileAt: "t1" });
  expect(conditionsOf({ ...of, status }).map(({ type, status: value, reason }) => `${type}=${value} ${reason}`)).toEqual(expected);
});

test("a suspended source that is ready makes Ready anew for its generation; one that never ran gets nothing", () => {
  const ready = object([condition("Ready", "True", "Succeeded", "stored"), condition("ArtifactInStorage", "True", "Succeeded", "stored")]);
  const status = changedStatus(ready, concludeSuspension(definition(source), ready), now);
  expect(status).toMatchObject({ observedGeneration: 2 });
  expect(
    conditionsOf({ ...ready, status }).map(
      ({ type, observedGeneration, lastTransitionTime }) => `${type} ${observedGeneration} ${lastTransitionTime}`,
    ),
  ).toEqual([`Ready 2 ${before}`, `ArtifactInStorage 1 ${before}`]);
  const fresh = { ...object(), status: { observedGeneration: -1 } };
  expect(changedStatus(fresh, concludeSuspension(definition(source), fresh), now)).toEqual({ observedGeneration: -1 });
});

test("a source that is done and yet not ready is tried again, and its generation is not seen", () => {
  const { conditions, status, requeue, event } = conclusion(success, {
    definition: { summary: { conditions: ["ArtifactOutdated", "ArtifactInStorage"], negative: ["ArtifactOutdated"] } },
    set: new Map([["ArtifactOutdated", { status: "True", reason: "NewRevision", message: "new digest" }]]),
  });
  expect(conditions["Ready"]).toBe("False NewRevision: new digest");
  expect(status["observedGeneration"]).toBe(1);
  expect(requeue).toBe("backoff");
  expect(event).toBeUndefined();
});

test("a stalled failure may leave the generation unseen", () => {
  const { status, conditions } = conclusion(failed("AccessDenied", "no", { retry: "never", observes: false }));
  expect(status["observedGeneration"]).toBe(1);
  expect(conditions["Stalled"]).toBe("True AccessDenied: no");
});
