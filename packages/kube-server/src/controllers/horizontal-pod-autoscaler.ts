// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { ApiError, deepEqual, toTimestamp } from "@flux-ts/kube-core";
import { recordEvent } from "./events.ts";
import type { KindIndex } from "./kind-index.ts";
import type { PlaneController } from "./loop.ts";
import type { MetricSpec } from "./missing-metrics.ts";
import { missingMetric } from "./missing-metrics.ts";
import { compact, isDeleting } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, pathOf, splitKey } from "./plane.ts";

interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly MetricSpec[];
  };
  readonly status?: AutoscalerStatus;
}

interface AutoscalerStatus {
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  readonly currentMetrics?: readonly unknown[] | null;
  readonly lastScaleTime?: string;
  readonly conditions?: readonly Condition[];
  readonly [field: string]: unknown;
}

interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
}

type NewCondition = Pick<Condition, "type" | "status" | "reason" | "message">;

const COMPONENT = "horizontal-pod-autoscaler";
/** `--horizontal-pod-autoscaler-sync-period` */
const PERIOD_MS = 15_000;

/**
 * HorizontalPodAutoscalers on a cluster without metrics: keeps the target between the bounds, and says that there are no metrics.
 * It looks once a period, the first time one period after it heard of an autoscaler; changes of targets do not wake it.
 *
 * @see kube-controller-manager horizontal
 */
export function autoscalerController(kinds: KindIndex, periodMs: number = PERIOD_MS): PlaneController {
  /** By uid: what was told last, so that it is not told with every look. */
  const told = new Map<string, string>();
  /** By uid: when it is looked at next. */
  const due = new Map<string, number>();
  return {
    name: COMPONENT,
    watches: {
      "horizontalpodautoscalers.autoscaling": (change) => {
        if (change.type === "DELETED") for (const known of [told, due]) known.delete(change.object.metadata.uid ?? "");
        return [change.key];
      },
    },
    reconcile: async (key, plane) => {
      const { namespace = "", name } = splitKey(key);
      const autoscaler = plane.get<Autoscaler>(ENDPOINTS.horizontalPodAutoscalers, namespace, name);
      if (autoscaler === undefined || isDeleting(autoscaler)) return undefined;
      const { uid = "" } = autoscaler.metadata;
      const now = plane.clock.now();
      const next = due.get(uid) ?? now + periodMs;
      due.set(uid, next);
      if (now < next) return next - now;
      due.set(uid, now + periodMs);
      const { status, event } = await look(plane, kinds, autoscaler);
      if (!deepEqual(status, autoscaler.status ?? {})) {
        await plane.update<KubeObject>(ENDPOINTS.horizontalPodAutoscalers, { ...autoscaler, status }, "status");
      }
      if (event !== undefined && told.get(uid) !== event.message) await recordEvent(plane, COMPONENT, autoscaler, event);
      if (event !== undefined) told.set(uid, event.message);
      return periodMs;
    },
  };
}

interface Verdict {
  readonly status: AutoscalerStatus;
  readonly event?: { readonly type: "Normal" | "Warning"; readonly reason: string; readonly message: string };
}

