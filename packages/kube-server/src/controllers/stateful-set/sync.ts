// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "@flux-ts/kube-core";
import type { ControllerRevision, Revisions } from "../controller-revision.ts";
import { templateOf, trimRevisions } from "../controller-revision.ts";
import { createPod } from "../create-pod.ts";
import { recordEvent } from "../events.ts";
import type { Pod } from "../objects.ts";
import { availableInMs, compact, isDeleting, isPodReady } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS } from "../plane.ts";
import { applyRetention, claimNames, ensureClaims } from "./claims.ts";
import type { StatefulSet, StatefulSetStatus } from "./stateful-set.ts";
import { COMPONENT, REVISION_LABEL, firstOrdinal, isWanted, ordinalOf, revisionOf } from "./stateful-set.ts";

/** One look at one StatefulSet. @see kube-controller-manager statefulset updateStatefulSet */
export class StatefulSync {
  readonly #plane: Plane;
  readonly #set: StatefulSet;
  readonly #revisions: Revisions;
  readonly #update: ControllerRevision;
  readonly #current: ControllerRevision;
  /** By ordinal, as they are now: what this look makes is added. */
  readonly #pods: Map<number, Pod>;
  /** Deletions of this look that count before the pods are gone. */
  #replaced = 0;

  constructor(plane: Plane, set: StatefulSet, pods: readonly Pod[], revisions: Revisions) {
    this.#plane = plane;
    this.#set = set;
    this.#revisions = revisions;
    this.#update = revisions.current;
    this.#current = revisions.all.find((one) => one.metadata.name === set.status?.currentRevision) ?? revisions.current;
    this.#pods = new Map(
      pods.flatMap((pod) => {
        const ordinal = ordinalOf(set, pod);
        return ordinal === undefined ? [] : [[ordinal, pod] as const];
      }),
    );
  }

  /** @returns milliseconds until time alone makes a pod available */
  async run(): Promise<number | undefined> {
    try {
      if (!isDeleting(this.#set)) await this.#advance();
    } finally {
      await this.#writeStatus();
    }
    await this.#trimHistory();
    const waits = [...this.#pods.values()].map((pod) => this.#availableInMs(pod)).filter((wait) => wait !== undefined && wait > 0);
    return waits.length === 0 ? undefined : Math.min(...(waits as number[]));
  }

  get #isOrdered(): boolean {
    return this.#set.spec.podManagementPolicy !== "Parallel";
  }

  #availableInMs(pod: Pod): number | undefined {
    return availableInMs(pod, this.#set.spec.minReadySeconds ?? 0, this.#plane.clock.now());
  }

  #isAvailable(pod: Pod | undefined): boolean {
    return pod !== undefined && this.#availableInMs(pod) === 0;
  }

  /** What may be done now; what is left waits for pods to change. */
  async #advance(): Promise<void> {
    const first = firstOrdinal(this.#set);
    const count = this.#set.spec.replicas ?? 1;
    for (let ordinal = first; ordinal < first + count; ordinal += 1) {
      if ((await this.#ensure(ordinal)) && this.#isOrdered) return;
    }
    const extra = [...this.#pods].filter(([ordinal]) => !isWanted(this.#set, ordinal)).toSorted(([a], [b]) => b - a);
    for (const [ordinal, pod] of extra) await applyRetention(this.#plane, this.#set, pod, ordinal);
    const firstBroken = [...this.#pods]
      .toSorted(([a], [b]) => Number(!isWanted(this.#set, a)) - Number(!isWanted(this.#set, b)) || a - b)
      .find(([, pod]) => isDeleting(pod) || !this.#isAvailable(pod))?.[1];
    for (const [, pod] of extra) {
      if (isDeleting(pod)) {
        if (this.#isOrdered) return;
        continue;
      }
      if (this.#isOrdered && !this.#isAvailable(pod) && pod !== firstBroken) return;
      await this.#delete(pod);
      if (this.#isOrdered) return;
    }
    if (this.#set.spec.updateStrategy?.type === "OnDelete") return;
    // As upstream counts it: the partition is a place in the row of pods, whatever number the row starts with.
    const least = first + (this.#set.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
    for (let ordinal = first + count - 1; ordinal >= least; ordinal -= 1) {
      const pod = this.#pods.get(ordinal);
      if (pod !== undefined && revisionOf(pod) !== this.#update.metadata.name && !isDeleting(pod)) {
        await this.#delete(pod);
        this.#replaced += 1;
        return;
      }
      if (pod === undefined || isDeleting(pod) || !this.#isAvailable(pod)) return;
    }
  }

  /** Makes the pod or mends it. @returns whether those after it must wait */
  async #ensure(ordinal: number): Promise<boolean> {
    const pod = this.#pods.get(ordinal);
    if (pod?.status?.phase === "Failed" || pod?.status?.phase === "Succeeded") {
      if (!isDeleting(pod)) await this.#delete(pod);
      return true;
    }
    if (pod === undefined) {
      await this.#create(ordinal);
      return true;
    }
    if (pod.status?.phase === "Pending") {
      await ensureClaims(this.#plane, this.#set, ordinal);
      await applyRetention(this.#plane, this.#set, pod, ordinal);
    }
    if (isDeleting(pod) || !this.#isAvailable(pod)) return true;
    await applyRetention(this.#plane, this.#set, pod, ordinal);
    return false;
  }

  async #create(ordinal: number): Promise<void> {
    const set = this.#set;
    const name = `${set.metadata.name}-${ordinal}`;
    if (!(await ensureClaims(this.#plane, set, ordinal))) return;
    const revision = this.#isKeptBack(ordinal) ? this.#current : this.#update;
    const template = templateOf(revision);
    const claims = claimNames(set, ordinal);
    const volumes = [
      ...[...claims].map(([volume, claimName]) => ({ name: volume, persistentVolumeClaim: { claimName } })),
      ...(template.spec?.volumes ?? []).filter((volume) => !claims.has(String(volume["name"]))),
    ];
    const pod = await createPod(this.#plane, COMPONENT, set, template, {
      name,
      labels: {
        "statefulset.kubernetes.io/pod-name": name,
        "apps.kubernetes.io/pod-index": String(ordinal),
        [REVISION_LABEL]: revision.metadata.name ?? "",
      },
      spec: {
        hostname: name,
        ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
        ...(volumes.length === 0 ? {} : { volumes }),
      },
      told: `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`,
    });
    this.#pods.set(ordinal, pod);
    await applyRetention(this.#plane, set, pod, ordinal);
  }

  /** Whether a pod that is made now is still one of the current revision. @see newVersionedStatefulSetPod */
  #isKeptBack(ordinal: number): boolean {
    const { updateStrategy } = this.#set.spec;
    const place = ordinal - firstOrdinal(this.#set);
    if (updateStrategy?.rollingUpdate !== undefined) return place < (updateStrategy.rollingUpdate.partition ?? 0);
    return updateStrategy?.type === "RollingUpdate" && place < (this.#set.status?.currentReplicas ?? 0);
  }

  async #delete(pod: Pod): Promise<void> {
    await this.#plane.delete(ENDPOINTS.pods, pod);
    const message = `Delete Pod ${pod.metadata.name} in StatefulSet ${this.#set.metadata.name} successful`;
    await recordEvent(this.#plane, COMPONENT, this.#set, { reason: "SuccessfulDelete", message });
  }

  #count(): StatefulSetStatus {
    const pods = [...this.#pods.values()];
    const staying = pods.filter((pod) => !isDeleting(pod));
    const ofRevision = (revision: ControllerRevision): number => staying.filter((pod) => revisionOf(pod) === revision.metadata.name).length;
    const ready = pods.filter((pod) => pod.status?.phase === "Running" && isPodReady(pod));
    const status = {
      observedGeneration: this.#set.metadata.generation ?? 0,
      replicas: pods.length,
      readyReplicas: ready.length,
      currentReplicas: ofRevision(this.#current) - this.#replaced,
      updatedReplicas: ofRevision(this.#update),
      currentRevision: this.#current.metadata.name ?? "",
      updateRevision: this.#update.metadata.name ?? "",
      collisionCount: this.#revisions.collisionCount,
      availableReplicas: ready.filter((pod) => this.#isAvailable(pod)).length,
    };
    const { replicas = 1, updateStrategy } = this.#set.spec;
    const isDone = [status.updatedReplicas, status.readyReplicas, status.replicas].every((count) => count === replicas);
    if (updateStrategy?.type !== "RollingUpdate" || !isDone) return status;
    return { ...status, currentReplicas: status.updatedReplicas, currentRevision: status.updateRevision };
  }

  async #writeStatus(): Promise<void> {
    const counted = this.#count();
    const orAbsent = (count: number | undefined): number | undefined => (count === 0 ? undefined : count);
    const status = compact({
      ...counted,
      readyReplicas: orAbsent(counted.readyReplicas),
      currentReplicas: orAbsent(counted.currentReplicas),
      updatedReplicas: orAbsent(counted.updatedReplicas),
    }) as StatefulSetStatus;
    if (deepEqual(status, this.#set.status ?? {})) return;
    await this.#plane.update<StatefulSet>(ENDPOINTS.statefulSets, { ...this.#set, status }, "status");
  }

  async #trimHistory(): Promise<void> {
    const used = new Set([this.#current.metadata.name, this.#update.metadata.name, ...[...this.#pods.values()].map(revisionOf)]);
    const unused = this.#revisions.all.filter((revision) => !used.has(revision.metadata.name));
    await trimRevisions(this.#plane, unused, this.#set.spec.revisionHistoryLimit ?? 10);
  }
}
