// SPDX-License-Identifier: Apache-2.0
import type { PlaneController } from "../loop.ts";
import { isDeleting } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS } from "../plane.ts";
import type { Claim, Volume } from "./objects.ts";
import { BOUND_BY_CONTROLLER, COMPONENT, PROVISIONED_BY } from "./objects.ts";

/**
 * The phase of volumes: Available without a claim, Bound with one, Released (or deleted) when it is gone.
 * @see kube-controller-manager persistentvolume-binder syncVolume
 */
export const volumeController: PlaneController = {
  name: COMPONENT,
  watches: {
    persistentvolumes: (change) => [change.key],
    persistentvolumeclaims: (change) => {
      const { volumeName } = (change.object as Claim).spec;
      return volumeName === undefined ? [] : [volumeName];
    },
  },
  reconcile: async (name, plane) => {
    const volume = plane.get<Volume>(ENDPOINTS.persistentVolumes, undefined, name);
    if (volume === undefined || isDeleting(volume)) return;
    const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
    if (claimRef?.uid === undefined || claimRef.uid === "") return setPhase(plane, volume, "Available");
    const found = plane.get<Claim>(ENDPOINTS.persistentVolumeClaims, claimRef.namespace, claimRef.name ?? "");
    const claim = found?.metadata.uid === claimRef.uid ? found : undefined;
    if (claim === undefined) {
      if (volume.status?.phase !== "Failed") await setPhase(plane, volume, "Released");
      if (persistentVolumeReclaimPolicy === "Delete") await plane.delete(ENDPOINTS.persistentVolumes, volume);
      return;
    }
    if (claim.spec.volumeName === name) return setPhase(plane, volume, "Bound");
    // The claim took another one.
    if (claim.spec.volumeName !== undefined) await letGo(plane, volume);
  },
};

async function setPhase(plane: Plane, volume: Volume, phase: string): Promise<void> {
  if (volume.status?.phase === phase) return;
  await plane.update<Volume>(ENDPOINTS.persistentVolumes, { ...volume, status: { ...volume.status, phase } }, "status");
}

async function letGo(plane: Plane, volume: Volume): Promise<void> {
  const { [BOUND_BY_CONTROLLER]: isChosen, ...annotations } = volume.metadata.annotations ?? {};
  if (isChosen === undefined) return;
  if (annotations[PROVISIONED_BY] !== undefined && volume.spec.persistentVolumeReclaimPolicy === "Delete") {
    await plane.delete(ENDPOINTS.persistentVolumes, volume);
    return;
  }
  const { claimRef: _, ...spec } = volume.spec;
  await plane.update<Volume>(ENDPOINTS.persistentVolumes, { ...volume, metadata: { ...volume.metadata, annotations }, spec });
}
