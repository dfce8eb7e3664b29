// SPDX-License-Identifier: Apache-2.0
import { deepEqual, toTimestamp, withoutKey } from "@flux-ts/kube-core";
import { recordEvent } from "../events.ts";
import type { Pod } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS } from "../plane.ts";
import type { Outcome } from "./pod-outcome.ts";
import type { PodRuntime } from "./pod-runtime.ts";
import { restartBackoffMs, restartsOf, settledStatus, startingStatus } from "./pod-status.ts";

/** A container whose node was restarted under it. */
const LOST = 255;

/** Brings a pod's containers to run, and its status to how they stand. @returns milliseconds until a container that ended is started again */
export async function runPod(
  plane: Plane,
  pod: Pod,
  hostIP: string,
  runtime: PodRuntime,
  due: Map<string, number>,
): Promise<number | undefined> {
  const { uid = "" } = pod.metadata;
  const now = plane.clock.now();
  const state = runtime.state(uid);
  if (state === undefined) {
    // One that ran under an earlier process of the node begins anew.
    const status = hasRun(pod) ? lostStatus(pod, now) : startingStatus(pod, now, hostIP);
    await writeStatus(plane, pod, status);
    runtime.start(pod);
    if (!hasRun(pod)) await tellStarted(plane, pod);
    return undefined;
  }
  switch (state.is) {
    case "starting":
      return undefined;
    case "running":
      await settle(plane, pod, { run: state.isReady ? "ready" : "never-ready" }, now, restartsOf(pod));
      return undefined;
    case "exited": {
      const leftMs = (due.get(uid) ?? now) - now;
      if (due.has(uid) && leftMs <= 0) {
        due.delete(uid);
        runtime.start(pod);
        return undefined;
      }
      if (leftMs > 0) return leftMs;
      const restarts = restartsOf(pod) + 1;
      const waitMs = restartBackoffMs(restarts);
      due.set(uid, now + waitMs);
      await settle(plane, pod, { run: "crash-loop", exitCode: state.exitCode }, now, restarts);
      return waitMs;
    }
  }
}

async function settle(plane: Plane, pod: Pod, outcome: Outcome, now: number, restarts: number): Promise<void> {
  const status = settledStatus(pod, outcome, now, restarts);
  if (!deepEqual(status, pod.status)) await writeStatus(plane, pod, status);
}

async function writeStatus(plane: Plane, pod: Pod, status: NonNullable<Pod["status"]>): Promise<void> {
  await plane.update(ENDPOINTS.pods, { ...pod, status }, "status");
}

function hasRun(pod: Pod): boolean {
  return (pod.status?.containerStatuses ?? []).some((status) => status["containerID"] !== undefined);
}

/** As after the node was restarted: what ran has ended, one restart more, and nothing is ready. */
function lostStatus(pod: Pod, now: number): NonNullable<Pod["status"]> {
  const terminated = { exitCode: LOST, reason: "Unknown", startedAt: toTimestamp(now), finishedAt: toTimestamp(now) };
  const waiting = settledStatus(pod, { run: "never-ready" }, now, restartsOf(pod));
  const statuses = (pod.status?.containerStatuses ?? []).map((status) => ({
    ...withoutKey(status, "containerID"),
    state: { waiting: { reason: "ContainerCreating" } },
    lastState: { terminated },
    ready: false,
    started: false,
    restartCount: Number(status["restartCount"] ?? 0) + 1,
  }));
  return { ...waiting, containerStatuses: statuses };
}

async function tellStarted(plane: Plane, pod: Pod): Promise<void> {
  for (const { name, image = "" } of pod.spec.containers ?? []) {
    const about = { fieldPath: `spec.containers{${name}}` };
    const pulled = `Container image "${image}" already present on machine and can be accessed by the pod`;
    await recordEvent(plane, "kubelet", pod, { reason: "Pulled", message: pulled, ...about });
    await recordEvent(plane, "kubelet", pod, { reason: "Created", message: "Container created", ...about });
    await recordEvent(plane, "kubelet", pod, { reason: "Started", message: "Container started", ...about });
  }
}
