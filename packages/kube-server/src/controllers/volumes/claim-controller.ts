// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";
import { recordEvent } from "../events.ts";
import type { PlaneController } from "../loop.ts";
import type { Pod } from "../objects.ts";
import { compact, isDeleting } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "../plane.ts";
import type { Claim, StorageClass, Volume } from "./objects.ts";
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  COMPONENT,
  PROVISIONED_BY,
  bestMatch,
  claimsOf,
  classOf,
  isFor,
  unfitness,
} from "./objects.ts";

/** The provisioner of StorageClasses whose volumes are made up on demand. */
export const PROVISIONER = "simulation.flux-ts.dev/local";
const NEEDS_PROVISIONER = ["volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner"];
const NO_PROVISIONER = "kubernetes.io/no-provisioner";

/**
 * Binds claims to volumes of their class that are large enough, and makes volumes up for classes of the simulated provisioner.
 * @see kube-controller-manager persistentvolume-binder syncClaim
 */
export function claimController(): PlaneController {
  /** By uid: what was told last, so that a claim that waits does not tell it over and over. */
  const told = new Map<string, string>();
  const tell = async (
    plane: Plane,
    claim: Claim,
    reason: string,
    message: string,
    type: "Normal" | "Warning" = "Normal",
  ): Promise<void> => {
    const { uid = "" } = claim.metadata;
    if (told.get(uid) === message) return;
    told.set(uid, message);
    await recordEvent(plane, COMPONENT, claim, { type, reason, message });
  };
  return {
    name: COMPONENT,
    watches: {
      persistentvolumeclaims: (change) => {
        if (change.type === "DELETED") told.delete(change.object.metadata.uid ?? "");
        return [change.key];
      },
      persistentvolumes: (change, plane) => claimsThatWait(plane, change.object as Volume),
      "storageclasses.storage.k8s.io": (_, plane) => claimsThatWait(plane),
      pods: (change) => claimsOf(change.object as Pod).map((name) => keyOf(change.object.metadata.namespace, name)),
    },
    reconcile: async (key, plane) => {
      const { namespace, name } = splitKey(key);
      const claim = plane.get<Claim>(ENDPOINTS.persistentVolumeClaims, namespace, name);
      if (claim === undefined || isDeleting(claim)) return;
      if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) return keepBound(plane, claim);
      const volume = claim.spec.volumeName === undefined ? findVolume(plane, claim) : await namedVolume(plane, claim, tell);
      if (volume !== undefined) return bind(plane, claim, volume);
      if (claim.spec.volumeName === undefined) await provision(plane, claim, tell);
    },
  };
}

type Tell = (plane: Plane, claim: Claim, reason: string, message: string, type?: "Normal" | "Warning") => Promise<void>;

/** Claims without a volume, and the one that has this volume. */
function claimsThatWait(plane: Plane, volume?: Volume): readonly string[] {
  return plane
    .list<Claim>(ENDPOINTS.persistentVolumeClaims)
    .filter((claim) => claim.status?.phase !== "Bound" || (volume !== undefined && claim.spec.volumeName === volume.metadata.name))
    .map(({ metadata }) => keyOf(metadata.namespace, metadata.name ?? ""));
}

/** A bound claim whose volume is gone, or somebody else's, is lost. */
async function keepBound(plane: Plane, claim: Claim): Promise<void> {
  const { volumeName } = claim.spec;
  const volume = volumeName === undefined ? undefined : plane.get<Volume>(ENDPOINTS.persistentVolumes, undefined, volumeName);
  if (volume !== undefined && (volume.spec.claimRef === undefined || isFor(volume, claim))) return bind(plane, claim, volume);
  if (claim.status?.phase === "Lost") return;
  const [reason, what] =
    volume === undefined
      ? ["ClaimLost", volumeName === undefined ? "reference to PersistentVolume" : "its PersistentVolume"]
      : ["ClaimMisbound", ""];
  const { capacity: _, accessModes: __, ...rest } = claim.status ?? {};
  await plane.update<Claim>(ENDPOINTS.persistentVolumeClaims, { ...claim, status: { ...rest, phase: "Lost" } }, "status");
  const message =
    what === ""
      ? "Two claims are bound to the same volume, this one is bound incorrectly"
      : `Bound claim has lost ${what}. Data on the volume is lost!`;
  await recordEvent(plane, COMPONENT, claim, { type: "Warning", reason, message });
}

function findVolume(plane: Plane, claim: Claim): Volume | undefined {
  const volumes = plane.list<Volume>(ENDPOINTS.persistentVolumes);
  // A class that waits takes only what was reserved, until a pod is there.
  return waitsForPod(plane, claim) ? volumes.find((volume) => isFor(volume, claim)) : bestMatch(volumes, claim);
}

async function namedVolume(plane: Plane, claim: Claim, tell: Tell): Promise<Volume | undefined> {
  const volume = plane.get<Volume>(ENDPOINTS.persistentVolumes, undefined, claim.spec.volumeName ?? "");
  if (volume === undefined) return undefined;
  if (isFor(volume, claim)) return volume;
  if (volume.spec.claimRef !== undefined) {
    await tell(plane, claim, "FailedBinding", `volume "${volume.metadata.name}" already bound to a different claim.`, "Warning");
    return undefined;
  }
  const problem = unfitness(volume, claim);
  if (problem === undefined) return volume;
  await tell(plane, claim, "VolumeMismatch", `Cannot bind to requested volume "${volume.metadata.name}": ${problem}`, "Warning");
  return undefined;
}

