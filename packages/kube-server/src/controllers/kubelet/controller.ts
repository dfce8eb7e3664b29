// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "@flux-ts/kube-core";
import { recordEvent } from "../events.ts";
import type { PlaneController } from "../loop.ts";
import type { Node } from "../node-fit.ts";
import type { Pod } from "../objects.ts";
import { isDeleting } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS, splitKey } from "../plane.ts";
import type { Outcome, PodPlan, PodRule } from "./pod-outcome.ts";
import { planPod } from "./pod-outcome.ts";
import type { PodRuntime } from "./pod-runtime.ts";
import { endedStatus, pullProblem, restartBackoffMs, restartsOf, settledStatus, startingStatus } from "./pod-status.ts";
import { runPod } from "./run-pod.ts";

const COMPONENT = "kubelet";
/** What a container that is stopped by force ends with. */
const KILLED = 137;

export interface KubeletOptions {
  readonly rules: readonly PodRule[];
  /** Milliseconds from being bound to being ready, when no rule says otherwise. */
  readonly readyAfterMs: number;
  /** Runs some pods; all others are simulated. */
  readonly runtime?: PodRuntime;
}

/** Runs pods that are bound to a node: starts them, after a while makes them what their plan says, and stops them when they are deleted. */
export function kubelet({ rules, readyAfterMs, runtime }: KubeletOptions): PlaneController {
  /** By uid of the pod: when, in milliseconds, what its plan says is due. Status times have whole seconds only. */
  const due = new Map<string, number>();
  return {
    name: COMPONENT,
    watches: {
      pods: (change) => {
        if (change.type === "DELETED") {
          due.delete(change.object.metadata.uid ?? "");
          runtime?.forget(change.object.metadata.uid ?? "");
        }
        return change.type === "DELETED" ? [] : [change.key];
      },
    },
    ...(runtime === undefined ? {} : { wakes: (wake) => runtime.onChange(wake) }),
    reconcile: async (key, plane) => {
      const { namespace, name } = splitKey(key);
      const pod = plane.get<Pod>(ENDPOINTS.pods, namespace, name);
      if (pod?.spec.nodeName === undefined) return undefined;
      const node = plane.get<Node>(ENDPOINTS.nodes, undefined, pod.spec.nodeName);
      if (node === undefined) return undefined;
      if (runtime?.runs(pod) === true) {
        if (isDeleting(pod)) return stopRunning(plane, pod, runtime);
        return isOver(pod) ? undefined : runPod(plane, pod, addressOf(node), runtime, due);
      }
      const plan = planPod(pod, rules, readyAfterMs);
      if (isDeleting(pod)) return stop(plane, pod, plan);
      if (isOver(pod) || plan.outcome.run === "pending") return undefined;
      return run(plane, pod, node, plan, due);
    },
  };
}

