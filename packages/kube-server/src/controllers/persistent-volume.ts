// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { recordEvent } from "./events.ts";
import type { PlaneController } from "./loop.ts";
import { isDeleting } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

const COMPONENT = "persistentvolume-controller";
const BOUND_BY = "pv.kubernetes.io/bound-by-controller";
const BOUND = "pv.kubernetes.io/bind-completed";

interface Claim extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
  readonly status?: { readonly phase?: string };
}

interface Volume extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly phase?: string };
}

/** By the name of a StorageClass's provisioner: volumes of it are made up on demand. */
export const PROVISIONER = "simulation.flux-ts.dev/local";

/**
 * Binds claims to volumes of their class that are large enough, and makes volumes up for classes of the simulated provisioner.
 * @see kube-controller-manager persistentvolume-binder
 */
export const volumeController: PlaneController = {
  name: COMPONENT,
  watches: {
    persistentvolumeclaims: (change) => [change.key],
    persistentvolumes: (change, plane) => [
      ...plane
        .list<Claim>(ENDPOINTS.persistentVolumeClaims)
        .filter((claim) => claim.status?.phase !== "Bound")
        .map(({ metadata }) => keyOf(metadata.namespace, metadata.name ?? "")),
      change.key,
    ],
  },
  reconcile: async (key, plane) => {
    const { namespace, name } = splitKey(key);
    if (namespace === undefined) return syncVolume(plane, name);
    const claim = plane.get<Claim>(ENDPOINTS.persistentVolumeClaims, namespace, name);
    if (claim === undefined) return;
    if (isDeleting(claim)) return release(plane, ENDPOINTS.persistentVolumeClaims, claim, "kubernetes.io/pvc-protection");
    if (claim.status?.phase === "Bound") return;
    const volume = findVolume(plane, claim) ?? (await provision(plane, claim));
    if (volume === undefined) {
      if (claim.spec.storageClassName === undefined) {
        const message = "no persistent volumes available for this claim and no storage class is set";
        const isTold = plane
          .list(ENDPOINTS.events, namespace)
          .some((event) => event["message"] === message && (event["involvedObject"] as { uid?: string }).uid === claim.metadata.uid);
        if (!isTold) await recordEvent(plane, COMPONENT, claim, { reason: "FailedBinding", message });
      }
      return;
    }
    await bind(plane, claim, volume);
  },
};

function findVolume(plane: Plane, claim: Claim): Volume | undefined {
  const { namespace, name, uid } = claim.metadata;
  const wanted = sizeOf(claim.spec.resources?.requests?.["storage"]);
  return plane
    .list<Volume>(ENDPOINTS.persistentVolumes)
    .filter((volume) => {
      const { claimRef } = volume.spec;
      if (
        claimRef !== undefined &&
        !(claimRef.namespace === namespace && claimRef.name === name && (claimRef.uid === undefined || claimRef.uid === uid))
      )
        return false;
      if (claim.spec.volumeName !== undefined) return volume.metadata.name === claim.spec.volumeName;
      if ((volume.spec.storageClassName ?? "") !== (claim.spec.storageClassName ?? "")) return false;
      const modes = claim.spec.accessModes ?? [];
      return modes.every((mode) => volume.spec.accessModes?.includes(mode)) && sizeOf(volume.spec.capacity?.["storage"]) >= wanted;
    })
    .toSorted((a, b) => sizeOf(a.spec.capacity?.["storage"]) - sizeOf(b.spec.capacity?.["storage"]))[0];
}

async function provision(plane: Plane, claim: Claim): Promise<Volume | undefined> {
  const storageClass = plane.get(ENDPOINTS.storageClasses, undefined, claim.spec.storageClassName ?? "");
  if (storageClass?.["provisioner"] !== PROVISIONER) return undefined;
  const name = `pvc-${claim.metadata.uid}`;
  return plane.create<Volume>(ENDPOINTS.persistentVolumes, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER } },
    spec: {
      capacity: { storage: claim.spec.resources?.requests?.["storage"] ?? "1Gi" },
      accessModes: claim.spec.accessModes ?? ["ReadWriteOnce"],
      storageClassName: claim.spec.storageClassName ?? "",
      persistentVolumeReclaimPolicy: "Delete",
      hostPath: { path: `/volumes/${name}` },
    },
  });
}

async function bind(plane: Plane, claim: Claim, volume: Volume): Promise<void> {
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  const claimRef = { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name, uid, resourceVersion };
  const taken = await plane.update<Volume>(ENDPOINTS.persistentVolumes, {
    ...volume,
    metadata: { ...volume.metadata, annotations: { ...volume.metadata.annotations, [BOUND_BY]: "yes" } },
    spec: { ...volume.spec, claimRef } as Volume["spec"],
  });
  await plane.update(ENDPOINTS.persistentVolumes, { ...taken, status: { ...taken.status, phase: "Bound" } }, "status");
  const bound = await plane.update<Claim>(ENDPOINTS.persistentVolumeClaims, {
    ...claim,
    metadata: { ...claim.metadata, annotations: { ...claim.metadata.annotations, [BOUND]: "yes", [BOUND_BY]: "yes" } },
    spec: { ...claim.spec, volumeName: volume.metadata.name ?? "" },
  });
  const status = { phase: "Bound", accessModes: volume.spec.accessModes, capacity: volume.spec.capacity };
  await plane.update<KubeObject>(ENDPOINTS.persistentVolumeClaims, { ...bound, status }, "status");
}

/** A volume without a claim is Available; one whose claim is gone is Released, or deleted with it. */
async function syncVolume(plane: Plane, name: string): Promise<void> {
  const volume = plane.get<Volume>(ENDPOINTS.persistentVolumes, undefined, name);
  if (volume === undefined) return;
  if (isDeleting(volume)) return release(plane, ENDPOINTS.persistentVolumes, volume, "kubernetes.io/pv-protection");
  const { claimRef } = volume.spec;
  const phase = volume.status?.phase;
  if (claimRef === undefined) {
    if (phase !== "Available")
      await plane.update(ENDPOINTS.persistentVolumes, { ...volume, status: { ...volume.status, phase: "Available" } }, "status");
    return;
  }
  const claim = plane.get(ENDPOINTS.persistentVolumeClaims, claimRef.namespace, claimRef.name ?? "");
  if (phase !== "Bound" || claim?.metadata.uid === claimRef.uid) return;
  if (volume.spec["persistentVolumeReclaimPolicy"] === "Delete") await plane.delete(ENDPOINTS.persistentVolumes, volume);
  else await plane.update(ENDPOINTS.persistentVolumes, { ...volume, status: { ...volume.status, phase: "Released" } }, "status");
}

/** Lets go of an object that only waits for its protection. */
async function release(
  plane: Plane,
  kind: (typeof ENDPOINTS)[keyof typeof ENDPOINTS],
  object: KubeObject,
  finalizer: string,
): Promise<void> {
  const { finalizers = [], namespace, name = "" } = object.metadata;
  if (!finalizers.includes(finalizer)) return;
  const left = finalizers.filter((one) => one !== finalizer);
  await plane.mergePatch(kind, namespace, name, { metadata: { finalizers: left.length === 0 ? null : left } });
}

const UNITS: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
};

function sizeOf(quantity = "0"): number {
  const [, number = "0", unit = ""] = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}
