// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "@flux-ts/kube-core";
import type { Change } from "../store/change.ts";
import { createPod } from "./create-pod.ts";
import { recordEvent } from "./events.ts";
import type { PlaneController } from "./loop.ts";
import type { Pod, ReplicaSet } from "./objects.ts";
import { availableInMs, compact, controllerOf, isDeleting, isPodActive, isPodReady, ownedBy, selects } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

const COMPONENT = "replicaset-controller";
/** Pods made or deleted in one look. */
const BURST = 500;

/** ReplicaSets: as many pods as asked for, adopting orphans. @see kube-controller-manager replicaset */
export const replicaSetController: PlaneController = {
  name: COMPONENT,
  watches: { "replicasets.apps": (change) => [change.key], pods: replicaSetsOf },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const set = plane.get<ReplicaSet>(ENDPOINTS.replicaSets, namespace, name);
    if (set === undefined) return undefined;
    let pods: readonly Pod[] = plane.list<Pod>(ENDPOINTS.pods, namespace).filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
    if (!isDeleting(set)) {
      pods = [...pods, ...(await adopt(plane, set))];
      pods = await scale(plane, set, pods);
    }
    return writeStatus(plane, set, pods);
  },
};

function replicaSetsOf(change: Change, plane: Plane): readonly string[] {
  const { object } = change;
  const owner = controllerOf(object);
  const { namespace, labels } = object.metadata;
  if (owner !== undefined) return owner.kind === "ReplicaSet" ? [keyOf(namespace, owner.name)] : [];
  return plane
    .list<ReplicaSet>(ENDPOINTS.replicaSets, namespace)
    .filter((set) => selects(set.spec.selector, labels))
    .map((set) => keyOf(namespace, set.metadata.name ?? ""));
}

async function adopt(plane: Plane, set: ReplicaSet): Promise<readonly Pod[]> {
  const orphans = plane
    .list<Pod>(ENDPOINTS.pods, set.metadata.namespace)
    .filter((pod) => controllerOf(pod) === undefined && isPodActive(pod) && selects(set.spec.selector, pod.metadata.labels));
  const adopted: Pod[] = [];
  for (const pod of orphans) {
    const ownerReferences = [...(pod.metadata.ownerReferences ?? []), ownedBy(set)];
    adopted.push(await plane.update(ENDPOINTS.pods, { ...pod, metadata: { ...pod.metadata, ownerReferences } }));
  }
  return adopted;
}

async function scale(plane: Plane, set: ReplicaSet, pods: readonly Pod[]): Promise<readonly Pod[]> {
  const active = pods.filter(isPodActive);
  const missing = (set.spec.replicas ?? 1) - active.length;
  if (missing > 0) {
    const made: Pod[] = [];
    for (let count = 0; count < Math.min(missing, BURST); count += 1) made.push(await createPod(plane, COMPONENT, set, set.spec.template));
    return [...pods, ...made];
  }
  const extra = active.toSorted(expendableFirst).slice(0, Math.min(-missing, BURST));
  for (const pod of extra) {
    await plane.delete(ENDPOINTS.pods, pod);
    await recordEvent(plane, COMPONENT, set, { reason: "SuccessfulDelete", message: `Deleted pod: ${pod.metadata.name}` });
  }
  return extra.length === 0
    ? pods
    : plane.list<Pod>(ENDPOINTS.pods, set.metadata.namespace).filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
}

/** Which pod may go first: unscheduled, then pending, then not ready, then younger. @see controller.ActivePods */
function expendableFirst(a: Pod, b: Pod): number {
  const rank = (pod: Pod): number =>
    (pod.spec.nodeName === undefined ? 0 : 4) + (pod.status?.phase === "Running" ? 2 : 0) + (isPodReady(pod) ? 1 : 0);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  const [left, right] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  if (left !== right) return left > right ? -1 : 1;
  return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? 1 : -1;
}

async function writeStatus(plane: Plane, set: ReplicaSet, pods: readonly Pod[]): Promise<number | undefined> {
  const now = plane.clock.now();
  const active = pods.filter(isPodActive);
  const templateLabels = Object.entries(set.spec.template.metadata?.labels ?? {});
  const waits = active.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, now));
  const orAbsent = (count: number): number | undefined => (count === 0 ? undefined : count);
  const status = compact({
    replicas: active.length,
    fullyLabeledReplicas: orAbsent(
      active.filter((pod) => templateLabels.every(([key, value]) => pod.metadata.labels?.[key] === value)).length,
    ),
    readyReplicas: orAbsent(active.filter(isPodReady).length),
    availableReplicas: orAbsent(waits.filter((wait) => wait === 0).length),
    terminatingReplicas: pods.filter((pod) => isDeleting(pod) && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed")
      .length,
    observedGeneration: set.metadata.generation ?? 0,
  });
  if (!deepEqual(status, set.status ?? {})) await plane.update(ENDPOINTS.replicaSets, { ...set, status }, "status");
  const next = waits.filter((wait) => wait !== undefined && wait > 0);
  return next.length === 0 ? undefined : Math.min(...(next as number[]));
}
