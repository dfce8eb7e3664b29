// SPDX-License-Identifier: Apache-2.0
import type { Deployment, ReplicaSet } from "../objects.ts";
import { scaledCount } from "../scaled-count.ts";

export interface Limits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** How many replicas a ReplicaSet should have from now on. */
export interface Resize {
  readonly replicaSet: ReplicaSet;
  readonly replicas: number;
}

/** Surge rounds up, unavailable rounds down; both zero would stand still, so one may then be unavailable. @see deploymentutil.ResolveFenceposts */
export function limitsOf(deployment: Deployment): Limits {
  const replicas = replicasOf(deployment);
  if (deployment.spec.strategy?.type === "Recreate") return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge = "25%", maxUnavailable = "25%" } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaledCount(maxSurge, replicas, "up");
  const unavailable = scaledCount(maxUnavailable, replicas, "down");
  return { maxSurge: surge, maxUnavailable: Math.min(surge === 0 && unavailable === 0 ? 1 : unavailable, replicas) };
}

export function replicasOf(object: { readonly spec: { readonly replicas?: number } }): number {
  return object.spec.replicas ?? 1;
}

/** Sum of what ReplicaSets should have. */
export function wantedReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0);
}

export function availableReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
}

/** How many replicas the new ReplicaSet may have while old ones are still there. @see deploymentutil.NewRSNewReplicas */
export function newReplicaCount(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): number {
  const replicas = replicasOf(deployment);
  const current = newSet?.spec.replicas ?? 0;
  if (deployment.spec.strategy?.type === "Recreate") return replicas;
  const most = replicas + limitsOf(deployment).maxSurge;
  const now = wantedReplicas(all);
  return now >= most ? current : current + Math.min(most - now, replicas - current);
}

/**
 * The next step of a rolling update: grow the new ReplicaSet as far as the surge allows, or shrink old ones as far as availability allows.
 * Empty when nothing can be done until pods change.
 */
export function nextRollingStep(deployment: Deployment, newSet: ReplicaSet, oldSets: readonly ReplicaSet[]): readonly Resize[] {
  const replicas = replicasOf(deployment);
  const all = [newSet, ...oldSets];
  const current = newSet.spec.replicas ?? 0;
  if (current > replicas) return [{ replicaSet: newSet, replicas }];
  const grown = newReplicaCount(deployment, all, newSet);
  if (grown !== current) return [{ replicaSet: newSet, replicas: grown }];
  return shrinkOld(deployment, newSet, oldSets);
}

function shrinkOld(deployment: Deployment, newSet: ReplicaSet, oldSets: readonly ReplicaSet[]): readonly Resize[] {
  const active = oldSets.filter((set) => (set.spec.replicas ?? 0) > 0).toSorted(byAge);
  if (active.length === 0) return [];
  const all = [newSet, ...oldSets];
  const least = replicasOf(deployment) - limitsOf(deployment).maxUnavailable;
  const newUnavailable = (newSet.spec.replicas ?? 0) - (newSet.status?.availableReplicas ?? 0);
  const allowed = wantedReplicas(all) - least - newUnavailable;
  if (allowed <= 0) return [];

  const sizes = new Map(active.map((set) => [set, set.spec.replicas ?? 0]));
  const take = (set: ReplicaSet, count: number): void => {
    sizes.set(set, (sizes.get(set) ?? 0) - count);
  };
  // First those that are not available anyway, then available ones down to the floor.
  let cleaned = 0;
  for (const set of active) {
    const unhealthy = (sizes.get(set) ?? 0) - (set.status?.availableReplicas ?? 0);
    const count = Math.min(allowed - cleaned, unhealthy);
    if (count <= 0) continue;
    take(set, count);
    cleaned += count;
  }
  let spare = availableReplicas(all) - least;
  for (const set of active) {
    const count = Math.min(spare, sizes.get(set) ?? 0);
    if (count <= 0) continue;
    take(set, count);
    spare -= count;
  }
  return active.flatMap((set) => (sizes.get(set) === set.spec.replicas ? [] : [{ replicaSet: set, replicas: sizes.get(set) ?? 0 }]));
}

/** Shares a changed number of replicas among ReplicaSets in proportion to their size, larger and newer ones first. */
export function scaleProportionally(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  oldSets: readonly ReplicaSet[],
): readonly Resize[] {
  const replicas = replicasOf(deployment);
  const all = [...(newSet === undefined ? [] : [newSet]), ...oldSets];
  const active = all.filter((set) => (set.spec.replicas ?? 0) > 0);
  const newest = newSet ?? oldSets.toSorted(byAge).at(-1);
  const only = active.length === 0 ? newest : active.length === 1 ? active[0] : undefined;
  if (only !== undefined) return only.spec.replicas === replicas ? [] : [{ replicaSet: only, replicas }];
  if (newSet !== undefined && isSaturated(newSet, replicas)) {
    return active.filter((set) => set !== newSet).map((set) => ({ replicaSet: set, replicas: 0 }));
  }
  if (deployment.spec.strategy?.type === "Recreate") return [];
  const total = wantedReplicas(active);
  const most = replicas > 0 ? replicas + limitsOf(deployment).maxSurge : 0;
  const toAdd = most - total;
  const ordered =
    toAdd === 0
      ? active
      : active.toSorted((a, b) => (b.spec.replicas ?? 0) - (a.spec.replicas ?? 0) || (toAdd > 0 ? -byAge(a, b) : byAge(a, b)));
  let added = 0;
  const sizes = ordered.map((set) => {
    const size = set.spec.replicas ?? 0;
    const share = toAdd === 0 ? 0 : shareOf(deployment, set, toAdd, added);
    added += share;
    return size + share;
  });
  if (toAdd !== 0) sizes[0] = Math.max(0, (sizes[0] ?? 0) + toAdd - added);
  // Also those whose size stays: what they were sized for is noted on them.
  return ordered.map((set, index) => ({ replicaSet: set, replicas: sizes[index] ?? 0 }));
}

/** Whether all pods that were asked for are there and available. */
function isSaturated(set: ReplicaSet, replicas: number): boolean {
  const desired = set.metadata.annotations?.["deployment.kubernetes.io/desired-replicas"];
  return set.spec.replicas === replicas && desired === String(replicas) && (set.status?.availableReplicas ?? 0) === replicas;
}

/** What one ReplicaSet gets of the replicas to add (or, negative, to take away). @see deploymentutil.GetReplicaSetProportion */
function shareOf(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  const size = set.spec.replicas ?? 0;
  if (size === 0 || toAdd === added) return 0;
  const fraction = fractionOf(deployment, set, size);
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
}

function fractionOf(deployment: Deployment, set: ReplicaSet, size: number): number {
  const replicas = replicasOf(deployment);
  if (replicas === 0) return -size;
  const noted = Number(set.metadata.annotations?.["deployment.kubernetes.io/max-replicas"] ?? "0") || 0;
  const before = noted === 0 ? (deployment.status?.replicas ?? 0) : noted;
  if (before === 0) return 0;
  return Math.round((size * (replicas + limitsOf(deployment).maxSurge)) / before) - size;
}

/** Oldest first; the name decides between those of the same second. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [left, right] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
}
