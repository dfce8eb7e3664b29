// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError, deepEqual, toTimestamp } from "@flux-ts/kube-core";
import { claimPods } from "./claim-pods.ts";
import { createPod, deletePod, isNamespaceGoing } from "./create-pod.ts";
import type { PlaneController } from "./loop.ts";
import type { LabelSelector, Pod, PodTemplate, ReplicaCondition, ReplicaSet } from "./objects.ts";
import { availableInMs, compact, isDeleting, isPodActive, isPodReady } from "./objects.ts";
import type { Endpoint, Plane } from "./plane.ts";
import { ENDPOINTS, splitKey } from "./plane.ts";
import { expendableFirst } from "./pod-order.ts";
import { ownersOfPods } from "./pod-owners.ts";

/** Pods made or deleted in one look. */
const BURST = 500;

/** A kind that keeps so many equal pods. */
interface ReplicaKind {
  readonly component: string;
  readonly kind: string;
  readonly endpoint: Endpoint;
  /** Whether the status counts pods on their way out. */
  readonly countsTerminating: boolean;
}

interface Replicator extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    /** ReplicationControllers have plain labels. */
    readonly selector?: LabelSelector | Readonly<Record<string, string>>;
    readonly template?: PodTemplate;
  };
  readonly status?: ReplicaSet["status"];
}

/** ReplicaSets: as many pods as asked for, adopting orphans. @see kube-controller-manager replicaset */
export const replicaSetController: PlaneController = replicaController({
  component: "replicaset-controller",
  kind: "ReplicaSet",
  endpoint: ENDPOINTS.replicaSets,
  countsTerminating: true,
});

/** The same for ReplicationControllers. @see kube-controller-manager replicationcontroller */
export const replicationController: PlaneController = replicaController({
  component: "replication-controller",
  kind: "ReplicationController",
  endpoint: ENDPOINTS.replicationControllers,
  countsTerminating: false,
});

function replicaController(kind: ReplicaKind): PlaneController {
  return {
    name: kind.component,
    watches: { [kind.endpoint.resource]: (change) => [change.key], pods: ownersOfPods(kind.kind, kind.endpoint) },
    reconcile: async (key, plane) => {
      const { namespace = "", name } = splitKey(key);
      const set = plane.get<Replicator>(kind.endpoint, namespace, name);
      if (set === undefined) return undefined;
      const pods = await claimPods(plane, set, selectorOf(set));
      const failure = isDeleting(set) ? undefined : await scale(plane, kind, set, pods);
      const fresh = plane.controlledBy<Pod>(ENDPOINTS.pods, set);
      const afterMs = await writeStatus(plane, kind, set, fresh, failure);
      if (failure !== undefined) throw failure;
      return afterMs;
    },
  };
}

function selectorOf({ spec: { selector = {} } }: Replicator): LabelSelector {
  const isPlain = Object.values(selector).some((value) => typeof value === "string");
  return isPlain ? { matchLabels: selector as Readonly<Record<string, string>> } : (selector as LabelSelector); // told apart by the line above
}

/** @returns why a pod could not be made or deleted */
async function scale(plane: Plane, { component }: ReplicaKind, set: Replicator, pods: readonly Pod[]): Promise<ApiError | undefined> {
  const active = pods.filter(isPodActive);
  const missing = (set.spec.replicas ?? 1) - active.length;
  try {
    for (let count = 0; count < Math.min(missing, BURST); count += 1) await createPod(plane, component, set, set.spec.template ?? {});
    if (missing >= 0) return undefined;
    const kin = new Map<string | undefined, number>();
    for (const pod of active) kin.set(pod.spec.nodeName, (kin.get(pod.spec.nodeName) ?? 0) + 1);
    const order = expendableFirst({ byCost: true, crowding: (pod) => kin.get(pod.spec.nodeName) ?? 0 });
    for (const pod of active.toSorted(order).slice(0, Math.min(-missing, BURST))) await deletePod(plane, component, set, pod);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // Nothing can be made in a namespace that is going: no failure of this object.
    return isNamespaceGoing(error) ? undefined : error;
  }
}

async function writeStatus(
  plane: Plane,
  kind: ReplicaKind,
  set: Replicator,
  pods: readonly Pod[],
  failure: ApiError | undefined,
): Promise<number | undefined> {
  const now = plane.clock.now();
  const active = pods.filter(isPodActive);
  const templateLabels = Object.entries(set.spec.template?.metadata?.labels ?? {});
  const waits = active.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, now));
  const orAbsent = (count: number): number | undefined => (count === 0 ? undefined : count);
  const labelled = active.filter((pod) => templateLabels.every(([key, value]) => pod.metadata.labels?.[key] === value));
  const terminating = pods.filter((pod) => isDeleting(pod) && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed");
  const conditions = conditionsOf(set, active.length, failure, now);
  const status = compact({
    replicas: active.length,
    fullyLabeledReplicas: orAbsent(labelled.length),
    readyReplicas: orAbsent(active.filter(isPodReady).length),
    availableReplicas: orAbsent(waits.filter((wait) => wait === 0).length),
    terminatingReplicas: kind.countsTerminating ? terminating.length : undefined,
    observedGeneration: set.metadata.generation ?? 0,
    conditions: conditions.length === 0 ? undefined : conditions,
  });
  if (!deepEqual(status, set.status ?? {})) await plane.update<KubeObject>(kind.endpoint, { ...set, status }, "status");
  const next = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
  return next.length === 0 ? undefined : Math.min(...next);
}

/** The first failure stays until there is none. */
function conditionsOf(set: Replicator, active: number, failure: ApiError | undefined, now: number): readonly ReplicaCondition[] {
  const before = set.status?.conditions ?? [];
  if (failure === undefined) return before.filter((condition) => condition.type !== "ReplicaFailure");
  if (before.some((condition) => condition.type === "ReplicaFailure")) return before;
  const reason = active < (set.spec.replicas ?? 1) ? "FailedCreate" : "FailedDelete";
  const condition = {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime: toTimestamp(now),
    reason,
    message: failure.message,
  } as const;
  return [...before, condition];
}
