// SPDX-License-Identifier: Apache-2.0
import type { Pod } from "./objects.ts";
import { isPodReady } from "./objects.ts";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** What decides which pods of a controller go first. */
export interface PodOrder {
  /** Whether the annotation about the cost of a deletion counts. */
  readonly byCost?: boolean;
  /** How many pods of its kin are on the pod's node: from the fullest node first. */
  readonly crowding?: (pod: Pod) => number;
}

/**
 * Which of two pods may go first: unscheduled, pending, not ready, cheap, in a crowd, ready for a shorter time, often restarted, younger.
 * @see kubernetes pkg/controller ActivePods, ActivePodsWithRanks
 */
export function expendableFirst(order: PodOrder = {}): (a: Pod, b: Pod) => number {
  const { byCost = false, crowding = () => 0 } = order;
  return (a, b) => {
    const scheduled = Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined);
    if (scheduled !== 0) return scheduled;
    const phase = phaseOf(a) - phaseOf(b) || Number(isPodReady(a)) - Number(isPodReady(b));
    if (phase !== 0) return phase;
    const cost = byCost ? costOf(a) - costOf(b) : 0;
    if (cost !== 0) return cost;
    const crowd = crowding(b) - crowding(a);
    if (crowd !== 0) return crowd;
    return laterFirst(readySince(a), readySince(b)) || restartsOf(b) - restartsOf(a) || laterFirst(createdAt(a), createdAt(b));
  };
}

function phaseOf(pod: Pod): number {
  return PHASES[pod.status?.phase ?? "Pending"] ?? 0;
}

function costOf(pod: Pod): number {
  const cost = Number(pod.metadata.annotations?.[DELETION_COST] ?? "0");
  return Number.isInteger(cost) ? cost : 0;
}

function laterFirst(a: string, b: string): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

function readySince(pod: Pod): string {
  return pod.status?.conditions?.find((one) => one.type === "Ready" && one.status === "True")?.lastTransitionTime ?? "";
}

function createdAt(pod: Pod): string {
  return pod.metadata.creationTimestamp ?? "";
}

function restartsOf(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => Number(status["restartCount"] ?? 0)));
}
