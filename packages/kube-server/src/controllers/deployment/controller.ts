// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError, deepEqual } from "@flux-ts/kube-core";
import type { Change } from "../../store/change.ts";
import { isNamespaceGoing } from "../create-pod.ts";
import { recordEvent } from "../events.ts";
import type { PlaneController } from "../loop.ts";
import type { Deployment, DeploymentCondition, DeploymentStatus, Pod, PodTemplate, ReplicaSet } from "../objects.ts";
import { controllerOf, isDeleting, ownedBy, selects } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "../plane.ts";
import { podTemplateHash } from "../pod-template-hash.ts";
import type { Resize } from "./rolling-update.ts";
import { byAge, limitsOf, newReplicaCount, nextRollingStep, replicasOf, scaleProportionally, wantedReplicas } from "./rolling-update.ts";
import { countStatus, hasDeadline, isComplete, judgeProgress, setCondition } from "./status.ts";

const COMPONENT = "deployment-controller";
const HASH_LABEL = "pod-template-hash";
const REVISION = "deployment.kubernetes.io/revision";
const HISTORY = "deployment.kubernetes.io/revision-history";
const DESIRED = "deployment.kubernetes.io/desired-replicas";
const MAX = "deployment.kubernetes.io/max-replicas";
const MAX_HISTORY_LENGTH = 2000;
const MAX_NAME_LENGTH = 253;
/** Annotations of a Deployment that its ReplicaSets do not get. */
const NOT_COPIED = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  HISTORY,
  DESIRED,
  MAX,
  "deprecated.deployment.rollback.to",
]);

/** Deployments: ReplicaSets by template, rolling update and recreate, pause, revisions, progress deadline. @see kube-controller-manager deployment */
export const deploymentController: PlaneController = {
  name: COMPONENT,
  watches: {
    "deployments.apps": (change) => [change.key],
    "replicasets.apps": deploymentsOf,
    pods: (change, plane) => (change.type === "DELETED" ? deploymentsOfPod(change, plane) : []),
  },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const deployment = plane.get<Deployment>(ENDPOINTS.deployments, namespace, name);
    if (deployment === undefined) return undefined;
    const sets = isDeleting(deployment) ? ownSets(plane, deployment) : await claim(plane, deployment);
    return new Rollout(plane, deployment, sets).run();
  },
};

/** The Deployment that owns the ReplicaSet, or any whose selector takes an orphan. */
function deploymentsOf(change: Change, plane: Plane): readonly string[] {
  const { object } = change;
  const owner = controllerOf(object);
  const { namespace, labels } = object.metadata;
  if (owner !== undefined) return owner.kind === "Deployment" ? [keyOf(namespace, owner.name)] : [];
  return plane
    .list<Deployment>(ENDPOINTS.deployments, namespace)
    .filter((deployment) => selects(deployment.spec.selector, labels))
    .map((deployment) => keyOf(namespace, deployment.metadata.name ?? ""));
}

function deploymentsOfPod(change: Change, plane: Plane): readonly string[] {
  const { namespace } = change.object.metadata;
  const set = controllerOf(change.object);
  const owner = set?.kind === "ReplicaSet" ? plane.get(ENDPOINTS.replicaSets, namespace, set.name) : undefined;
  const deployment = owner === undefined ? undefined : controllerOf(owner);
  return deployment?.kind === "Deployment" ? [keyOf(namespace, deployment.name)] : [];
}

function ownSets(plane: Plane, deployment: Deployment): readonly ReplicaSet[] {
  return plane.controlledBy<ReplicaSet>(ENDPOINTS.replicaSets, deployment);
}

/** Takes orphans that the selector matches, lets go of own ones that it no longer matches. */
async function claim(plane: Plane, deployment: Deployment): Promise<readonly ReplicaSet[]> {
  const { namespace = "", uid } = deployment.metadata;
  const claimed: ReplicaSet[] = [];
  for (const set of ownSets(plane, deployment)) {
    if (selects(deployment.spec.selector, set.metadata.labels)) claimed.push(set);
    else
      await changeOwners(
        plane,
        set,
        (set.metadata.ownerReferences ?? []).filter((one) => one.uid !== uid),
      );
  }
  for (const set of plane.controlledByName<ReplicaSet>(ENDPOINTS.replicaSets, namespace)) {
    if (!selects(deployment.spec.selector, set.metadata.labels) || isDeleting(set)) continue;
    claimed.push(await changeOwners(plane, set, [...(set.metadata.ownerReferences ?? []), ownedBy(deployment)]));
  }
  return claimed;
}

