// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";
import { recordEvent } from "./events.ts";
import type { PlaneController } from "./loop.ts";
import type { Misfit, Node } from "./node-fit.ts";
import { misfitOf } from "./node-fit.ts";
import type { Pod } from "./objects.ts";
import { isDeleting } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, pathOf, splitKey } from "./plane.ts";

const COMPONENT = "default-scheduler";

/**
 * Binds each pod to the node with the fewest pods among those it may be on; others stay Pending and say why.
 * @see kube-scheduler
 */
export function scheduler(): PlaneController {
  /** By node: how many pods are bound to it. Kept by changes, so that binding does not count them all. */
  const load = new Map<string, number>();
  const count = (pod: KubeObject | undefined, by: number): void => {
    const nodeName = (pod as Pod | undefined)?.spec.nodeName;
    if (nodeName !== undefined) load.set(nodeName, (load.get(nodeName) ?? 0) + by);
  };
  return {
    name: "scheduler",
    watches: {
      pods: (change) => {
        count(change.previous, -1);
        if (change.type === "DELETED") return [];
        count(change.object, 1);
        return (change.object as Pod).spec.nodeName === undefined ? [change.key] : [];
      },
      nodes: (change, plane) => (change.type === "DELETED" || !isNewsForPods(change.object, change.previous) ? [] : unboundPods(plane)),
    },
    reconcile: async (key, plane) => {
      const { namespace, name } = splitKey(key);
      const pod = plane.get<Pod>(ENDPOINTS.pods, namespace, name);
      if (pod === undefined || pod.spec.nodeName !== undefined || isDeleting(pod) || isGated(pod) || isForOther(pod)) return;
      const nodes = plane.list<Node>(ENDPOINTS.nodes);
      const misfits: Misfit[] = [];
      let best: string | undefined;
      for (const node of nodes) {
        const misfit = misfitOf(pod.spec, node);
        const { name: nodeName = "" } = node.metadata;
        if (misfit !== undefined) misfits.push(misfit);
        else if (best === undefined || (load.get(nodeName) ?? 0) < (load.get(best) ?? 0)) best = nodeName;
      }
      if (best === undefined) await tellUnschedulable(plane, pod, misfits);
      else await bind(plane, pod, best);
    },
  };
}

function unboundPods(plane: Plane): readonly string[] {
  return plane
    .list<Pod>(ENDPOINTS.pods)
    .filter((pod) => pod.spec.nodeName === undefined)
    .map(({ metadata }) => keyOf(metadata.namespace, metadata.name ?? ""));
}

/** Status of nodes (heartbeats) says nothing about who fits. */
function isNewsForPods(node: Node, before: Node | undefined): boolean {
  return before === undefined || before.spec !== node.spec || before.metadata.labels !== node.metadata.labels;
}

function isGated(pod: Pod): boolean {
  const gates = pod.spec["schedulingGates"];
  return Array.isArray(gates) && gates.length > 0;
}

function isForOther(pod: Pod): boolean {
  return (pod.spec["schedulerName"] ?? COMPONENT) !== COMPONENT;
}

async function bind(plane: Plane, pod: Pod, node: string): Promise<void> {
  const { namespace, name = "" } = pod.metadata;
  await plane.request("POST", pathOf(ENDPOINTS.pods, namespace, name, "binding"), {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name, namespace },
    target: { apiVersion: "v1", kind: "Node", name: node },
  });
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  await recordEvent(plane, COMPONENT, pod, { reason: "Scheduled", message });
}

function reasonOf(misfit: Misfit): string {
  switch (misfit.kind) {
    case "affinity":
      return "node(s) didn't match Pod's node affinity/selector";
    case "unschedulable":
      return "node(s) were unschedulable";
    case "taint":
      return `node(s) had untolerated taint {${misfit.taint.key}: ${misfit.taint.value ?? ""}}`;
  }
}

async function tellUnschedulable(plane: Plane, pod: Pod, misfits: readonly Misfit[]): Promise<void> {
  const counts = new Map<string, number>();
  for (const reason of misfits.map(reasonOf)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).toSorted();
  const message =
    misfits.length === 0 ? "no nodes available to schedule pods" : `0/${misfits.length} nodes are available: ${reasons.join(", ")}.`;
  const before = pod.status?.conditions ?? [];
  const current = before.find((condition) => condition.type === "PodScheduled");
  if (current?.status === "False" && current["message"] === message) return;
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastProbeTime: null,
    lastTransitionTime:
      current?.status === "False" ? (current.lastTransitionTime ?? toTimestamp(plane.clock.now())) : toTimestamp(plane.clock.now()),
  };
  const conditions = [...before.filter((one) => one.type !== "PodScheduled"), condition];
  await plane.update<Pod>(ENDPOINTS.pods, { ...pod, status: { ...pod.status, conditions } }, "status");
  await recordEvent(plane, COMPONENT, pod, { type: "Warning", reason: "FailedScheduling", message });
}
