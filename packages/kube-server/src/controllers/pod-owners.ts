// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { Change } from "../store/change.ts";
import type { LabelSelector } from "./objects.ts";
import { controllerOf, selects } from "./objects.ts";
import type { Endpoint, Plane } from "./plane.ts";
import { keyOf } from "./plane.ts";

/** Keys of the owners that a change of a pod concerns: its controller, now and before, or any whose selector takes an orphan. */
export function ownersOfPods(kind: string, endpoint: Endpoint): (change: Change, plane: Plane) => readonly string[] {
  return (change, plane) => {
    const { namespace, labels } = change.object.metadata;
    const owners = [change.object, change.previous].flatMap((pod) => (pod === undefined ? [] : (controllerOf(pod) ?? [])));
    const keys = owners.filter((owner) => owner.kind === kind).map((owner) => keyOf(namespace, owner.name));
    if (controllerOf(change.object) !== undefined || change.type === "DELETED") return [...new Set(keys)];
    const selecting = plane
      .list<KubeObject & { readonly spec: { readonly selector?: LabelSelector } }>(endpoint, namespace)
      .filter((owner) => selects(owner.spec.selector ?? {}, labels))
      .map((owner) => keyOf(namespace, owner.metadata.name ?? ""));
    return [...new Set([...keys, ...selecting])];
  };
}
