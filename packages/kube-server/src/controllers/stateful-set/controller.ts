// SPDX-License-Identifier: Apache-2.0
import { claimPods } from "../claim-pods.ts";
import { STATEFUL_SET_STYLE, syncRevisions } from "../controller-revision.ts";
import type { PlaneController } from "../loop.ts";
import { ENDPOINTS, splitKey } from "../plane.ts";
import { ownersOfPods } from "../pod-owners.ts";
import type { StatefulSet } from "./stateful-set.ts";
import { COMPONENT, ordinalOf } from "./stateful-set.ts";
import { StatefulSync } from "./sync.ts";

/**
 * StatefulSets: pods with a number each, one after the other, claims of their own, and an update from the last to the first.
 * @see kube-controller-manager statefulset
 */
export const statefulSetController: PlaneController = {
  name: COMPONENT,
  watches: { "statefulsets.apps": (change) => [change.key], pods: ownersOfPods("StatefulSet", ENDPOINTS.statefulSets) },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const set = plane.get<StatefulSet>(ENDPOINTS.statefulSets, namespace, name);
    if (set === undefined) return undefined;
    const filter = (pod: Parameters<typeof ordinalOf>[1]): boolean => ordinalOf(set, pod) !== undefined;
    const pods = await claimPods(plane, set, set.spec.selector, { filter });
    const revisions = await syncRevisions(plane, set, STATEFUL_SET_STYLE);
    return new StatefulSync(plane, set, pods, revisions).run();
  },
};
