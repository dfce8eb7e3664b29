// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";
import { syncRevisions } from "./controller-revision.ts";
import { createPod } from "./create-pod.ts";
import type { PlaneController } from "./loop.ts";
import type { LabelSelector, Pod, PodTemplate } from "./objects.ts";
import { availableInMs, compact, controllerOf, isDeleting, isPodReady } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

const COMPONENT = "daemonset-controller";
const REVISION_LABEL = "controller-revision-hash";

interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly updateStrategy?: { readonly type?: string };
  };
  readonly status?: Readonly<Record<string, unknown>>;
}

/** DaemonSets: one pod on every node that the template fits. @see kube-controller-manager daemonset */
export const daemonSetController: PlaneController = {
  name: COMPONENT,
  watches: {
    "daemonsets.apps": (change) => [change.key],
    nodes: (_, plane) => plane.list(ENDPOINTS.daemonSets).map(({ metadata }) => keyOf(metadata.namespace, metadata.name ?? "")),
    pods: (change) => {
      const owner = controllerOf(change.object);
      return owner?.kind === "DaemonSet" ? [keyOf(change.object.metadata.namespace, owner.name)] : [];
    },
  },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const set = plane.get<DaemonSet>(ENDPOINTS.daemonSets, namespace, name);
    if (set === undefined || isDeleting(set)) return undefined;
    const generation = String(set.metadata.generation ?? 1);
    const { current } = await syncRevisions(plane, set, set.spec.template, {
      hashInName: false,
      annotations: { "deprecated.daemonset.template.generation": generation },
      limit: set.spec.revisionHistoryLimit ?? 10,
    });
    const hash = current.metadata.labels?.[REVISION_LABEL] ?? "";
    const nodes = plane.list(ENDPOINTS.nodes).filter((node) => fits(set, node));
    await place(plane, set, nodes, hash);
    return writeStatus(plane, set, nodes, hash);
  },
};

function fits(set: DaemonSet, node: KubeObject): boolean {
  return Object.entries(set.spec.template.spec?.nodeSelector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value);
}

function podsOf(plane: Plane, set: DaemonSet): readonly Pod[] {
  return plane.list<Pod>(ENDPOINTS.pods, set.metadata.namespace).filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
}

async function place(plane: Plane, set: DaemonSet, nodes: readonly KubeObject[], hash: string): Promise<void> {
  const pods = podsOf(plane, set);
  for (const node of nodes) {
    const nodeName = node.metadata.name ?? "";
    if (pods.some((pod) => pod.spec.nodeName === nodeName && !(isDeleting(pod) && pod.status?.phase === "Failed"))) continue;
    await createPod(plane, COMPONENT, set, set.spec.template, {
      labels: { [REVISION_LABEL]: hash, "pod-template-generation": String(set.metadata.generation ?? 1) },
      spec: { nodeName },
    });
  }
  for (const pod of pods) {
    if (!nodes.some((node) => node.metadata.name === pod.spec.nodeName) && !isDeleting(pod)) await plane.delete(ENDPOINTS.pods, pod);
  }
  if (set.spec.updateStrategy?.type === "OnDelete") return;
  // One at a time: the next old pod goes when nothing is unavailable.
  const old = pods.find((pod) => pod.metadata.labels?.[REVISION_LABEL] !== hash && !isDeleting(pod));
  if (old !== undefined && pods.every((pod) => pod === old || (isPodReady(pod) && !isDeleting(pod))))
    await plane.delete(ENDPOINTS.pods, old);
}

async function writeStatus(plane: Plane, set: DaemonSet, nodes: readonly KubeObject[], hash: string): Promise<number | undefined> {
  const now = plane.clock.now();
  const placed = nodes.flatMap((node) =>
    podsOf(plane, set)
      .filter((pod) => pod.spec.nodeName === node.metadata.name && !isDeleting(pod))
      .slice(0, 1),
  );
  const waits = placed.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, now));
  const available = waits.filter((wait) => wait === 0).length;
  const orAbsent = (count: number): number | undefined => (count === 0 ? undefined : count);
  const status = compact({
    currentNumberScheduled: placed.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: nodes.length,
    numberReady: placed.filter(isPodReady).length,
    observedGeneration: set.metadata.generation ?? 0,
    updatedNumberScheduled: orAbsent(placed.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === hash).length),
    numberAvailable: orAbsent(available),
    numberUnavailable: orAbsent(nodes.length - available),
  });
  if (!deepEqual(status, set.status ?? {})) await plane.update(ENDPOINTS.daemonSets, { ...set, status }, "status");
  const next = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
  return next.length === 0 ? undefined : Math.min(...next);
}