function changeOwners(plane: Plane, set: ReplicaSet, ownerReferences: KubeObject["metadata"]["ownerReferences"]): Promise<ReplicaSet> {
  return plane.update(ENDPOINTS.replicaSets, { ...set, metadata: { ...set.metadata, ownerReferences: ownerReferences ?? [] } });
}

/** One look at one Deployment. */
class Rollout {
  readonly #plane: Plane;
  readonly #deployment: Deployment;
  #sets: readonly ReplicaSet[];
  #newSet: ReplicaSet | undefined;
  #annotations: Readonly<Record<string, string>>;
  #conditions: readonly DeploymentCondition[];

  constructor(plane: Plane, deployment: Deployment, sets: readonly ReplicaSet[]) {
    this.#plane = plane;
    this.#deployment = deployment;
    this.#sets = sets.toSorted(byAge);
    this.#newSet = this.#sets.find((set) => sameTemplate(set.spec.template, deployment.spec.template));
    this.#annotations = deployment.metadata.annotations ?? {};
    this.#conditions = deployment.status?.conditions ?? [];
  }

  async run(): Promise<number | undefined> {
    const deployment = this.#deployment;
    if (isDeleting(deployment)) return this.#writeStatus(this.#count());
    this.#conditions = this.#pauseConditions();
    if (deployment.spec.paused === true || this.#isScaled()) {
      await this.#syncExistingRevision();
      await this.#resize(scaleProportionally(deployment, this.#newSet, this.#oldSets));
      if (deployment.spec.paused === true) await this.#trimHistory();
      return this.#writeStatus(this.#count());
    }
    if (deployment.spec.strategy?.type === "Recreate") await this.#recreate();
    else await this.#rollingUpdate();
    const counted = this.#count();
    if (isComplete(deployment, counted)) await this.#trimHistory();
    const { status, deadlineInMs } = judgeProgress(deployment, this.#newSet, this.#sets, counted, this.#now);
    await this.#writeStatus(status);
    return deadlineInMs;
  }

  get #now(): number {
    return this.#plane.clock.now();
  }

