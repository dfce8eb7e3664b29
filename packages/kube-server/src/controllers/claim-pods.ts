// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import type { LabelSelector, Pod } from "./objects.ts";
import { controllerOf, isDeleting, isPodActive, ownedBy, selects } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";

/**
 * The pods that are the owner's: adopts orphans that the selector takes, lets go of own ones that it takes no longer.
 * An owner that is being deleted does neither.
 *
 * @param options.filter which of the selected pods may be its own at all (StatefulSets look at names)
 * @param options.finalizers what adopted pods get
 * @see kubernetes pkg/controller PodControllerRefManager.ClaimPods
 */
export async function claimPods(
  plane: Plane,
  owner: KubeObject,
  selector: LabelSelector,
  options: { readonly filter?: (pod: Pod) => boolean; readonly finalizers?: readonly string[] } = {},
): Promise<readonly Pod[]> {
  const { filter = () => true, finalizers = [] } = options;
  const { namespace = "" } = owner.metadata;
  const claimed: Pod[] = [];
  for (const pod of [...plane.controlledBy<Pod>(ENDPOINTS.pods, owner), ...plane.controlledByName<Pod>(ENDPOINTS.pods, namespace)]) {
    const matches = selects(selector, pod.metadata.labels) && filter(pod);
    if (controllerOf(pod) !== undefined) {
      if (matches || isDeleting(owner)) claimed.push(pod);
      else await release(plane, owner, pod);
    } else if (matches && !isDeleting(owner) && isPodActive(pod)) {
      claimed.push(await adopt(plane, owner, pod, finalizers));
    }
  }
  return claimed;
}

function adopt(plane: Plane, owner: KubeObject, pod: Pod, finalizers: readonly string[]): Promise<Pod> {
  const { ownerReferences = [], finalizers: present = [] } = pod.metadata;
  const added = finalizers.filter((one) => !present.includes(one));
  return plane.update(ENDPOINTS.pods, {
    ...pod,
    metadata: {
      ...pod.metadata,
      ownerReferences: [...ownerReferences, ownedBy(owner)],
      ...(added.length === 0 ? {} : { finalizers: [...present, ...added] }),
    },
  });
}

async function release(plane: Plane, owner: KubeObject, pod: Pod): Promise<void> {
  const ownerReferences = (pod.metadata.ownerReferences ?? []).filter((one) => one.uid !== owner.metadata.uid);
  try {
    await plane.update(ENDPOINTS.pods, { ...pod, metadata: { ...pod.metadata, ownerReferences } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
  }
}
