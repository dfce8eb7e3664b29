// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { PlaneController } from "../loop.ts";
import type { Pod } from "../objects.ts";
import { isDeleting } from "../objects.ts";
import type { Endpoint, Plane } from "../plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "../plane.ts";
import type { Claim, Volume } from "./objects.ts";
import { claimsOf } from "./objects.ts";

/**
 * Lets claims and volumes that are deleted go once nothing uses them: claims when no pod on a node does, volumes when they are not bound.
 * @see kube-controller-manager pvc-protection, pv-protection
 */
export const storageProtection: PlaneController = {
  name: "storage-protection-controller",
  watches: {
    persistentvolumeclaims: (change) => [change.key],
    persistentvolumes: (change) => [change.key],
    pods: (change) => claimsOf(change.object as Pod).map((name) => keyOf(change.object.metadata.namespace, name)),
  },
  reconcile: async (key, plane) => {
    const { namespace, name } = splitKey(key);
    if (namespace === undefined) {
      const volume = plane.get<Volume>(ENDPOINTS.persistentVolumes, undefined, name);
      if (volume?.status?.phase !== "Bound") await release(plane, ENDPOINTS.persistentVolumes, volume, "kubernetes.io/pv-protection");
      return;
    }
    const claim = plane.get<Claim>(ENDPOINTS.persistentVolumeClaims, namespace, name);
    if (claim !== undefined && isDeleting(claim) && !isUsed(plane, claim)) {
      await release(plane, ENDPOINTS.persistentVolumeClaims, claim, "kubernetes.io/pvc-protection");
    }
  },
};

function isUsed(plane: Plane, claim: Claim): boolean {
  return plane
    .list<Pod>(ENDPOINTS.pods, claim.metadata.namespace)
    .some(
      (pod) =>
        pod.spec.nodeName !== undefined &&
        pod.status?.phase !== "Succeeded" &&
        pod.status?.phase !== "Failed" &&
        claimsOf(pod).includes(claim.metadata.name ?? ""),
    );
}

async function release(plane: Plane, kind: Endpoint, object: KubeObject | undefined, finalizer: string): Promise<void> {
  if (object === undefined || !isDeleting(object)) return;
  const { finalizers = [], namespace, name = "", resourceVersion } = object.metadata;
  if (!finalizers.includes(finalizer)) return;
  const left = finalizers.filter((one) => one !== finalizer);
  await plane.mergePatch(kind, namespace, name, { metadata: { resourceVersion, finalizers: left.length === 0 ? null : left } });
}
