// SPDX-License-Identifier: Apache-2.0
import type { PlaneController } from "./loop.ts";
import type { Node, Taint } from "./node-fit.ts";
import type { PodCondition } from "./objects.ts";
import { isDeleting } from "./objects.ts";
import { ENDPOINTS } from "./plane.ts";

/** By condition and its status: what the node is tainted with. */
const TAINTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: "node.kubernetes.io/not-ready", Unknown: "node.kubernetes.io/unreachable" },
  MemoryPressure: { True: "node.kubernetes.io/memory-pressure" },
  DiskPressure: { True: "node.kubernetes.io/disk-pressure" },
  NetworkUnavailable: { True: "node.kubernetes.io/network-unavailable" },
  PIDPressure: { True: "node.kubernetes.io/pid-pressure" },
};
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
const MANAGED: ReadonlySet<string> = new Set([UNSCHEDULABLE, ...Object.values(TAINTS).flatMap((keys) => Object.values(keys))]);

/**
 * Nodes that are not ready, under pressure or cordoned take no new pods; those that are well again do.
 * @see kube-controller-manager node-lifecycle-controller doNoScheduleTaintingPass
 */
export const nodeTaintController: PlaneController = {
  name: "node-lifecycle-controller",
  watches: { nodes: (change) => (change.type === "DELETED" ? [] : [change.key]) },
  reconcile: async (name, plane) => {
    const node = plane.get<Node>(ENDPOINTS.nodes, undefined, name);
    if (node === undefined || isDeleting(node)) return;
    const wanted = new Set(conditionsOf(node).flatMap(({ type, status }) => TAINTS[type]?.[status] ?? []));
    if (node.spec?.unschedulable === true) wanted.add(UNSCHEDULABLE);
    const before = node.spec?.taints ?? [];
    const isManaged = (taint: Taint): boolean => taint.effect === "NoSchedule" && MANAGED.has(taint.key);
    const kept = before.filter((taint) => !isManaged(taint) || wanted.has(taint.key));
    const added = [...wanted].filter((key) => !before.some((taint) => isManaged(taint) && taint.key === key));
    if (kept.length === before.length && added.length === 0) return;
    const taints = [...kept, ...added.map((key) => ({ key, effect: "NoSchedule" }))];
    const { taints: _, ...spec } = node.spec ?? {};
    await plane.update<Node>(ENDPOINTS.nodes, { ...node, spec: taints.length === 0 ? spec : { ...spec, taints } });
  },
};

function conditionsOf(node: Node): readonly PodCondition[] {
  const { conditions = [] } = (node["status"] ?? {}) as { readonly conditions?: readonly PodCondition[] }; // decoded as a node
  return conditions;
}
