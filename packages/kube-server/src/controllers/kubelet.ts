// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual, toTimestamp } from "@flux-ts/kube-core";
import { recordEvent } from "./events.ts";
import type { PlaneController } from "./loop.ts";
import type { Container, Pod, PodCondition } from "./objects.ts";
import { isDeleting } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, pathOf, splitKey } from "./plane.ts";
import type { Outcome, PodRule } from "./pod-outcome.ts";
import { planPod } from "./pod-outcome.ts";

interface Node extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean };
}

export interface KubeletOptions {
  readonly rules: readonly PodRule[];
  /** Milliseconds from being bound to being ready, when no rule says otherwise. */
  readonly readyAfterMs: number;
}

/** Binds pods to the first node whose labels they ask for, spreading them by name; others stay Pending and say so. */
export const scheduler: PlaneController = {
  name: "scheduler",
  watches: {
    pods: (change) => (change.type === "DELETED" ? [] : [change.key]),
    nodes: (change, plane) =>
      change.type === "DELETED"
        ? []
        : plane
            .list<Pod>(ENDPOINTS.pods)
            .filter((pod) => pod.spec.nodeName === undefined)
            .map((pod) => `${pod.metadata.namespace}/${pod.metadata.name}`),
  },
  reconcile: async (key, plane) => {
    const { namespace, name } = splitKey(key);
    const pod = plane.get<Pod>(ENDPOINTS.pods, namespace, name);
    if (pod === undefined || pod.spec.nodeName !== undefined || isDeleting(pod)) return;
    const wanted = Object.entries(pod.spec.nodeSelector ?? {});
    const all = plane.list<Node>(ENDPOINTS.nodes);
    const fitting = all.filter(
      (node) => node.spec?.unschedulable !== true && wanted.every(([label, value]) => node.metadata.labels?.[label] === value),
    );
    const node = fitting[plane.list<Pod>(ENDPOINTS.pods).length % Math.max(1, fitting.length)];
    if (node === undefined) {
      if (all.length > 0) await tellUnschedulable(plane, pod, all.length);
      return;
    }
    await plane.request("POST", pathOf(ENDPOINTS.pods, namespace, name, "binding"), {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, namespace },
      target: { apiVersion: "v1", kind: "Node", name: node.metadata.name },
    });
    const message = `Successfully assigned ${key} to ${node.metadata.name}`;
    await recordEvent(plane, "default-scheduler", pod, { reason: "Scheduled", message });
  },
};

async function tellUnschedulable(plane: Plane, pod: Pod, nodes: number): Promise<void> {
  if (pod.status?.conditions?.some((condition) => condition.type === "PodScheduled" && condition.status === "False")) return;
  const message = `0/${nodes} nodes are available: ${nodes} node(s) didn't match Pod's node affinity/selector.`;
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastTransitionTime: toTimestamp(plane.clock.now()),
  };
  await plane.update(ENDPOINTS.pods, { ...pod, status: { ...pod.status, conditions: [condition] } }, "status");
  await recordEvent(plane, "default-scheduler", pod, { type: "Warning", reason: "FailedScheduling", message });
}

/** Runs pods that are bound to a node: starts them, after a while makes them what their plan says, and stops them when they are deleted. */
export function kubelet(options: KubeletOptions): PlaneController {
  /** By uid of the pod: when, in milliseconds, what its plan says is due. Status times have whole seconds only. */
  const due = new Map<string, number>();
  return {
    name: "kubelet",
    watches: {
      pods: (change) => {
        if (change.type === "DELETED") due.delete(change.object.metadata.uid ?? "");
        return change.type === "DELETED" ? [] : [change.key];
      },
    },
    reconcile: async (key, plane) => {
      const { namespace, name } = splitKey(key);
      const pod = plane.get<Pod>(ENDPOINTS.pods, namespace, name);
      if (pod?.spec.nodeName === undefined) return undefined;
      if (plane.get(ENDPOINTS.nodes, undefined, pod.spec.nodeName) === undefined) return undefined;
      if (isDeleting(pod)) {
        await plane.delete(ENDPOINTS.pods, pod, { gracePeriodSeconds: 0 });
        return undefined;
      }
      if (isFinished(pod)) return undefined;
      return run(plane, pod, options, due);
    },
  };
}

function isFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

async function run(plane: Plane, pod: Pod, options: KubeletOptions, due: Map<string, number>): Promise<number | undefined> {
  const { outcome, afterMs } = planPod(pod, options.rules, options.readyAfterMs);
  const { uid = "" } = pod.metadata;
  const now = plane.clock.now();
  const startTime = pod.status?.["startTime"];
  if (typeof startTime !== "string") {
    due.set(uid, now + afterMs);
    await writeStatus(plane, pod, pendingStatus(pod, now));
    return afterMs;
  }
  const leftMs = (due.get(uid) ?? Date.parse(startTime) + afterMs) - now;
  if (leftMs > 0) return leftMs;
  const status = statusOf(pod, outcome, now);
  if (!deepEqual(status, pod.status)) {
    await writeStatus(plane, pod, status);
    await tell(plane, pod, outcome);
  }
  return undefined;
}

async function writeStatus(plane: Plane, pod: Pod, status: NonNullable<Pod["status"]>): Promise<void> {
  await plane.update(ENDPOINTS.pods, { ...pod, status }, "status");
}

function addressOf(pod: Pod): string {
  const digits = [...(pod.metadata.uid ?? "")].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 64_516, 7);
  return `10.244.${Math.floor(digits / 254)}.${(digits % 254) + 1}`;
}

function conditionsOf(
  pod: Pod,
  now: number,
  values: Readonly<Record<string, boolean>>,
  reason?: string,
  message?: string,
): readonly PodCondition[] {
  return Object.entries(values).map(([type, isTrue]) => {
    const status = isTrue ? "True" : "False";
    const before = pod.status?.conditions?.find((condition) => condition.type === type);
    const lastTransitionTime =
      before?.status === status && before.lastTransitionTime !== undefined ? before.lastTransitionTime : toTimestamp(now);
    const told = isTrue || reason === undefined ? {} : { reason, message };
    return { type, status, lastProbeTime: null, lastTransitionTime, ...told };
  });
}

function pendingStatus(pod: Pod, now: number): NonNullable<Pod["status"]> {
  const names = (pod.spec.containers ?? []).map((container) => container.name);
  const message = `containers with unready status: [${names.join(" ")}]`;
  return {
    ...pod.status,
    phase: "Pending",
    startTime: toTimestamp(now),
    hostIP: "10.0.0.1",
    conditions: conditionsOf(
      pod,
      now,
      { Initialized: true, Ready: false, ContainersReady: false, PodScheduled: true },
      "ContainersNotReady",
      message,
    ),
    containerStatuses: (pod.spec.containers ?? []).map((container) =>
      containerStatus(container, { waiting: { reason: "ContainerCreating" } }, false, 0),
    ),
  };
}

function containerStatus(
  container: Container,
  state: Readonly<Record<string, unknown>>,
  isReady: boolean,
  restartCount: number,
): Readonly<Record<string, unknown>> {
  const { name, image = "" } = container;
  return { name, image, imageID: "", state, lastState: {}, ready: isReady, restartCount, started: "running" in state };
}