  get #oldSets(): readonly ReplicaSet[] {
    return this.#sets.filter((set) => set.metadata.uid !== this.#newSet?.metadata.uid);
  }

  #count(): DeploymentStatus {
    return countStatus(this.#deployment, this.#newSet, this.#sets, this.#conditions, this.#now);
  }

  async #rollingUpdate(): Promise<void> {
    await this.#ensureNewSet();
    if (this.#newSet !== undefined) await this.#resize(nextRollingStep(this.#deployment, this.#newSet, this.#oldSets));
  }

  /** Old pods go first, and only when the last is gone new ones come. */
  async #recreate(): Promise<void> {
    await this.#syncExistingRevision();
    const old = this.#oldSets;
    if (wantedReplicas(old) > 0) {
      await this.#resize(old.filter((set) => (set.spec.replicas ?? 0) > 0).map((replicaSet) => ({ replicaSet, replicas: 0 })));
      return;
    }
    if (this.#haveRunningPods(old)) return;
    await this.#ensureNewSet();
    const newSet = this.#newSet;
    const replicas = replicasOf(this.#deployment);
    if (newSet !== undefined && newSet.spec.replicas !== replicas) await this.#resize([{ replicaSet: newSet, replicas }]);
  }

  #haveRunningPods(sets: readonly ReplicaSet[]): boolean {
    if (sets.some((set) => (set.status?.replicas ?? 0) > 0)) return true;
    const pods = sets.flatMap((set) => this.#plane.controlledBy<Pod>(ENDPOINTS.pods, set));
    return pods.some((pod) => pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed");
  }

  /** Whether `spec.replicas` changed since the ReplicaSets were last sized. */
  #isScaled(): boolean {
    const replicas = String(replicasOf(this.#deployment));
    return this.#sets.some((set) => {
      const desired = set.metadata.annotations?.[DESIRED];
      return (set.spec.replicas ?? 0) > 0 && desired !== undefined && desired !== replicas;
    });
  }

  #pauseConditions(): readonly DeploymentCondition[] {
    const { paused } = this.#deployment.spec;
    if (!hasDeadline(this.#deployment)) return this.#conditions;
    const current = this.#conditions.find((condition) => condition.type === "Progressing");
    if (current?.reason === "ProgressDeadlineExceeded") return this.#conditions;
    const isPaused = current?.reason === "DeploymentPaused";
    if (paused === true && !isPaused) {
      const condition = { type: "Progressing", status: "Unknown", reason: "DeploymentPaused", message: "Deployment is paused" } as const;
      return setCondition(this.#conditions, condition, this.#now);
    }
    if (paused !== true && isPaused) {
      const condition = { type: "Progressing", status: "Unknown", reason: "DeploymentResumed", message: "Deployment is resumed" } as const;
      return setCondition(this.#conditions, condition, this.#now);
    }
    return this.#conditions;
  }

  /** The new ReplicaSet, if it is there, carries the newest revision; the Deployment shows it too. */
  async #syncExistingRevision(): Promise<void> {
    const newSet = this.#newSet;
    if (newSet === undefined) return;
    const revision = String(Math.max(0, ...this.#oldSets.map(revisionOf)) + 1);
    const annotations = this.#setAnnotations(newSet, Number(revision) > revisionOf(newSet) ? revision : undefined);
    const minReadySeconds = this.#deployment.spec.minReadySeconds ?? 0;
    if (!deepEqual(annotations, newSet.metadata.annotations ?? {}) || (newSet.spec.minReadySeconds ?? 0) !== minReadySeconds) {
      const { minReadySeconds: _, ...spec } = newSet.spec;
      const updated = await this.#plane.update<ReplicaSet>(ENDPOINTS.replicaSets, {
        ...newSet,
        metadata: { ...newSet.metadata, annotations },
        spec: minReadySeconds === 0 ? spec : { ...spec, minReadySeconds },
      });
      this.#replace(updated);
    }
    this.#annotations = { ...this.#annotations, [REVISION]: annotations[REVISION] ?? revision };
    if (this.#conditions.every((condition) => condition.type !== "Progressing") && hasDeadline(this.#deployment)) {
      const message = `Found new replica set "${newSet.metadata.name}"`;
      this.#conditions = setCondition(
        this.#conditions,
        { type: "Progressing", status: "True", reason: "FoundNewReplicaSet", message },
        this.#now,
      );
    }
  }

  async #ensureNewSet(): Promise<void> {
    if (this.#newSet !== undefined) return this.#syncExistingRevision();
    const deployment = this.#deployment;
    const { name = "", namespace = "" } = deployment.metadata;
    const { template, selector, minReadySeconds } = deployment.spec;
    const hash = podTemplateHash(template, deployment.status?.collisionCount);
    const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
    const replicas = newReplicaCount(deployment, this.#sets, undefined);
    const revision = String(Math.max(0, ...this.#sets.map(revisionOf)) + 1);
    const created = await this.#createSet({
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name: `${name.slice(0, MAX_NAME_LENGTH - hash.length - 1)}-${hash}`,
        namespace,
        labels,
        annotations: { ...this.#copiedAnnotations(), ...this.#sizeAnnotations(), [REVISION]: revision },
        ownerReferences: [ownedBy(deployment)],
      },
      spec: {
        replicas,
        ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    });
    this.#newSet = created;
    this.#sets = [...this.#sets, created].toSorted(byAge);
    this.#annotations = { ...this.#annotations, [REVISION]: revision };
    if (hasDeadline(deployment)) {
      const message = `Created new replica set "${created.metadata.name}"`;
      this.#conditions = setCondition(
        this.#conditions,
        { type: "Progressing", status: "True", reason: "NewReplicaSetCreated", message },
        this.#now,
      );
    }
    if (replicas > 0) await this.#tellScaled(created, 0, replicas);
  }

  /** A name that another template has taken changes the hash; what the server refuses is told. Both are tried again with the next look. */
  async #createSet(set: ReplicaSet): Promise<ReplicaSet> {
    try {
      return await this.#plane.create<ReplicaSet>(ENDPOINTS.replicaSets, set);
    } catch (error) {
      if (!(error instanceof ApiError) || isNamespaceGoing(error)) throw error;
      const deployment = this.#deployment;
      const { name = "", namespace } = set.metadata;
      if (error.reason === "AlreadyExists") {
        const taken = this.#plane.get<ReplicaSet>(ENDPOINTS.replicaSets, namespace, name);
        const isOurs = taken !== undefined && controllerOf(taken)?.uid === deployment.metadata.uid;
        if (isOurs && sameTemplate(taken.spec.template, deployment.spec.template)) return taken;
        await this.#writeStatus({ ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 });
        throw error;
      }
      const message = `Failed to create new replica set "${name}": ${error.message}`;
      const condition = { type: "Progressing", status: "False", reason: "ReplicaSetCreateError", message } as const;
      if (hasDeadline(deployment)) {
        await this.#writeStatus({ ...deployment.status, conditions: setCondition(this.#conditions, condition, this.#now) });
      }
      await recordEvent(this.#plane, COMPONENT, deployment, { type: "Warning", reason: "ReplicaSetCreateError", message });
      throw error;
    }
  }

  async #resize(resizes: readonly Resize[]): Promise<void> {
    for (const { replicaSet, replicas } of resizes) {
      const before = replicaSet.spec.replicas ?? 0;
      const sizes = this.#sizeAnnotations();
      const { annotations = {} } = replicaSet.metadata;
      if (before === replicas && Object.entries(sizes).every(([key, value]) => annotations[key] === value)) continue;
      const updated = await this.#plane.update(ENDPOINTS.replicaSets, {
        ...replicaSet,
        metadata: { ...replicaSet.metadata, annotations: { ...annotations, ...sizes } },
        spec: { ...replicaSet.spec, replicas },
      });
      this.#replace(updated);
      if (before !== replicas) await this.#tellScaled(updated, before, replicas);
    }
  }

  #tellScaled(set: ReplicaSet, before: number, after: number): Promise<void> {
    const message = `Scaled ${after > before ? "up" : "down"} replica set ${set.metadata.name} from ${before} to ${after}`;
    return recordEvent(this.#plane, COMPONENT, this.#deployment, { reason: "ScalingReplicaSet", message });
  }

  /** Old ReplicaSets without pods go, the oldest revisions first, until only the limit is left. */
  async #trimHistory(): Promise<void> {
    const limit = this.#deployment.spec.revisionHistoryLimit;
    if (limit === undefined || limit === 2_147_483_647) return;
    const old = this.#oldSets.filter((set) => !isDeleting(set)).toSorted((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of old.slice(0, Math.max(0, old.length - limit))) {
      const isEmpty =
        (set.spec.replicas ?? 0) === 0 &&
        (set.status?.replicas ?? 0) === 0 &&
        (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
      if (isEmpty) await this.#plane.delete(ENDPOINTS.replicaSets, set);
    }
  }

  /** Annotations and status in one write, as one thing is a consequence of the other. */
  async #writeStatus(status: DeploymentStatus): Promise<undefined> {
    const deployment = this.#deployment;
    if (deepEqual(status, deployment.status ?? {}) && deepEqual(this.#annotations, deployment.metadata.annotations ?? {})) return;
    const metadata =
      Object.keys(this.#annotations).length === 0 ? deployment.metadata : { ...deployment.metadata, annotations: this.#annotations };
    await this.#plane.update(ENDPOINTS.deployments, { ...deployment, metadata, status }, "status");
  }

  #replace(updated: ReplicaSet): void {
    this.#sets = this.#sets.map((set) => (set.metadata.uid === updated.metadata.uid ? updated : set));
    if (this.#newSet?.metadata.uid === updated.metadata.uid) this.#newSet = updated;
  }

  #copiedAnnotations(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.#deployment.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.has(key)));
  }

  #sizeAnnotations(): Readonly<Record<string, string>> {
    const replicas = replicasOf(this.#deployment);
    return { [DESIRED]: String(replicas), [MAX]: String(replicas + limitsOf(this.#deployment).maxSurge) };
  }

  #setAnnotations(set: ReplicaSet, revision: string | undefined): Readonly<Record<string, string>> {
    const before = set.metadata.annotations ?? {};
    const annotations = { ...before, ...this.#copiedAnnotations() };
    if (revision === undefined) return annotations;
    const history = nextHistory(before[HISTORY], before[REVISION]);
    return { ...annotations, [REVISION]: revision, ...(history === undefined ? {} : { [HISTORY]: history }) };
  }
}

/** Former revision numbers of a ReplicaSet, the oldest ones dropped when the text grows too long. */
function nextHistory(history: string | undefined, revision: string | undefined): string | undefined {
  if (revision === undefined) return history;
  const numbers = [...(history ?? "").split(",").filter((one) => one !== ""), revision];
  while (numbers.length > 1 && numbers.join(",").length > MAX_HISTORY_LENGTH) numbers.shift();
  return numbers.join(",");
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? "0") || 0;
}

/** Equal but for the hash label that ReplicaSets add. */
function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  const plain = (template: PodTemplate): PodTemplate => {
    const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
    const { labels: __, creationTimestamp: ___, ...metadata } = template.metadata ?? {};
    return { ...template, metadata: Object.keys(labels).length === 0 ? metadata : { ...metadata, labels } };
  };
  return deepEqual(plain(a), plain(b));
}
