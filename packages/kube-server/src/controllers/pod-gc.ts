// SPDX-License-Identifier: Apache-2.0
import { toTimestamp } from "@flux-ts/kube-core";
import type { PlaneController } from "./loop.ts";
import type { Pod } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS } from "./plane.ts";

/** So long a node may be away before its pods are given up. */
const QUARANTINE_MS = 40_000;

/** Deletes pods whose node is gone. Keys are names of nodes. @see kube-controller-manager podgc */
export function podCollector(): PlaneController {
  const missingSince = new Map<string, number>();
  return {
    name: "pod-garbage-collector",
    watches: {
      nodes: (change) => (change.type === "MODIFIED" ? [] : [change.key]),
      pods: (change) => {
        const { nodeName } = (change.object as Pod).spec;
        return nodeName === undefined || change.type === "DELETED" ? [] : [nodeName];
      },
    },
    reconcile: async (name, plane) => {
      if (plane.get(ENDPOINTS.nodes, undefined, name) !== undefined) {
        missingSince.delete(name);
        return undefined;
      }
      const since = missingSince.get(name) ?? plane.clock.now();
      missingSince.set(name, since);
      const leftMs = since + QUARANTINE_MS - plane.clock.now();
      if (leftMs > 0) return leftMs;
      for (const pod of plane.list<Pod>(ENDPOINTS.pods)) if (pod.spec.nodeName === name) await giveUp(plane, pod);
      missingSince.delete(name);
      return undefined;
    },
  };
}

async function giveUp(plane: Plane, pod: Pod): Promise<void> {
  if (pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed") {
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "DeletionByPodGC",
      message: "PodGC: node no longer exists",
      lastProbeTime: null,
      lastTransitionTime: toTimestamp(plane.clock.now()),
    };
    const conditions = [...(pod.status?.conditions ?? []).filter((one) => one.type !== condition.type), condition];
    await plane.update<Pod>(ENDPOINTS.pods, { ...pod, status: { ...pod.status, phase: "Failed", conditions } }, "status");
  }
  await plane.delete(ENDPOINTS.pods, pod, { gracePeriodSeconds: 0 });
}
