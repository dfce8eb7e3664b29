// SPDX-License-Identifier: Apache-2.0
import { toTimestamp } from "@flux-ts/kube-core";
import type { Container, Pod, PodCondition } from "../objects.ts";
import type { Outcome } from "./pod-outcome.ts";

type PodStatus = NonNullable<Pod["status"]>;

interface ContainerStatus {
  readonly name: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly lastState?: Readonly<Record<string, unknown>>;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly [field: string]: unknown;
}

/** A container that fails is started again after 10 s, then 20 s and so on, at most 5 minutes. */
const FIRST_BACKOFF_MS = 10_000;
const MOST_BACKOFF_MS = 300_000;

/** Milliseconds that a container which was restarted so often waits. */
export function restartBackoffMs(restarts: number): number {
  return Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(Math.max(0, restarts - 1), 16));
}

export function restartsOf(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => Number(status["restartCount"] ?? 0)));
}

/** The status of a pod whose node has just taken it on. */
export function startingStatus(pod: Pod, now: number, hostIP: string): PodStatus {
  return {
    ...pod.status,
    ...generationOf(pod),
    phase: "Pending",
    startTime: toTimestamp(now),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    conditions: conditionsOf(pod, now, {
      started: false,
      initialized: (pod.spec.initContainers ?? []).length === 0,
      unready: notReady(pod),
    }),
    ...initStatuses(pod, "waiting", now),
    containerStatuses: containersOf(pod).map((container) => containerStatus(pod, container, { waiting: { reason: "ContainerCreating" } })),
  };
}

/** The status of a pod of whom everything has come that is to come; of a looping one, for so many restarts. */
export function settledStatus(pod: Pod, outcome: Outcome, now: number, restarts: number): PodStatus {
  const containers = containersOf(pod);
  const podIP = addressOf(pod);
  const startedAt = toTimestamp(now);
  const base = { ...pod.status, ...generationOf(pod), podIP, podIPs: [{ ip: podIP }] };
  const running = (container: Container, ready: boolean): ContainerStatus =>
    containerStatus(pod, container, { running: { startedAt } }, { ready });
  switch (outcome.run) {
    case "ready":
      return {
        ...base,
        phase: "Running",
        conditions: conditionsOf(pod, now, { started: true, initialized: true }),
        ...initStatuses(pod, "done", now),
        containerStatuses: containers.map((container) => running(container, true)),
      };
    case "pending":
      return pod.status ?? {};
    case "never-ready":
      return {
        ...base,
        phase: "Running",
        conditions: conditionsOf(pod, now, { started: true, initialized: true, unready: notReady(pod) }),
        ...initStatuses(pod, "done", now),
        containerStatuses: containers.map((container) => running(container, false)),
      };
    case "complete":
    case "fail": {
      const exitCode = outcome.run === "fail" ? outcome.exitCode : 0;
      return { ...base, ...endedStatus(pod, now, exitCode) };
    }
    case "image-pull-error":
      return {
        ...base,
        phase: "Pending",
        conditions: conditionsOf(pod, now, { started: true, initialized: true, unready: notReady(pod) }),
        ...initStatuses(pod, "done", now),
        containerStatuses: containers.map((container) => {
          const message = `Back-off pulling image "${container.image ?? ""}": ErrImagePull: ${pullProblem(container)}`;
          return containerStatus(pod, container, { waiting: { reason: "ImagePullBackOff", message } });
        }),
      };
    case "crash-loop": {
      const { name, namespace, uid } = pod.metadata;
      const wait = `back-off ${goSeconds(restartBackoffMs(restarts))} restarting failed container=`;
      const terminated = { exitCode: outcome.exitCode, reason: reasonOf(outcome.exitCode), startedAt, finishedAt: startedAt };
      return {
        ...base,
        phase: "Running",
        conditions: conditionsOf(pod, now, { started: true, initialized: true, unready: notReady(pod) }),
        ...initStatuses(pod, "done", now),
        containerStatuses: containers.map((container) => {
          const message = `${wait}${container.name} pod=${name}_${namespace}(${uid})`;
          const state = { waiting: { reason: "CrashLoopBackOff", message } };
          return containerStatus(pod, container, state, { restarts, lastState: { terminated } });
        }),
      };
    }
  }
}

/** The parts of the status of a pod whose containers have ended. */
export function endedStatus(pod: Pod, now: number, exitCode: number): PodStatus {
  const time = toTimestamp(now);
  const startedAt = String(pod.status?.["startTime"] ?? time);
  const unready = exitCode === 0 ? { reason: "PodCompleted" } : { reason: "PodFailed" };
  return {
    phase: exitCode === 0 ? "Succeeded" : "Failed",
    conditions: conditionsOf(pod, now, { started: false, initialized: true, unready }),
    ...initStatuses(pod, "done", now),
    containerStatuses: containersOf(pod).map((container) =>
      containerStatus(pod, container, { terminated: { exitCode, reason: reasonOf(exitCode), startedAt, finishedAt: time } }),
    ),
  };
}

/** Why an image that is not there could not be pulled. */
export function pullProblem({ image = "" }: Container): string {
  return `failed to pull and unpack image "${image}": not found`;
}

