// SPDX-License-Identifier: Apache-2.0
import type { Condition, KubeObject } from "@flux-ts/kube-core";
import { ApiError, deepEqual, toTimestamp } from "@flux-ts/kube-core";
import { recordEvent } from "./events.ts";
import type { KindIndex } from "./kind-index.ts";
import type { PlaneController } from "./loop.ts";
import type { Deployment, LabelSelector, Pod } from "./objects.ts";
import { compact, controllerOf, isDeleting, isPodReady, selects } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, pathOf, splitKey } from "./plane.ts";
import { scaledCount } from "./scaled-count.ts";

interface Budget extends KubeObject {
  readonly spec: { readonly selector?: LabelSelector; readonly minAvailable?: number | string; readonly maxUnavailable?: number | string };
  readonly status?: Readonly<Record<string, unknown>> & {
    readonly conditions?: readonly Condition[];
    /** By pod: since when it is being evicted. */
    readonly disruptedPods?: Readonly<Record<string, string>>;
  };
}

const COMPONENT = "controllermanager";
/** An evicted pod that is not deleted for so long counts again. */
const DELETION_TIMEOUT_MS = 120_000;

/** PodDisruptionBudgets: how many pods may go now. @see kube-controller-manager disruption */
export function disruptionController(kinds: KindIndex): PlaneController {
  return {
    name: "disruption-controller",
    watches: {
      "poddisruptionbudgets.policy": (change) => [change.key],
      pods: (change, plane) => {
        const { namespace, labels } = change.object.metadata;
        const before = change.previous?.metadata.labels;
        return plane
          .list<Budget>(ENDPOINTS.podDisruptionBudgets, namespace)
          .filter((budget) => takes(budget, labels) || takes(budget, before))
          .map((budget) => keyOf(namespace, budget.metadata.name ?? ""));
      },
    },
    reconcile: async (key, plane) => {
      const { namespace = "", name } = splitKey(key);
      const budget = plane.get<Budget>(ENDPOINTS.podDisruptionBudgets, namespace, name);
      if (budget === undefined) return undefined;
      const pods = plane.list<Pod>(ENDPOINTS.pods, namespace).filter((pod) => takes(budget, pod.metadata.labels));
      if (pods.length === 0) await recordEvent(plane, COMPONENT, budget, { reason: "NoPods", message: "No matching pods found" });
      const counted = await expected(plane, kinds, budget, pods);
      if (typeof counted === "string") {
        await fail(plane, budget, counted);
        return undefined;
      }
      return writeStatus(plane, budget, pods, counted);
    },
  };
}

/** An empty selector takes every pod of the namespace, none takes none. */
function takes(budget: Budget, labels: Readonly<Record<string, string>> | undefined): boolean {
  const { selector } = budget.spec;
  if (selector === undefined || labels === undefined) return selector !== undefined && isEverything(selector);
  return isEverything(selector) || selects(selector, labels);
}

function isEverything({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

interface Expected {
  readonly pods: number;
  readonly healthy: number;
}

/** How many pods there should be, and how many of them must be healthy; or why that cannot be told. */
async function expected(plane: Plane, kinds: KindIndex, budget: Budget, pods: readonly Pod[]): Promise<Expected | string> {
  const { minAvailable, maxUnavailable } = budget.spec;
  if (maxUnavailable === undefined && typeof minAvailable !== "string") return { pods: pods.length, healthy: minAvailable ?? 0 };
  const scales = new Map<string, number>();
  const unmanaged: string[] = [];
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) unmanaged.push(pod.metadata.name ?? "");
    if (owner === undefined || scales.has(owner.uid)) continue;
    const scale = await scaleOf(plane, kinds, pod);
    if (scale === undefined) {
      const message = `found no controllers for pod "${pod.metadata.name}"`;
      await recordEvent(plane, COMPONENT, budget, {
        type: "Warning",
        reason: "CalculateExpectedPodCountFailed",
        message: `Failed to calculate the number of expected pods: ${message}`,
      });
      return message;
    }
    scales.set(scale.uid, scale.replicas);
  }
  if (unmanaged.length > 0) await tellUnmanaged(plane, budget);
  const total = [...scales.values()].reduce((sum, one) => sum + one, 0);
  const healthy =
    maxUnavailable === undefined ? scaledCount(minAvailable ?? 0, total, "up") : total - scaledCount(maxUnavailable, total, "up");
  return { pods: total, healthy: Math.max(0, healthy) };
}