function statusOf(pod: Pod, outcome: Outcome, now: number): NonNullable<Pod["status"]> {
  const containers = pod.spec.containers ?? [];
  const names = containers.map((container) => container.name);
  const unready = `containers with unready status: [${names.join(" ")}]`;
  const podIP = addressOf(pod);
  const address = { podIP, podIPs: [{ ip: podIP }] };
  const startedAt = toTimestamp(now);
  const isRunning = (container: Container): boolean =>
    pod.status?.containerStatuses?.some((one) => one["name"] === container.name && one["ready"] === true) ?? false;
  switch (outcome.run) {
    case "ready":
      return {
        ...pod.status,
        ...address,
        phase: "Running",
        conditions: conditionsOf(pod, now, { Initialized: true, Ready: true, ContainersReady: true, PodScheduled: true }),
        containerStatuses: containers.map((container) =>
          isRunning(container)
            ? (pod.status?.containerStatuses?.find((one) => one["name"] === container.name) ?? {})
            : containerStatus(container, { running: { startedAt } }, true, 0),
        ),
      };
    case "never-ready":
      return {
        ...pod.status,
        ...address,
        phase: "Running",
        conditions: conditionsOf(
          pod,
          now,
          { Initialized: true, Ready: false, ContainersReady: false, PodScheduled: true },
          "ContainersNotReady",
          unready,
        ),
        containerStatuses: containers.map((container) =>
          containerStatus(container, { running: { startedAt: pod.status?.["startTime"] ?? startedAt } }, false, 0),
        ),
      };
    case "complete":
    case "fail": {
      const exitCode = outcome.run === "fail" ? outcome.exitCode : 0;
      const reason = exitCode === 0 ? "Completed" : "Error";
      const why = exitCode === 0 ? "PodCompleted" : "PodFailed";
      return {
        ...pod.status,
        ...address,
        phase: exitCode === 0 ? "Succeeded" : "Failed",
        conditions: conditionsOf(pod, now, { Initialized: true, Ready: false, ContainersReady: false, PodScheduled: true }, why),
        containerStatuses: containers.map((container) =>
          containerStatus(container, { terminated: { exitCode, reason, startedAt, finishedAt: startedAt } }, false, 0),
        ),
      };
    }
    case "image-pull-error":
      return {
        ...pod.status,
        ...address,
        phase: "Pending",
        conditions: conditionsOf(
          pod,
          now,
          { Initialized: true, Ready: false, ContainersReady: false, PodScheduled: true },
          "ContainersNotReady",
          unready,
        ),
        containerStatuses: containers.map((container) => {
          const message = `Back-off pulling image "${container.image ?? ""}"`;
          return containerStatus(container, { waiting: { reason: "ImagePullBackOff", message } }, false, 0);
        }),
      };
    case "crash-loop":
      return {
        ...pod.status,
        ...address,
        phase: "Running",
        conditions: conditionsOf(
          pod,
          now,
          { Initialized: true, Ready: false, ContainersReady: false, PodScheduled: true },
          "ContainersNotReady",
          unready,
        ),
        containerStatuses: containers.map((container) => {
          const message = `back-off 5m0s restarting failed container=${container.name} pod=${pod.metadata.name}`;
          return containerStatus(container, { waiting: { reason: "CrashLoopBackOff", message } }, false, 5);
        }),
      };
  }
}

async function tell(plane: Plane, pod: Pod, outcome: Outcome): Promise<void> {
  const image = pod.spec.containers?.[0]?.image ?? "";
  const container = pod.spec.containers?.[0]?.name ?? "";
  if (outcome.run === "image-pull-error") {
    await recordEvent(plane, "kubelet", pod, { type: "Warning", reason: "Failed", message: `Failed to pull image "${image}": not found` });
    return;
  }
  await recordEvent(plane, "kubelet", pod, { reason: "Pulled", message: `Container image "${image}" already present on machine` });
  await recordEvent(plane, "kubelet", pod, { reason: "Created", message: `Container created` });
  await recordEvent(plane, "kubelet", pod, { reason: "Started", message: `Container started` });
  if (outcome.run === "crash-loop") {
    const message = `Back-off restarting failed container ${container} in pod ${pod.metadata.name}`;
    await recordEvent(plane, "kubelet", pod, { type: "Warning", reason: "BackOff", message });
  }
}