function containersOf(pod: Pod): readonly Container[] {
  return pod.spec.containers ?? [];
}

function generationOf(pod: Pod): { readonly observedGeneration?: number } {
  const { generation } = pod.metadata;
  return generation === undefined ? {} : { observedGeneration: generation };
}

function reasonOf(exitCode: number): string {
  return exitCode === 0 ? "Completed" : "Error";
}

/** As Go prints it: `10s`, `1m20s`, `5m0s`. */
function goSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** The same pod has the same address for as long as it lives. */
function addressOf(pod: Pod): string {
  if (pod.spec["hostNetwork"] === true && typeof pod.status?.["hostIP"] === "string") return pod.status["hostIP"];
  const digits = [...(pod.metadata.uid ?? "")].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 64_516, 7);
  return `10.244.${Math.floor(digits / 254)}.${(digits % 254) + 1}`;
}

interface Unready {
  readonly reason: string;
  readonly message?: string;
}

function notReady(pod: Pod): Unready {
  const names = containersOf(pod).map((container) => container.name);
  return { reason: "ContainersNotReady", message: `containers with unready status: [${names.join(" ")}]` };
}

interface Facts {
  readonly started: boolean;
  readonly initialized: boolean;
  /** Absent: the containers are ready. */
  readonly unready?: Unready;
}

function conditionsOf(pod: Pod, now: number, { started, initialized, unready }: Facts): readonly PodCondition[] {
  const gate = (pod.spec.readinessGates ?? []).find(({ conditionType }) => statusOf(pod, conditionType) !== "True");
  const gated: Unready | undefined =
    gate === undefined
      ? undefined
      : { reason: "ReadinessGatesNotReady", message: `the status of pod readiness gate "${gate.conditionType}" is not "True", but False` };
  const own: readonly (readonly [string, Unready | undefined])[] = [
    ["PodReadyToStartContainers", started ? undefined : { reason: "" }],
    ["Initialized", initialized ? undefined : { reason: "ContainersNotInitialized" }],
    ["Ready", unready ?? gated],
    ["ContainersReady", unready],
    ["PodScheduled", undefined],
  ];
  // Those of others stay: readiness gates are theirs.
  const foreign = (pod.status?.conditions ?? []).filter((condition) => !own.some(([type]) => type === condition.type));
  return [...foreign, ...own.map(([type, problem]) => condition(pod, now, type, problem))];
}

function statusOf(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status;
}

function condition(pod: Pod, now: number, type: string, problem: Unready | undefined): PodCondition {
  const status = problem === undefined ? "True" : "False";
  const before = pod.status?.conditions?.find((one) => one.type === type);
  const { reason = "", message } = problem ?? {};
  return {
    type,
    ...generationOf(pod),
    status,
    lastProbeTime: null,
    lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? toTimestamp(now)) : toTimestamp(now),
    ...(reason === "" ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

/** A container's status; one that is in the same sort of state already keeps its times. */
function containerStatus(
  pod: Pod,
  container: Container,
  state: Readonly<Record<string, unknown>>,
  more: { readonly ready?: boolean; readonly restarts?: number; readonly lastState?: Readonly<Record<string, unknown>> } = {},
): ContainerStatus {
  const { name, image = "" } = container;
  const { ready = false, restarts } = more;
  const all = [...(pod.status?.containerStatuses ?? []), ...((pod.status?.["initContainerStatuses"] ?? []) as readonly ContainerStatus[])];
  const before = all.find((one) => one["name"] === name) as ContainerStatus | undefined; // written by this function
  const [sort = ""] = Object.keys(state);
  const isSame = before !== undefined && sort !== "waiting" && Object.hasOwn(before.state ?? {}, sort);
  const restartCount = restarts ?? before?.restartCount ?? 0;
  const isOldNews = before !== undefined && restarts !== undefined && before.restartCount === restarts;
  return {
    name,
    image,
    imageID: sort === "waiting" && more.lastState === undefined ? "" : `simulated://${image}`,
    ...(sort === "waiting" ? {} : { containerID: `simulated://${pod.metadata.uid}/${name}/${restartCount}` }),
    state: isSame ? before.state : state,
    lastState: (isOldNews ? before.lastState : more.lastState) ?? before?.lastState ?? {},
    ready,
    restartCount,
    started: sort === "running",
  };
}

function initStatuses(pod: Pod, phase: "waiting" | "done", now: number): { readonly initContainerStatuses?: readonly ContainerStatus[] } {
  const { initContainers = [] } = pod.spec;
  if (initContainers.length === 0) return {};
  const time = toTimestamp(now);
  return {
    initContainerStatuses: initContainers.map((container) => {
      if (phase === "waiting") return containerStatus(pod, container, { waiting: { reason: "PodInitializing" } });
      // A sidecar runs beside the others.
      if (container["restartPolicy"] === "Always")
        return containerStatus(pod, container, { running: { startedAt: time } }, { ready: true });
      const terminated = { exitCode: 0, reason: "Completed", startedAt: time, finishedAt: time };
      return containerStatus(pod, container, { terminated }, { ready: true });
    }),
  };
}
