// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "@flux-ts/kube-core";
import { claimPods } from "../claim-pods.ts";
import type { Revisions } from "../controller-revision.ts";
import { DAEMON_SET_STYLE, syncRevisions, trimRevisions } from "../controller-revision.ts";
import { createPod, deletePod } from "../create-pod.ts";
import { recordEvent } from "../events.ts";
import type { PlaneController } from "../loop.ts";
import type { Node } from "../node-fit.ts";
import { misfitOf } from "../node-fit.ts";
import type { Pod } from "../objects.ts";
import { availableInMs, compact, isDeleting, isPodReady } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "../plane.ts";
import { ownersOfPods } from "../pod-owners.ts";
import type { DaemonSet } from "./daemon-set.ts";
import { COMPONENT, REVISION_LABEL, daemonSpec, isUpToDate, limitsFor, targetNodeOf, tiedTo, versionLabels } from "./daemon-set.ts";
import type { Judge, Place, Plan } from "./plan.ts";
import { olderFirst, planPlaces, planUpdate } from "./plan.ts";

/** Pods made or deleted in one look. */
const BURST = 250;

/** DaemonSets: one pod on every node that the template fits, replaced node by node. @see kube-controller-manager daemonset */
export const daemonSetController: PlaneController = {
  name: COMPONENT,
  watches: {
    "daemonsets.apps": (change) => [change.key],
    nodes: (_, plane) => plane.list(ENDPOINTS.daemonSets).map(({ metadata }) => keyOf(metadata.namespace, metadata.name ?? "")),
    pods: ownersOfPods("DaemonSet", ENDPOINTS.daemonSets),
  },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const set = plane.get<DaemonSet>(ENDPOINTS.daemonSets, namespace, name);
    if (set === undefined || isDeleting(set)) return undefined;
    const revisions = await syncRevisions(plane, set, DAEMON_SET_STYLE);
    const hash = revisions.current.metadata.labels?.[REVISION_LABEL] ?? "";
    const judge: Judge = {
      isNew: (pod) => isUpToDate(set, pod, hash),
      minReadySeconds: set.spec.minReadySeconds ?? 0,
      now: plane.clock.now(),
    };
    const places = await placesOf(plane, set);
    const limits = limitsFor(set, places.filter(({ misfit }) => misfit === undefined).length);
    const plan = planPlaces(places, limits, judge);
    await carryOut(plane, set, plan, hash);
    // One thing after the other: an update is planned from what is there, not from what was just asked for.
    const isSettled = plan.create.length + plan.delete.length === 0;
    if (isSettled && set.spec.updateStrategy?.type === "RollingUpdate") {
      await carryOut(plane, set, planUpdate(places, limits, judge), hash);
    }
    await trimHistory(plane, set, revisions, places);
    return writeStatus(plane, set, await placesOf(plane, set), judge, revisions);
  },
};

async function placesOf(plane: Plane, set: DaemonSet): Promise<readonly Place[]> {
  const pods = (await claimPods(plane, set, set.spec.selector)).filter((pod) => !isDeleting(pod) || !isOver(pod));
  const spec = daemonSpec(set);
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const target = targetNodeOf(pod) ?? "";
    byNode.set(target, [...(byNode.get(target) ?? []), pod]);
  }
  const nodes = plane.list<Node>(ENDPOINTS.nodes);
  const places: Place[] = nodes.map((node) => {
    const name = node.metadata.name ?? "";
    return { node: name, misfit: misfitOf(spec, node), pods: byNode.get(name) ?? [] };
  });
  // Pods that wait for a node that is gone.
  const known = new Set(nodes.map((node) => node.metadata.name));
  const stray = [...byNode].filter(([node]) => !known.has(node)).flatMap(([, one]) => one);
  const waiting = stray.filter((pod) => pod.spec.nodeName === undefined);
  return waiting.length === 0 ? places : [...places, { node: "", misfit: { kind: "affinity" }, pods: waiting }];
}

function isOver(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

async function carryOut(plane: Plane, set: DaemonSet, plan: Plan, hash: string): Promise<void> {
  const { namespace } = set.metadata;
  const spec = daemonSpec(set);
  for (const node of plan.create.slice(0, BURST)) {
    await createPod(plane, COMPONENT, set, set.spec.template, { labels: versionLabels(set, hash), spec: tiedTo(spec, node) });
  }
  for (const pod of plan.delete.slice(0, BURST)) {
    if (isOver(pod)) {
      const failed = pod.status?.phase === "Failed";
      const what = `${failed ? "failed" : "succeeded"} daemon pod ${namespace}/${pod.metadata.name} on node ${pod.spec.nodeName}`;
      await recordEvent(plane, COMPONENT, set, {
        type: failed ? "Warning" : "Normal",
        reason: failed ? "FailedDaemonPod" : "SucceededDaemonPod",
        message: `Found ${what}, will try to ${failed ? "kill" : "delete"} it`,
      });
    }
    await deletePod(plane, COMPONENT, set, pod);
  }
}

async function trimHistory(plane: Plane, set: DaemonSet, revisions: Revisions, places: readonly Place[]): Promise<void> {
  const used = new Set(places.flatMap(({ pods }) => pods).map((pod) => pod.metadata.labels?.[REVISION_LABEL]));
  const old = revisions.all.filter((revision) => revision.metadata.uid !== revisions.current.metadata.uid);
  const limit = set.spec.revisionHistoryLimit ?? 10;
  const unused = old.filter((revision) => !used.has(revision.metadata.labels?.[REVISION_LABEL]));
  // Those in use count against the limit, but stay.
  await trimRevisions(plane, unused, Math.max(0, limit - (old.length - unused.length)));
}

async function writeStatus(
  plane: Plane,
  set: DaemonSet,
  places: readonly Place[],
  judge: Judge,
  { collisionCount }: Revisions,
): Promise<number | undefined> {
  const wanted = places.filter(({ misfit }) => misfit === undefined);
  const first = wanted.flatMap(({ pods }) => pods.toSorted(olderFirst).slice(0, 1));
  const waits = first.map((pod) => availableInMs(pod, judge.minReadySeconds, judge.now));
  const available = waits.filter((wait) => wait === 0).length;
  const orAbsent = (count: number): number | undefined => (count === 0 ? undefined : count);
  const status = compact({
    ...set.status,
    ...(collisionCount === 0 ? {} : { collisionCount }),
    currentNumberScheduled: first.length,
    numberMisscheduled: places.filter(({ node, misfit, pods }) => node !== "" && misfit !== undefined && pods.length > 0).length,
    desiredNumberScheduled: wanted.length,
    numberReady: first.filter(isPodReady).length,
    observedGeneration: set.metadata.generation ?? 0,
    updatedNumberScheduled: orAbsent(first.filter(judge.isNew).length),
    numberAvailable: orAbsent(available),
    numberUnavailable: orAbsent(wanted.length - available),
  });
  if (!deepEqual(status, set.status ?? {})) await plane.update(ENDPOINTS.daemonSets, { ...set, status }, "status");
  const next = waits.filter((wait): wait is number => wait !== undefined && wait > 0);
  return next.length === 0 ? undefined : Math.min(...next);
}
