// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectMeta } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";
import { syncRevisions } from "./controller-revision.ts";
import { createPod } from "./create-pod.ts";
import type { PlaneController } from "./loop.ts";
import type { LabelSelector, Pod, PodTemplate } from "./objects.ts";
import { availableInMs, compact, controllerOf, isDeleting, isPodReady } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

const COMPONENT = "statefulset-controller";
const REVISION_LABEL = "controller-revision-hash";

interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly serviceName?: string;
    readonly minReadySeconds?: number;
    readonly podManagementPolicy?: string;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly ordinals?: { readonly start?: number };
    readonly volumeClaimTemplates?: readonly { readonly metadata?: ObjectMeta; readonly spec?: unknown }[];
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
  };
  readonly status?: {
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly [field: string]: unknown;
  };
}

/** StatefulSets: pods with a number each, one after the other, and an update from the last to the first. @see kube-controller-manager statefulset */
export const statefulSetController: PlaneController = {
  name: COMPONENT,
  watches: {
    "statefulsets.apps": (change) => [change.key],
    pods: (change) => {
      const owner = controllerOf(change.object);
      return owner?.kind === "StatefulSet" ? [keyOf(change.object.metadata.namespace, owner.name)] : [];
    },
  },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const set = plane.get<StatefulSet>(ENDPOINTS.statefulSets, namespace, name);
    if (set === undefined || isDeleting(set)) return undefined;
    const { current } = await syncRevisions(plane, set, set.spec.template, {
      hashInName: true,
      limit: set.spec.revisionHistoryLimit ?? 10,
    });
    const updateRevision = current.metadata.name ?? "";
    await advance(plane, set, updateRevision);
    return writeStatus(plane, set, updateRevision);
  },
};

function podsOf(plane: Plane, set: StatefulSet): ReadonlyMap<number, Pod> {
  const pods = plane.list<Pod>(ENDPOINTS.pods, set.metadata.namespace).filter((pod) => controllerOf(pod)?.uid === set.metadata.uid);
  return new Map(pods.map((pod) => [Number((pod.metadata.name ?? "").split("-").at(-1)), pod]));
}

/** One step: make the next pod, delete one too many, or replace one of an old revision. */
async function advance(plane: Plane, set: StatefulSet, updateRevision: string): Promise<void> {
  const { replicas = 1, podManagementPolicy = "OrderedReady", updateStrategy, minReadySeconds = 0 } = set.spec;
  const start = set.spec.ordinals?.start ?? 0;
  const pods = podsOf(plane, set);
  const isParallel = podManagementPolicy === "Parallel";
  const isAvailable = (pod: Pod | undefined): boolean =>
    pod !== undefined && !isDeleting(pod) && availableInMs(pod, minReadySeconds, plane.clock.now()) === 0;
  for (let ordinal = start; ordinal < start + replicas; ordinal += 1) {
    const pod = pods.get(ordinal);
    if (pod === undefined) {
      await makePod(plane, set, ordinal, updateRevision);
      if (!isParallel) return;
    } else if (pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded") {
      if (!isDeleting(pod)) await plane.delete(ENDPOINTS.pods, pod);
      if (!isParallel) return;
    } else if (!isParallel && !isAvailable(pod)) return;
  }
  const extra = [...pods.keys()].filter((ordinal) => ordinal < start || ordinal >= start + replicas).toSorted((a, b) => b - a);
  for (const ordinal of extra) {
    const pod = pods.get(ordinal);
    if (pod !== undefined && !isDeleting(pod)) await plane.delete(ENDPOINTS.pods, pod);
    if (!isParallel) return;
  }
  if (updateStrategy?.type === "OnDelete") return;
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let ordinal = start + replicas - 1; ordinal >= start + partition; ordinal -= 1) {
    const pod = pods.get(ordinal);
    if (pod === undefined) return;
    if (pod.metadata.labels?.[REVISION_LABEL] !== updateRevision) {
      if (!isDeleting(pod)) await plane.delete(ENDPOINTS.pods, pod);
      return;
    }
    if (!isAvailable(pod)) return;
  }
}

async function makePod(plane: Plane, set: StatefulSet, ordinal: number, updateRevision: string): Promise<void> {
  const { name: setName = "", namespace = "" } = set.metadata;
  const name = `${setName}-${ordinal}`;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const revision = ordinal < partition ? (set.status?.currentRevision ?? updateRevision) : updateRevision;
  const volumes: Readonly<Record<string, unknown>>[] = [];
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const claimName = `${template.metadata?.name ?? ""}-${name}`;
    volumes.push({ name: template.metadata?.name, persistentVolumeClaim: { claimName } });
    if (plane.get(ENDPOINTS.persistentVolumeClaims, namespace, claimName) !== undefined) continue;
    await plane.create(ENDPOINTS.persistentVolumeClaims, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: claimName, namespace, labels: { ...set.spec.selector.matchLabels, ...template.metadata?.labels } },
      spec: template.spec,
    });
  }
  const kept = (set.spec.template.spec?.volumes ?? []).filter((volume) => !volumes.some((one) => one["name"] === volume["name"]));
  await createPod(plane, COMPONENT, set, set.spec.template, {
    name,
    labels: { [REVISION_LABEL]: revision, "statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": String(ordinal) },
    spec: {
      hostname: name,
      ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
      ...(volumes.length === 0 ? {} : { volumes: [...kept, ...volumes] }),
    },
  });
}

async function writeStatus(plane: Plane, set: StatefulSet, updateRevision: string): Promise<number | undefined> {
  const now = plane.clock.now();
  const pods = [...podsOf(plane, set).values()].filter((pod) => !isDeleting(pod));
  const ofRevision = (revision: string): number => pods.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision).length;
  const replicas = set.spec.replicas ?? 1;
  const waits = pods.map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, now));
  const updated = ofRevision(updateRevision);
  const ready = pods.filter(isPodReady).length;
  const before = set.status?.currentRevision ?? updateRevision;
  const isDone = updated === replicas && ready === replicas && pods.length === replicas;
  const currentRevision = isDone ? updateRevision : before;
  const orAbsent = (count: number): number | undefined => (count === 0 ? undefined : count);
  const status = compact({
    observedGeneration: set.metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: orAbsent(ready),
    currentReplicas: orAbsent(ofRevision(currentRevision)),
    updatedReplicas: orAbsent(updated),
    currentRevision,
    updateRevision,
    collisionCount: 0,
    availableReplicas: waits.filter((wait) => wait === 0).length,
  });
  if (!deepEqual(status, set.status ?? {})) {
    const fresh = plane.get<StatefulSet>(ENDPOINTS.statefulSets, set.metadata.namespace, set.metadata.name ?? "");
    if (fresh !== undefined) await plane.update(ENDPOINTS.statefulSets, { ...fresh, status }, "status");
  }
  const next = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
  return next.length === 0 ? undefined : Math.min(...next);
}
