// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual, toTimestamp } from "@flux-ts/kube-core";
import type { Change } from "../store/change.ts";
import { createPod } from "./create-pod.ts";
import { recordEvent } from "./events.ts";
import type { PlaneController } from "./loop.ts";
import type { Pod, PodTemplate } from "./objects.ts";
import { compact, controllerOf, isDeleting, isPodActive, isPodReady } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

const COMPONENT = "job-controller";

interface JobCondition {
  readonly type: string;
  readonly status: string;
  readonly lastProbeTime: string;
  readonly lastTransitionTime: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Job extends KubeObject {
  readonly spec: {
    readonly parallelism?: number;
    readonly completions?: number;
    readonly backoffLimit?: number;
    readonly activeDeadlineSeconds?: number;
    readonly ttlSecondsAfterFinished?: number;
    readonly suspend?: boolean;
    readonly completionMode?: string;
    readonly template: PodTemplate;
  };
  readonly status?: {
    readonly conditions?: readonly JobCondition[];
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly active?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly [field: string]: unknown;
  };
}

/** Jobs: pods until enough have succeeded, too many have failed, or the deadline passes. @see kube-controller-manager job, ttl-after-finished */
export const jobController: PlaneController = {
  name: COMPONENT,
  watches: { "jobs.batch": (change) => [change.key], pods: jobOf },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const job = plane.get<Job>(ENDPOINTS.jobs, namespace, name);
    if (job === undefined || isDeleting(job)) return undefined;
    if (isFinished(job)) return expire(plane, job);
    return advance(plane, job);
  },
};

function jobOf(change: Change): readonly string[] {
  const owner = controllerOf(change.object);
  return owner?.kind === "Job" ? [keyOf(change.object.metadata.namespace, owner.name)] : [];
}

export function isFinished(job: Job): boolean {
  return job.status?.conditions?.some((one) => (one.type === "Complete" || one.type === "Failed") && one.status === "True") ?? false;
}

async function expire(plane: Plane, job: Job): Promise<number | undefined> {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return undefined;
  const finished = job.status?.conditions?.find((one) => one.type === "Complete" || one.type === "Failed");
  const leftMs = Date.parse(finished?.lastTransitionTime ?? "") + ttlSecondsAfterFinished * 1000 - plane.clock.now();
  if (leftMs > 0) return leftMs;
  await plane.delete(ENDPOINTS.jobs, job, { propagationPolicy: "Foreground" });
  return undefined;
}

async function advance(plane: Plane, job: Job): Promise<number | undefined> {
  const now = plane.clock.now();
  const { parallelism = 1, backoffLimit = 6, activeDeadlineSeconds, suspend = false } = job.spec;
  const completions = job.spec.completions ?? parallelism;
  const pods = plane.list<Pod>(ENDPOINTS.pods, job.metadata.namespace).filter((pod) => controllerOf(pod)?.uid === job.metadata.uid);
  const active = pods.filter(isPodActive);
  const succeeded = pods.filter((pod) => pod.status?.phase === "Succeeded").length;
  const failed = pods.filter((pod) => pod.status?.phase === "Failed").length;
  const startTime = suspend ? undefined : (job.status?.startTime ?? toTimestamp(now));
  const deadlineMs =
    startTime === undefined || activeDeadlineSeconds === undefined ? undefined : Date.parse(startTime) + activeDeadlineSeconds * 1000 - now;

  if (deadlineMs !== undefined && deadlineMs <= 0) {
    await deleteAll(plane, active);
    await fail(plane, job, startTime, failed + active.length, "DeadlineExceeded", "Job was active longer than specified deadline");
    return undefined;
  }
  if (failed > backoffLimit) {
    await deleteAll(plane, active);
    await fail(plane, job, startTime, failed, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
    return undefined;
  }
  if (!suspend && succeeded >= completions && active.length === 0) {
    await complete(plane, job, startTime, succeeded, failed, now);
    return undefined;
  }
  const wanted = suspend ? 0 : Math.min(parallelism, completions - succeeded);
  let count = active.length;
  for (; count < wanted; count += 1) await createPod(plane, COMPONENT, job, job.spec.template, podOf(job, succeeded + count));
  await deleteAll(plane, active.slice(wanted));
  await writeStatus(plane, job, {
    ...job.status,
    startTime,
    active: orAbsent(Math.min(count, Math.max(wanted, count))),
    ready: active.filter(isPodReady).length,
    succeeded: orAbsent(succeeded),
    failed: orAbsent(failed),
    terminating: pods.filter((pod) => isDeleting(pod)).length,
    uncountedTerminatedPods: {},
  });
  return deadlineMs;
}

function podOf(job: Job, index: number): Parameters<typeof createPod>[4] {
  const labels = {
    "batch.kubernetes.io/controller-uid": job.metadata.uid ?? "",
    "batch.kubernetes.io/job-name": job.metadata.name ?? "",
    "controller-uid": job.metadata.uid ?? "",
    "job-name": job.metadata.name ?? "",
  };
  if (job.spec.completionMode !== "Indexed") return { labels };
  return { labels, annotations: { "batch.kubernetes.io/job-completion-index": String(index) } };
}

async function deleteAll(plane: Plane, pods: readonly Pod[]): Promise<void> {
  for (const pod of pods) await plane.delete(ENDPOINTS.pods, pod);
}

function orAbsent(count: number): number | undefined {
  return count === 0 ? undefined : count;
}

function conditions(now: number, types: readonly string[], reason: string, message: string): readonly JobCondition[] {
  const time = toTimestamp(now);
  return types.map((type) => ({ type, status: "True", lastProbeTime: time, lastTransitionTime: time, reason, message }));
}

async function complete(
  plane: Plane,
  job: Job,
  startTime: string | undefined,
  succeeded: number,
  failed: number,
  now: number,
): Promise<void> {
  await writeStatus(plane, job, {
    conditions: conditions(now, ["SuccessCriteriaMet", "Complete"], "CompletionsReached", "Reached expected number of succeeded pods"),
    startTime,
    completionTime: toTimestamp(now),
    succeeded: orAbsent(succeeded),
    failed: orAbsent(failed),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: 0,
  });
  await recordEvent(plane, COMPONENT, job, { reason: "Completed", message: "Job completed" });
}

async function fail(plane: Plane, job: Job, startTime: string | undefined, failed: number, reason: string, message: string): Promise<void> {
  await writeStatus(plane, job, {
    conditions: conditions(plane.clock.now(), ["FailureTarget", "Failed"], reason, message),
    startTime,
    succeeded: job.status?.succeeded,
    failed: orAbsent(failed),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: 0,
  });
  await recordEvent(plane, COMPONENT, job, { type: "Warning", reason, message });
}

async function writeStatus(plane: Plane, job: Job, status: Readonly<Record<string, unknown>>): Promise<void> {
  const wanted = compact(status);
  if (!deepEqual(wanted, job.status ?? {})) await plane.update(ENDPOINTS.jobs, { ...job, status: wanted }, "status");
}