function isOver(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

async function stop(plane: Plane, pod: Pod, { stopsAfterMs }: PodPlan): Promise<number | undefined> {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = pod.metadata;
  const deletedAt = Date.parse(deletionTimestamp ?? "") - deletionGracePeriodSeconds * 1000;
  const leftMs = Math.min(stopsAfterMs, deletionGracePeriodSeconds * 1000) - (plane.clock.now() - deletedAt);
  if (stopsAfterMs > 0 && leftMs > 0) return leftMs;
  if (finalizers.length > 0 && !isOver(pod)) {
    // It stays to be looked at: its containers have ended all the same.
    await writeStatus(plane, pod, { ...pod.status, ...endedStatus(pod, plane.clock.now(), KILLED) });
  } else if (deletionGracePeriodSeconds > 0 || finalizers.length === 0) {
    await plane.delete(ENDPOINTS.pods, pod, { gracePeriodSeconds: 0 });
  }
  return undefined;
}

/** The pod goes when its containers have ended. */
async function stopRunning(plane: Plane, pod: Pod, runtime: PodRuntime): Promise<undefined> {
  const { uid = "", deletionGracePeriodSeconds = 0 } = pod.metadata;
  const state = runtime.state(uid);
  if (state !== undefined && state.is !== "exited") {
    runtime.stop(uid, deletionGracePeriodSeconds * 1000);
    return undefined;
  }
  await stop(plane, pod, { outcome: { run: "ready" }, afterMs: 0, stopsAfterMs: 0 });
  return undefined;
}

async function run(plane: Plane, pod: Pod, node: Node, plan: PodPlan, due: Map<string, number>): Promise<number | undefined> {
  const { outcome, afterMs } = plan;
  const { uid = "" } = pod.metadata;
  const now = plane.clock.now();
  const startTime = pod.status?.["startTime"];
  if (typeof startTime !== "string" && afterMs > 0) {
    due.set(uid, now + afterMs);
    await writeStatus(plane, pod, startingStatus(pod, now, addressOf(node)));
    return afterMs;
  }
  // One that is ready at once is never seen starting: a write less for each pod.
  const started = typeof startTime === "string" ? pod : { ...pod, status: startingStatus(pod, now, addressOf(node)) };
  const leftMs = typeof startTime === "string" ? (due.get(uid) ?? Date.parse(startTime) + afterMs) - now : 0;
  const restarts = restartsOf(pod);
  const isLooping = outcome.run === "crash-loop";
  // A restarted plane, or a status that somebody wrote: the loop goes on from what is there.
  const isFirst = !isLooping || restarts === 0;
  if (leftMs > 0 && isFirst) return leftMs;
  if (isLooping && leftMs > 0) return leftMs;
  const times = isLooping ? restarts + 1 : restarts;
  const status = settledStatus(started, outcome, now, times);
  const nextMs = isLooping ? restartBackoffMs(times) : undefined;
  if (nextMs !== undefined) due.set(uid, now + nextMs);
  if (!deepEqual(status, pod.status)) {
    await writeStatus(plane, pod, status);
    if (isNews(pod, outcome, times)) await tell(plane, pod, outcome);
  }
  return nextMs;
}

function addressOf(node: Node): string {
  const addresses = ((node["status"] ?? {}) as { readonly addresses?: readonly { readonly type: string; readonly address: string }[] })
    .addresses;
  return addresses?.find((one) => one.type === "InternalIP")?.address ?? "10.0.0.1";
}

async function writeStatus(plane: Plane, pod: Pod, status: NonNullable<Pod["status"]>): Promise<void> {
  await plane.update(ENDPOINTS.pods, { ...pod, status }, "status");
}

/** Whether the pod came to this state just now, and not only some detail of it changed. */
function isNews(pod: Pod, outcome: Outcome, restarts: number): boolean {
  if (outcome.run === "crash-loop") return restarts === 1;
  const states = (pod.status?.containerStatuses ?? []).map((status) => Object.keys((status["state"] ?? {}) as object)[0]);
  const waiting = pod.status?.containerStatuses?.[0]?.["state"] as { readonly waiting?: { readonly reason?: string } } | undefined;
  return states.length === 0 || waiting?.waiting?.reason === "ContainerCreating";
}

async function tell(plane: Plane, pod: Pod, outcome: Outcome): Promise<void> {
  for (const container of pod.spec.containers ?? []) {
    const { name, image = "" } = container;
    const about = { fieldPath: `spec.containers{${name}}` };
    if (outcome.run === "image-pull-error") {
      await recordEvent(plane, COMPONENT, pod, { reason: "Pulling", message: `Pulling image "${image}"`, ...about });
      const failure = { type: "Warning", reason: "Failed", ...about } as const;
      await recordEvent(plane, COMPONENT, pod, { ...failure, message: `Failed to pull image "${image}": ${pullProblem(container)}` });
      await recordEvent(plane, COMPONENT, pod, { ...failure, message: "Error: ErrImagePull" });
      await recordEvent(plane, COMPONENT, pod, { reason: "BackOff", message: `Back-off pulling image "${image}"`, ...about });
      continue;
    }
    const pulled = `Container image "${image}" already present on machine and can be accessed by the pod`;
    await recordEvent(plane, COMPONENT, pod, { reason: "Pulled", message: pulled, ...about });
    await recordEvent(plane, COMPONENT, pod, { reason: "Created", message: "Container created", ...about });
    await recordEvent(plane, COMPONENT, pod, { reason: "Started", message: "Container started", ...about });
    if (outcome.run === "crash-loop") {
      const message = `Back-off restarting failed container ${name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
      await recordEvent(plane, COMPONENT, pod, { type: "Warning", reason: "BackOff", message, ...about });
    }
  }
}
