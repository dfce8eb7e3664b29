// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { ApiError, deepEqual, toTimestamp } from "@flux-ts/kube-core";
import type { KindIndex } from "./kind-index.ts";
import type { PlaneController } from "./loop.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, pathOf, splitKey } from "./plane.ts";

interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
  };
  readonly status?: Readonly<Record<string, unknown>> & { readonly conditions?: readonly Condition[] };
}

interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

type NewCondition = Pick<Condition, "type" | "status" | "reason" | "message">;

const NO_METRICS =
  "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";

/**
 * HorizontalPodAutoscalers on a cluster without metrics: keeps the target between the bounds, and says that there are no metrics.
 * @see kube-controller-manager horizontal
 */
export function autoscalerController(kinds: KindIndex): PlaneController {
  return {
    name: "horizontal-pod-autoscaler",
    watches: { "horizontalpodautoscalers.autoscaling": (change) => [change.key] },
    reconcile: async (key, plane) => {
      const { namespace = "", name } = splitKey(key);
      const autoscaler = plane.get<Autoscaler>(ENDPOINTS.horizontalPodAutoscalers, namespace, name);
      if (autoscaler === undefined) return undefined;
      await look(plane, kinds, autoscaler);
      return 15_000;
    },
  };
}

async function look(plane: Plane, kinds: KindIndex, autoscaler: Autoscaler): Promise<void> {
  const { scaleTargetRef: target, minReplicas = 1, maxReplicas } = autoscaler.spec;
  const { namespace } = autoscaler.metadata;
  const kind = kinds.byKind(target.apiVersion ?? "", target.kind);
  let scale: Scale;
  try {
    if (kind === undefined)
      throw new Error(`no matches for kind "${target.kind}" in group "${(target.apiVersion ?? "").split("/")[0] ?? ""}"`);
    scale = await plane.request<Scale>("GET", pathOf(kind, namespace, target.name, "scale"));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const found = error instanceof ApiError ? error.message : error.message;
    const message = `the HPA controller was unable to get the target's current scale: ${found}`;
    await writeStatus(plane, autoscaler, { currentReplicas: undefined, desiredReplicas: 0, currentMetrics: null }, [
      { type: "AbleToScale", status: "False", reason: "FailedGetScale", message },
    ]);
    return;
  }
  const current = scale.spec.replicas ?? 0;
  const wanted = current === 0 ? 0 : Math.min(Math.max(current, minReplicas), maxReplicas);
  if (kind !== undefined && wanted !== current) {
    await plane.request("PUT", pathOf(kind, namespace, target.name, "scale"), { ...scale, spec: { ...scale.spec, replicas: wanted } });
    await writeStatus(
      plane,
      autoscaler,
      { currentReplicas: current, desiredReplicas: wanted, lastScaleTime: toTimestamp(plane.clock.now()), currentMetrics: null },
      [
        {
          type: "AbleToScale",
          status: "True",
          reason: "SucceededRescale",
          message: `the HPA controller was able to update the target scale to ${wanted}`,
        },
      ],
    );
    return;
  }
  const got = "the HPA controller was able to get the target's current scale";
  await writeStatus(
    plane,
    autoscaler,
    { currentReplicas: current, desiredReplicas: 0, currentMetrics: current === 0 ? null : [{ type: "" }] },
    [
      { type: "AbleToScale", status: "True", reason: "SucceededGetScale", message: got },
      current === 0
        ? {
            type: "ScalingActive",
            status: "False",
            reason: "ScalingDisabled",
            message: "scaling is disabled since the replica count of the target is zero",
          }
        : { type: "ScalingActive", status: "False", reason: "FailedGetResourceMetric", message: NO_METRICS },
    ],
  );
}

async function writeStatus(
  plane: Plane,
  autoscaler: Autoscaler,
  fields: Readonly<Record<string, unknown>>,
  conditions: readonly NewCondition[],
): Promise<void> {
  const before = autoscaler.status?.conditions ?? [];
  const now = toTimestamp(plane.clock.now());
  const merged = conditions.map((condition) => {
    const old = before.find((one) => one.type === condition.type);
    return { ...condition, lastTransitionTime: old?.status === condition.status ? old.lastTransitionTime : now };
  });
  const status = Object.fromEntries(Object.entries({ ...fields, conditions: merged }).filter(([, value]) => value !== undefined));
  const same = { ...autoscaler.status, lastScaleTime: undefined };
  if (!deepEqual({ ...status, lastScaleTime: undefined }, same))
    await plane.update(ENDPOINTS.horizontalPodAutoscalers, { ...autoscaler, status }, "status");
}
