// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, OwnerReference } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";
import { recordEvent } from "../events.ts";
import type { Pod } from "../objects.ts";
import { isDeleting, ownedBy } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS } from "../plane.ts";
import type { StatefulSet } from "./stateful-set.ts";
import { COMPONENT, isWanted } from "./stateful-set.ts";

/** Names of the volumes of a pod's claims with the names of the claims. */
export function claimNames(set: StatefulSet, ordinal: number): ReadonlyMap<string, string> {
  const names = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? "");
  return new Map(names.map((name) => [name, `${name}-${set.metadata.name}-${ordinal}`]));
}

/**
 * Makes the claims that a pod needs and that are missing.
 * @returns false when one of them is on its way out: the pod must wait
 */
export async function ensureClaims(plane: Plane, set: StatefulSet, ordinal: number): Promise<boolean> {
  const { namespace = "", name: setName } = set.metadata;
  const names = claimNames(set, ordinal);
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = names.get(template.metadata?.name ?? "") ?? "";
    const current = plane.get(ENDPOINTS.persistentVolumeClaims, namespace, name);
    if (current !== undefined) {
      if (isDeleting(current)) return false;
      continue;
    }
    const { annotations } = template.metadata ?? {};
    await plane.create(ENDPOINTS.persistentVolumeClaims, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name,
        namespace,
        labels: { ...template.metadata?.labels, ...set.spec.selector.matchLabels },
        ...(annotations === undefined ? {} : { annotations }),
      },
      spec: template.spec,
    });
    const message = `Create Claim ${name} Pod ${setName}-${ordinal} in StatefulSet ${setName} success`;
    await recordEvent(plane, COMPONENT, set, { reason: "SuccessfulCreate", message });
  }
  return true;
}

/**
 * Makes claims go with the set or with pods that are scaled away, as the retention policy says.
 * @see statefulset updateClaimOwnerRefForSetAndPod
 */
export async function applyRetention(plane: Plane, set: StatefulSet, pod: Pod, ordinal: number): Promise<void> {
  const { whenDeleted = "Retain", whenScaled = "Retain" } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const isScaledAway = whenScaled === "Delete" && !isWanted(set, ordinal);
  const owner = isScaledAway ? pod : whenDeleted === "Delete" ? set : undefined;
  for (const name of claimNames(set, ordinal).values()) {
    const claim = plane.get(ENDPOINTS.persistentVolumeClaims, set.metadata.namespace, name);
    if (claim === undefined || isDeleting(claim)) continue;
    const before = claim.metadata.ownerReferences ?? [];
    const others = before.filter((one) => !names(one, set) && !names(one, pod));
    const hasOtherController = others.some((one) => one.controller === true);
    const after = owner === undefined || hasOtherController ? others : [...others, ownedBy(owner)];
    if (!deepEqual(before, after)) {
      await plane.update(ENDPOINTS.persistentVolumeClaims, { ...claim, metadata: { ...claim.metadata, ownerReferences: after } });
    }
  }
}

function names(reference: OwnerReference, object: KubeObject): boolean {
  return reference.kind === object.kind && reference.apiVersion === object.apiVersion && reference.name === object.metadata.name;
}