function waitsForPod(plane: Plane, claim: Claim): boolean {
  const storageClass = plane.get<StorageClass>(ENDPOINTS.storageClasses, undefined, classOf(claim));
  if (storageClass?.volumeBindingMode !== "WaitForFirstConsumer") return false;
  return !consumers(plane, claim).some((pod) => pod.spec.nodeName !== undefined);
}

function consumers(plane: Plane, claim: Claim): readonly Pod[] {
  return plane.list<Pod>(ENDPOINTS.pods, claim.metadata.namespace).filter((pod) => claimsOf(pod).includes(claim.metadata.name ?? ""));
}

async function provision(plane: Plane, claim: Claim, tell: Tell): Promise<void> {
  const className = classOf(claim);
  if (className === "") {
    await tell(plane, claim, "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
    return;
  }
  const storageClass = plane.get<StorageClass>(ENDPOINTS.storageClasses, undefined, className);
  if (storageClass === undefined) {
    await tell(plane, claim, "ProvisioningFailed", `storageclass.storage.k8s.io "${className}" not found`, "Warning");
    return;
  }
  if (waitsForPod(plane, claim)) {
    const waiting = consumers(plane, claim).map((pod) => pod.metadata.name ?? "");
    const message =
      waiting.length === 0
        ? "waiting for first consumer to be created before binding"
        : `waiting for pod${waiting.length > 1 ? "s" : ""} ${waiting.join(",")} to be scheduled`;
    await tell(plane, claim, waiting.length === 0 ? "WaitForFirstConsumer" : "WaitForPodScheduled", message);
    return;
  }
  const { provisioner = "" } = storageClass;
  if (provisioner === PROVISIONER) {
    await bind(plane, claim, await makeVolume(plane, claim, storageClass));
    return;
  }
  if (provisioner === NO_PROVISIONER) {
    await tell(plane, claim, "ProvisioningFailed", `no volume plugin matched name: ${provisioner}`, "Warning");
    return;
  }
  const annotations = { ...claim.metadata.annotations, ...Object.fromEntries(NEEDS_PROVISIONER.map((name) => [name, provisioner])) };
  if (!deepEqual(annotations, claim.metadata.annotations)) {
    await plane.update<Claim>(ENDPOINTS.persistentVolumeClaims, { ...claim, metadata: { ...claim.metadata, annotations } });
  }
  const who = `either by the external provisioner '${provisioner}' or manually by the system administrator`;
  const advice = "If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
  await tell(plane, claim, "ExternalProvisioning", `Waiting for a volume to be created ${who}. ${advice}`);
}

async function makeVolume(plane: Plane, claim: Claim, storageClass: StorageClass): Promise<Volume> {
  const { namespace, name: claimName, uid } = claim.metadata;
  const name = `pvc-${uid}`;
  const { accessModes = ["ReadWriteOnce"], volumeMode, resources } = claim.spec;
  const volume = await plane.create<Volume>(ENDPOINTS.persistentVolumes, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { [PROVISIONED_BY]: PROVISIONER } },
    spec: compact({
      capacity: { storage: resources?.requests?.["storage"] ?? "1Gi" },
      accessModes,
      ...(volumeMode === undefined ? {} : { volumeMode }),
      storageClassName: storageClass.metadata.name ?? "",
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      claimRef: { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name: claimName, uid } as NonNullable<
        Volume["spec"]["claimRef"]
      >,
      hostPath: { path: `/volumes/${name}` },
    }),
  });
  const message = `Successfully provisioned volume ${name}`;
  await recordEvent(plane, COMPONENT, claim, { reason: "ProvisioningSucceeded", message });
  return volume;
}

/** Volume first, then claim; each with a write of its own for its status. What stands there already is not written again. */
async function bind(plane: Plane, claim: Claim, volume: Volume): Promise<void> {
  const taken = await takeVolume(plane, claim, volume);
  if (taken.status?.phase !== "Bound") {
    await plane.update<Volume>(ENDPOINTS.persistentVolumes, { ...taken, status: { ...taken.status, phase: "Bound" } }, "status");
  }
  const chosen = claim.spec.volumeName === undefined ? { [BOUND_BY_CONTROLLER]: "yes" } : {};
  const annotations = { ...claim.metadata.annotations, ...chosen, [BIND_COMPLETED]: "yes" };
  const isWritten = claim.spec.volumeName !== undefined && deepEqual(annotations, claim.metadata.annotations);
  const bound = isWritten
    ? claim
    : await plane.update<Claim>(ENDPOINTS.persistentVolumeClaims, {
        ...claim,
        metadata: { ...claim.metadata, annotations },
        spec: { ...claim.spec, volumeName: volume.metadata.name ?? "" },
      });
  // A resize may have made the claim's capacity larger: then it is left.
  if (bound.status?.phase === "Bound" && bound.status["capacity"] !== undefined) return;
  const status = { ...bound.status, phase: "Bound", accessModes: volume.spec.accessModes, capacity: volume.spec.capacity };
  await plane.update<KubeObject>(ENDPOINTS.persistentVolumeClaims, { ...bound, status }, "status");
}

async function takeVolume(plane: Plane, claim: Claim, volume: Volume): Promise<Volume> {
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  if (volume.spec.claimRef?.uid === uid && isFor(volume, claim)) return volume;
  const claimRef = { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name, uid, resourceVersion };
  const isChosen = volume.spec.claimRef === undefined;
  return plane.update<Volume>(ENDPOINTS.persistentVolumes, {
    ...volume,
    metadata: isChosen
      ? { ...volume.metadata, annotations: { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" } }
      : volume.metadata,
    spec: { ...volume.spec, claimRef } as Volume["spec"], // with fields that the controllers do not read
  });
}