async function tellUnmanaged(plane: Plane, budget: Budget): Promise<void> {
  const matched = Object.entries(budget.spec.selector?.matchLabels ?? {}).map(([key, value]) => `${key}:${value}`);
  const selector = `&LabelSelector{MatchLabels:map[string]string{${matched.map((one) => `${one.replace(":", ": ")},`).join("")}},MatchExpressions:[]LabelSelectorRequirement{},}`;
  const what = `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged.`;
  const why = "As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior.";
  const advice = 'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.';
  await recordEvent(plane, COMPONENT, budget, { type: "Warning", reason: "UnmanagedPods", message: `${what} ${why} ${advice}` });
}

/** Of the pod's controller: a Deployment speaks for its ReplicaSets; other kinds must have a scale. */
async function scaleOf(plane: Plane, kinds: KindIndex, pod: Pod): Promise<{ readonly uid: string; readonly replicas: number } | undefined> {
  const { namespace } = pod.metadata;
  const owner = controllerOf(pod);
  const kind = owner === undefined ? undefined : kinds.byKind(owner.apiVersion, owner.kind);
  if (owner === undefined || kind === undefined) return undefined;
  const found = plane.get<Deployment>(kind, namespace, owner.name);
  if (found === undefined || found.metadata.uid !== owner.uid) return undefined;
  const above = owner.kind === "ReplicaSet" ? controllerOf(found) : undefined;
  if (above?.kind === "Deployment") {
    const deployment = plane.get<Deployment>(ENDPOINTS.deployments, namespace, above.name);
    if (deployment?.metadata.uid === above.uid) return { uid: above.uid, replicas: deployment.spec.replicas ?? 1 };
  }
  if (["ReplicaSet", "ReplicationController", "StatefulSet"].includes(owner.kind))
    return { uid: owner.uid, replicas: found.spec.replicas ?? 1 };
  try {
    const scale = await plane.request<{ readonly spec?: { readonly replicas?: number } }>(
      "GET",
      pathOf(kind, namespace, owner.name, "scale"),
    );
    return { uid: owner.uid, replicas: scale.spec?.replicas ?? 0 };
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

async function writeStatus(plane: Plane, budget: Budget, pods: readonly Pod[], counted: Expected): Promise<number | undefined> {
  const now = plane.clock.now();
  const leaving = new Map<string, string>();
  for (const [name, since] of Object.entries(budget.status?.disruptedPods ?? {})) {
    const pod = pods.find((one) => one.metadata.name === name);
    if (pod !== undefined && !isDeleting(pod) && Date.parse(since) + DELETION_TIMEOUT_MS >= now) leaving.set(name, since);
  }
  const healthy = pods.filter((pod) => !isDeleting(pod) && !leaving.has(pod.metadata.name ?? "") && isPodReady(pod)).length;
  const allowed = counted.pods > 0 ? Math.max(0, healthy - counted.healthy) : 0;
  const { generation = 0 } = budget.metadata;
  const wanted = compact({
    observedGeneration: generation,
    disruptedPods: leaving.size === 0 ? undefined : Object.fromEntries(leaving),
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: counted.healthy,
    expectedPods: counted.pods,
    conditions: conditionsWith(budget, now, {
      status: allowed > 0 ? "True" : "False",
      reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
      message: "",
      observedGeneration: generation,
    }),
  });
  if (!deepEqual(wanted, budget.status ?? {})) {
    await plane.update(ENDPOINTS.podDisruptionBudgets, { ...budget, status: wanted }, "status");
  }
  const ends = [...leaving.values()].map((since) => Date.parse(since) + DELETION_TIMEOUT_MS - now);
  return ends.length === 0 ? undefined : Math.max(1, Math.min(...ends) + 1);
}

function conditionsWith(budget: Budget, now: number, told: Omit<Condition, "type" | "lastTransitionTime">): readonly Condition[] {
  const before = budget.status?.conditions ?? [];
  const old = before.find((one) => one.type === "DisruptionAllowed");
  const since = old?.status === told.status ? old.lastTransitionTime : undefined;
  const condition = { type: "DisruptionAllowed", ...told, lastTransitionTime: since ?? toTimestamp(now) } as Condition;
  return old === undefined ? [...before, condition] : before.map((one) => (one === old ? condition : one));
}

/** Nobody may go when nobody knows how many there should be. */
async function fail(plane: Plane, budget: Budget, message: string): Promise<void> {
  const observed = Number(budget.status?.["observedGeneration"] ?? 0);
  const told = { status: "False", reason: "SyncFailed", message, ...(observed === 0 ? {} : { observedGeneration: observed }) } as const;
  const counts = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  const status = {
    ...counts,
    ...budget.status,
    disruptionsAllowed: 0,
    conditions: conditionsWith(budget, plane.clock.now(), told),
  };
  if (!deepEqual(status, budget.status ?? {})) await plane.update(ENDPOINTS.podDisruptionBudgets, { ...budget, status }, "status");
}
