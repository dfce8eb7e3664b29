// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { compareQuantities, tryParseQuantity } from "@flux-ts/kube-core";
import type { LabelSelector, Pod } from "../objects.ts";
import { selects } from "../objects.ts";

export interface Claim extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeAttributesClassName?: string;
    readonly volumeName?: string;
    readonly volumeMode?: string;
    readonly selector?: LabelSelector;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
  readonly status?: { readonly phase?: string; readonly [field: string]: unknown };
}

export interface Volume extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeAttributesClassName?: string;
    readonly volumeMode?: string;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly persistentVolumeReclaimPolicy?: string;
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly phase?: string; readonly [field: string]: unknown };
}

export interface StorageClass extends KubeObject {
  readonly provisioner?: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
}

export const COMPONENT = "persistentvolume-controller";
/** The controller, not a user, chose the other side. */
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
const OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

/** An old annotation comes before the field. */
export function classOf(object: Claim | Volume): string {
  return object.metadata.annotations?.[OLD_CLASS] ?? object.spec.storageClassName ?? "";
}

/** Why a claim cannot have this volume, in upstream's words; undefined when it can. @see persistentvolume checkVolumeSatisfyClaim */
export function unfitness(volume: Volume, claim: Claim): string | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) return `the volume is marked for deletion "${volume.metadata.name}"`;
  if (compareSizes(volume.spec.capacity?.["storage"], claim.spec.resources?.requests?.["storage"]) < 0) return "requested PV is too small";
  if (classOf(volume) !== classOf(claim)) return "storageClassName does not match";
  if ((volume.spec.volumeAttributesClassName ?? "") !== (claim.spec.volumeAttributesClassName ?? "")) {
    return "volumeAttributesClassName does not match";
  }
  if (!haveSameMode(volume, claim)) return "incompatible volumeMode";
  const offered = volume.spec.accessModes ?? [];
  return (claim.spec.accessModes ?? []).every((mode) => offered.includes(mode)) ? undefined : "incompatible accessMode";
}

function haveSameMode(volume: Volume, claim: Claim): boolean {
  return (volume.spec.volumeMode ?? "Filesystem") === (claim.spec.volumeMode ?? "Filesystem");
}

/** Whether the volume's reference means this very claim; one without a uid means any of that name. */
export function isFor(volume: Volume, claim: Claim): boolean {
  const { claimRef } = volume.spec;
  const { namespace, name, uid } = claim.metadata;
  if (claimRef === undefined || claimRef.namespace !== namespace || claimRef.name !== name) return false;
  return claimRef.uid === undefined || claimRef.uid === "" || claimRef.uid === uid;
}

/** The volume that was made for the claim, else the smallest free one that fits. @see persistentvolume findBestMatchForClaim */
export function bestMatch(volumes: readonly Volume[], claim: Claim): Volume | undefined {
  const fitting = volumes.filter((volume) => unfitness(volume, claim) === undefined);
  const reserved = fitting.find((volume) => isFor(volume, claim));
  if (reserved !== undefined) return reserved;
  const { selector } = claim.spec;
  return fitting
    .filter((volume) => volume.spec.claimRef === undefined && (volume.status?.phase ?? "Available") === "Available")
    .filter((volume) => selector === undefined || selects(selector, volume.metadata.labels))
    .toSorted((a, b) => compareSizes(a.spec.capacity?.["storage"], b.spec.capacity?.["storage"]))[0];
}

function compareSizes(left = "0", right = "0"): number {
  const [a, b] = [tryParseQuantity(left), tryParseQuantity(right)];
  return a === undefined || b === undefined ? 0 : compareQuantities(a, b);
}

/** Names of the claims that a pod mounts. */
export function claimsOf(pod: Pod): readonly string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    if (volume["ephemeral"] !== undefined) return [`${pod.metadata.name}-${String(volume["name"])}`];
    const source = volume["persistentVolumeClaim"] as { readonly claimName?: string } | undefined; // decoded as a pod
    return source?.claimName ?? [];
  });
}
