// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectMeta } from "@flux-ts/kube-core";
import { deepEqual, toTimestamp } from "@flux-ts/kube-core";
import { parseCron } from "./cron-schedule.ts";
import { recordEvent } from "./events.ts";
import type { Job } from "./job.ts";
import { isFinished } from "./job.ts";
import type { PlaneController } from "./loop.ts";
import { compact, controllerOf, isDeleting, ownedBy } from "./objects.ts";
import type { Plane } from "./plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "./plane.ts";

const COMPONENT = "cronjob-controller";

interface CronJob extends KubeObject {
  readonly spec: {
    readonly schedule: string;
    readonly suspend?: boolean;
    readonly concurrencyPolicy?: string;
    readonly startingDeadlineSeconds?: number;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly jobTemplate: { readonly metadata?: ObjectMeta; readonly spec: Job["spec"] };
  };
  readonly status?: { readonly active?: readonly unknown[]; readonly lastScheduleTime?: string; readonly lastSuccessfulTime?: string };
}

/** CronJobs: a Job at each time of the schedule, and a bounded history. @see kube-controller-manager cronjob */
export const cronJobController: PlaneController = {
  name: COMPONENT,
  watches: {
    "cronjobs.batch": (change) => [change.key],
    "jobs.batch": (change) => {
      const owner = controllerOf(change.object);
      return owner?.kind === "CronJob" ? [keyOf(change.object.metadata.namespace, owner.name)] : [];
    },
  },
  reconcile: async (key, plane) => {
    const { namespace = "", name } = splitKey(key);
    const cron = plane.get<CronJob>(ENDPOINTS.cronJobs, namespace, name);
    if (cron === undefined || isDeleting(cron)) return undefined;
    const jobs = plane.list<Job>(ENDPOINTS.jobs, namespace).filter((job) => controllerOf(job)?.uid === cron.metadata.uid);
    await trim(plane, cron, jobs);
    const schedule = parseCron(cron.spec.schedule);
    if (schedule === undefined || cron.spec.suspend === true) {
      await writeStatus(plane, cron, jobs, cron.status?.lastScheduleTime);
      return undefined;
    }
    const now = plane.clock.now();
    const since = Date.parse(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? toTimestamp(now));
    const due = lastDue(schedule.next, since, now);
    if (due === undefined) {
      await writeStatus(plane, cron, jobs, cron.status?.lastScheduleTime);
    } else {
      const started = await start(plane, cron, jobs, due);
      await writeStatus(plane, cron, started, toTimestamp(due));
    }
    const next = schedule.next(now);
    return next === undefined ? undefined : next - now;
  },
};

/** The latest time of the schedule that has come since; older ones were missed. */
function lastDue(next: (after: number) => number | undefined, since: number, now: number): number | undefined {
  let due: number | undefined;
  for (let at = next(since), steps = 0; at !== undefined && at <= now && steps < 1000; at = next(at), steps += 1) due = at;
  return due;
}

async function start(plane: Plane, cron: CronJob, jobs: readonly Job[], due: number): Promise<readonly Job[]> {
  const running = jobs.filter((job) => !isFinished(job));
  const { concurrencyPolicy = "Allow", jobTemplate } = cron.spec;
  if (running.length > 0 && concurrencyPolicy === "Forbid") return jobs;
  if (concurrencyPolicy === "Replace")
    for (const job of running) await plane.delete(ENDPOINTS.jobs, job, { propagationPolicy: "Background" });
  const name = `${cron.metadata.name}-${Math.floor(due / 60_000)}`;
  if (jobs.some((job) => job.metadata.name === name)) return jobs;
  const { labels, annotations } = jobTemplate.metadata ?? {};
  const job = await plane.create<Job>(ENDPOINTS.jobs, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: compact({
      name,
      namespace: cron.metadata.namespace ?? "",
      ...(labels === undefined ? {} : { labels }),
      annotations: { ...annotations, "batch.kubernetes.io/cronjob-scheduled-timestamp": toTimestamp(due) },
      ownerReferences: [ownedBy(cron)],
    }),
    spec: jobTemplate.spec,
  });
  await recordEvent(plane, COMPONENT, cron, { reason: "SuccessfulCreate", message: `Created job ${name}` });
  return [...jobs, job];
}

async function trim(plane: Plane, cron: CronJob, jobs: readonly Job[]): Promise<void> {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec;
  const ended = (type: string): readonly Job[] =>
    jobs
      .filter((job) => job.status?.conditions?.some((one) => one.type === type && one.status === "True"))
      .toSorted((a, b) => ((a.status?.startTime ?? "") < (b.status?.startTime ?? "") ? -1 : 1));
  for (const [type, limit] of [
    ["Complete", successfulJobsHistoryLimit],
    ["Failed", failedJobsHistoryLimit],
  ] as const) {
    const all = ended(type);
    for (const job of all.slice(0, Math.max(0, all.length - limit)))
      await plane.delete(ENDPOINTS.jobs, job, { propagationPolicy: "Background" });
  }
}

async function writeStatus(plane: Plane, cron: CronJob, jobs: readonly Job[], lastScheduleTime: string | undefined): Promise<void> {
  const active = jobs
    .filter((job) => !isFinished(job) && !isDeleting(job))
    .map(({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } }) => ({
      apiVersion,
      kind,
      name,
      namespace,
      uid,
      resourceVersion,
    }));
  const lastSuccessfulTime =
    jobs
      .map((job) => job.status?.completionTime)
      .filter((time) => time !== undefined)
      .toSorted()
      .at(-1) ?? cron.status?.lastSuccessfulTime;
  const known = cron.status?.active ?? [];
  const isSame =
    known.length === active.length && active.every((one) => known.some((other) => (other as { uid?: string }).uid === one.uid));
  const status = compact({ active: active.length === 0 ? undefined : isSame ? known : active, lastScheduleTime, lastSuccessfulTime });
  if (!deepEqual(status, cron.status ?? {})) await plane.update(ENDPOINTS.cronJobs, { ...cron, status }, "status");
}
