// SPDX-License-Identifier: Apache-2.0
import type { Pod } from "../objects.ts";
import { availableInMs, isDeleting, isPodReady } from "../objects.ts";
import type { Misfit } from "../node-fit.ts";
import type { DaemonLimits } from "./daemon-set.ts";

/** A node with the daemon pods that are on it or meant for it. */
export interface Place {
  readonly node: string;
  /** Why the daemon should not be there, if so. */
  readonly misfit: Misfit | undefined;
  readonly pods: readonly Pod[];
}

/** What to do now. */
export interface Plan {
  readonly create: readonly string[];
  readonly delete: readonly Pod[];
}

/** What tells new pods and usable ones. */
export interface Judge {
  readonly isNew: (pod: Pod) => boolean;
  readonly minReadySeconds: number;
  readonly now: number;
}

/** Whether a pod that is there may stay: one on a node that would not be chosen now may. */
export function mayStay({ misfit }: Place): boolean {
  return misfit === undefined || (misfit.kind === "taint" && !misfit.evicts) || misfit.kind === "unschedulable";
}

/** One pod on each node that should have one, none elsewhere; apart from updates. @see daemon podsShouldBeOnNode */
export function planPlaces(places: readonly Place[], limits: DaemonLimits, judge: Judge): Plan {
  const create: string[] = [];
  const gone: Pod[] = [];
  for (const place of places) {
    const present = place.pods.filter((pod) => !isDeleting(pod));
    if (!mayStay(place)) {
      gone.push(...present);
      continue;
    }
    if (place.misfit === undefined && place.pods.length === 0) {
      create.push(place.node);
      continue;
    }
    const ended = present.filter((pod) => pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded");
    gone.push(...ended);
    const running = present.filter((pod) => !ended.includes(pod)).toSorted(olderFirst);
    if (limits.maxSurge === 0) gone.push(...running.slice(1));
    else if (running.length === 0 && place.misfit === undefined) create.push(place.node);
    else gone.push(...surplus(running, judge));
  }
  return { create, delete: gone };
}

/** With surge, one new and one old pod may be on a node, until the new one is available or the old one fails. */
function surplus(running: readonly Pod[], judge: Judge): readonly Pod[] {
  if (running.length <= 1) return [];
  const newest = running.find((pod) => judge.isNew(pod));
  const oldest = running.find((pod) => !judge.isNew(pod));
  const extra = running.filter((pod) => pod !== newest && pod !== oldest);
  const isReplaced = newest !== undefined && oldest !== undefined && (!isPodReady(oldest) || isAvailable(newest, judge));
  return isReplaced ? [...extra, oldest] : extra;
}

/** The next steps of a rolling update. @see daemon rollingUpdate */
export function planUpdate(places: readonly Place[], limits: DaemonLimits, judge: Judge): Plan {
  return limits.maxSurge === 0 ? replaceInPlace(places, limits.maxUnavailable, judge) : surge(places, limits.maxSurge, judge);
}

interface Pair {
  readonly place: Place;
  readonly newPod: Pod | undefined;
  readonly oldPod: Pod | undefined;
}

/** The old and the new pod of each node; nodes with two of a sort are left to {@link planPlaces}. */
function pairsOf(places: readonly Place[], judge: Judge): { readonly pairs: readonly Pair[]; readonly crowded: number } {
  const pairs: Pair[] = [];
  let crowded = 0;
  for (const place of places.filter(({ pods }) => pods.length > 0)) {
    const present = place.pods.filter((pod) => !isDeleting(pod));
    const [newPod, ...moreNew] = present.filter((pod) => judge.isNew(pod));
    const [oldPod, ...moreOld] = present.filter((pod) => !judge.isNew(pod));
    if (moreNew.length + moreOld.length > 0) crowded += 1;
    else pairs.push({ place, newPod, oldPod });
  }
  return { pairs, crowded };
}

function replaceInPlace(places: readonly Place[], maxUnavailable: number, judge: Judge): Plan {
  const { pairs, crowded } = pairsOf(places, judge);
  let unavailable = crowded;
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  for (const { newPod, oldPod } of pairs) {
    if ((newPod === undefined) === (oldPod === undefined)) unavailable += 1;
    else if (newPod !== undefined) unavailable += isAvailable(newPod, judge) ? 0 : 1;
    else if (oldPod !== undefined && isAvailable(oldPod, judge)) candidates.push(oldPod);
    else if (oldPod !== undefined) {
      broken.push(oldPod);
      unavailable += 1;
    }
  }
  return { create: [], delete: [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))] };
}

function surge(places: readonly Place[], maxSurge: number, judge: Judge): Plan {
  const { pairs, crowded } = pairsOf(places, judge);
  let surging = crowded;
  const gone: Pod[] = [];
  const allowed: string[] = [];
  const candidates: string[] = [];
  for (const { place, newPod, oldPod } of pairs) {
    if (oldPod === undefined) continue;
    if (newPod !== undefined) {
      if (isAvailable(newPod, judge)) gone.push(oldPod);
      else surging += 1;
    } else if (place.misfit !== undefined) {
      if (!isAvailable(oldPod, judge)) gone.push(oldPod);
    } else if (isAvailable(oldPod, judge)) candidates.push(place.node);
    else allowed.push(place.node);
  }
  return { create: [...allowed, ...candidates.slice(0, Math.max(0, maxSurge - surging))], delete: gone };
}

function isAvailable(pod: Pod, { minReadySeconds, now }: Judge): boolean {
  return availableInMs(pod, minReadySeconds, now) === 0;
}

/** Bound pods before others, then by age, then by name. @see daemon podByCreationTimestampAndPhase */
export function olderFirst(a: Pod, b: Pod): number {
  const bound = Number(b.spec.nodeName !== undefined) - Number(a.spec.nodeName !== undefined);
  if (bound !== 0) return bound;
  const [left, right] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp ?? ""} ${metadata.name ?? ""}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}
