// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { deepEqual, toTimestamp } from "@flux-ts/kube-core";
import type { PlaneController } from "./loop.ts";
import type { LabelSelector, Pod } from "./objects.ts";
import { isPodActive, isPodReady, selects } from "./objects.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

interface Budget extends KubeObject {
  readonly spec: { readonly selector?: LabelSelector; readonly minAvailable?: number | string; readonly maxUnavailable?: number | string };
  readonly status?: Readonly<Record<string, unknown>> & { readonly conditions?: readonly Condition[] };
}

/** PodDisruptionBudgets: how many pods may go now. @see kube-controller-manager disruption */
export const disruptionController: PlaneController = {
  name: "disruption-controller",
  watches: {
    "poddisruptionbudgets.policy": (change) => [change.key],
    pods: (change, plane) => {
      const { namespace, labels } = change.object.metadata;
      return plane
        .list<Budget>(ENDPOINTS.podDisruptionBudgets, namespace)
        .filter((budget) => budget.spec.selector !== undefined && selects(budget.spec.selector, labels))
        .map((budget) => keyOf(namespace, budget.metadata.name ?? ""));
    },
  },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const budget = plane.get<Budget>(ENDPOINTS.podDisruptionBudgets, namespace, name);
    if (budget === undefined) return;
    const { selector, minAvailable, maxUnavailable } = budget.spec;
    const pods = plane
      .list<Pod>(ENDPOINTS.pods, namespace)
      .filter((pod) => selector !== undefined && selects(selector, pod.metadata.labels) && isPodActive(pod));
    const expected = pods.length;
    const healthy = pods.filter(isPodReady).length;
    const desired =
      maxUnavailable === undefined ? resolve(minAvailable ?? 1, expected) : Math.max(0, expected - resolve(maxUnavailable, expected));
    const allowed = expected > 0 ? Math.max(0, healthy - desired) : 0;
    const [status, reason] = allowed > 0 ? (["True", "SufficientPods"] as const) : (["False", "InsufficientPods"] as const);
    const old = budget.status?.conditions?.find((one) => one.type === "DisruptionAllowed");
    const condition = {
      type: "DisruptionAllowed",
      status,
      reason,
      message: "",
      observedGeneration: budget.metadata.generation ?? 0,
      lastTransitionTime: old?.status === status ? old.lastTransitionTime : toTimestamp(plane.clock.now()),
    };
    const wanted = {
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      observedGeneration: budget.metadata.generation ?? 0,
      conditions: [condition],
    };
    if (!deepEqual(wanted, budget.status ?? {}))
      await plane.update(ENDPOINTS.podDisruptionBudgets, { ...budget, status: wanted }, "status");
  },
};

function resolve(value: number | string, total: number): number {
  if (typeof value === "number") return value;
  return value.endsWith("%") ? Math.ceil((Number.parseInt(value, 10) * total) / 100) : Number.parseInt(value, 10) || 0;
}