async function look(plane: Plane, kinds: KindIndex, autoscaler: Autoscaler): Promise<Verdict> {
  const { scaleTargetRef: target, minReplicas = 1, maxReplicas, metrics = [] } = autoscaler.spec;
  const { namespace = "" } = autoscaler.metadata;
  const before: AutoscalerStatus = { desiredReplicas: 0, currentMetrics: null, ...autoscaler.status };
  const kind = kinds.byKind(target.apiVersion ?? "", target.kind);
  const path = kind === undefined ? undefined : pathOf(kind, namespace, target.name, "scale");
  const scale = await getScale(plane, path, target);
  if (typeof scale === "string" || path === undefined) {
    const problem = typeof scale === "string" ? scale : "";
    const message = `the HPA controller was unable to get the target's current scale: ${problem}`;
    return {
      status: withConditions(plane, before, [{ type: "AbleToScale", status: "False", reason: "FailedGetScale", message }]),
      event: { type: "Warning", reason: "FailedGetScale", message: problem },
    };
  }
  const current = scale.spec.replicas ?? 0;
  const got: NewCondition = {
    type: "AbleToScale",
    status: "True",
    reason: "SucceededGetScale",
    message: "the HPA controller was able to get the target's current scale",
  };
  if (current === 0) {
    const message = "scaling is disabled since the replica count of the target is zero";
    const disabled = { type: "ScalingActive", status: "False", reason: "ScalingDisabled", message } as const;
    const status = { ...before, currentReplicas: 0, desiredReplicas: 0, currentMetrics: null };
    return { status: withConditions(plane, status, [got, disabled]) };
  }
  const wanted = Math.min(Math.max(current, minReplicas), maxReplicas);
  if (wanted !== current) {
    const reason =
      wanted < current ? "Current number of replicas above Spec.MaxReplicas" : "Current number of replicas below Spec.MinReplicas";
    return rescale(plane, { path, scale, before, current, wanted, reason });
  }
  const missing = metrics.map((metric) => missingMetric(metric, namespace));
  const [first] = missing;
  const status = { ...before, currentReplicas: current, currentMetrics: metrics.length === 0 ? null : metrics.map(() => ({ type: "" })) };
  if (first === undefined) return { status: withConditions(plane, status, [got]) };
  const message = `the HPA was unable to compute the replica count: ${first.message}`;
  return {
    status: withConditions(plane, status, [got, { type: "ScalingActive", status: "False", reason: first.reason, message }]),
    event: { type: "Warning", reason: first.reason, message: first.message },
  };
}

async function getScale(plane: Plane, path: string | undefined, target: Autoscaler["spec"]["scaleTargetRef"]): Promise<Scale | string> {
  const [group = ""] = (target.apiVersion ?? "").includes("/") ? (target.apiVersion ?? "").split("/") : [""];
  if (path === undefined) return `no matches for kind "${target.kind}" in group "${group}"`;
  try {
    return await plane.request<Scale>("GET", path);
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

async function rescale(
  plane: Plane,
  change: {
    readonly path: string;
    readonly scale: Scale;
    readonly before: AutoscalerStatus;
    readonly current: number;
    readonly wanted: number;
    readonly reason: string;
  },
): Promise<Verdict> {
  const { path, scale, before, current, wanted, reason } = change;
  try {
    await plane.request("PUT", path, { ...scale, spec: { ...scale.spec, replicas: wanted } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 409) throw error;
    const message = `the HPA controller was unable to update the target scale: ${error.message}`;
    return {
      status: withConditions(plane, { ...before, currentReplicas: current }, [
        { type: "AbleToScale", status: "False", reason: "FailedUpdateScale", message },
      ]),
      event: { type: "Warning", reason: "FailedRescale", message: `New size: ${wanted}; reason: ${reason}; error: ${error.message}` },
    };
  }
  const lastScaleTime = toTimestamp(plane.clock.now());
  const message = `the HPA controller was able to update the target scale to ${wanted}`;
  const status = { ...before, currentReplicas: current, desiredReplicas: wanted, currentMetrics: null, lastScaleTime };
  return {
    status: withConditions(plane, status, [{ type: "AbleToScale", status: "True", reason: "SucceededRescale", message }]),
    event: { type: "Normal", reason: "SuccessfulRescale", message: `New size: ${wanted}; reason: ${reason}` },
  };
}

/** Conditions of other types stay as they are. */
function withConditions(plane: Plane, status: AutoscalerStatus, conditions: readonly NewCondition[]): AutoscalerStatus {
  const before = status.conditions ?? [];
  const now = toTimestamp(plane.clock.now());
  const told = conditions.map((condition) => {
    const old = before.find((one) => one.type === condition.type);
    return { ...condition, lastTransitionTime: old?.status === condition.status ? old.lastTransitionTime : now };
  });
  const kept = before.map((one) => told.find((other) => other.type === one.type) ?? one);
  const added = told.filter((one) => !before.some((other) => other.type === one.type));
  return compact({ ...status, conditions: [...kept, ...added] });
}
