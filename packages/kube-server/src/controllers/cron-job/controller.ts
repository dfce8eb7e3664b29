// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectMeta } from "@flux-ts/kube-core";
import { ApiError, deepEqual, toTimestamp } from "@flux-ts/kube-core";
import { recordEvent } from "../events.ts";
import type { Job } from "../job/job.ts";
import { isFinished } from "../job/job.ts";
import type { PlaneController } from "../loop.ts";
import { compact, controllerOf, isDeleting, ownedBy } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS, keyOf, splitKey } from "../plane.ts";
import { latestDue } from "./due.ts";
import type { CronSchedule } from "./schedule.ts";
import { parseCron } from "./schedule.ts";

const COMPONENT = "cronjob-controller";
/** Clocks differ: the next look is a little after the time. */
const PADDING_MS = 100;

interface JobReference {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

interface CronJob extends KubeObject {
  readonly spec: {
    readonly schedule: string;
    readonly timeZone?: string;
    readonly suspend?: boolean;
    readonly concurrencyPolicy?: string;
    readonly startingDeadlineSeconds?: number;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly jobTemplate: { readonly metadata?: ObjectMeta; readonly spec: Job["spec"] };
  };
  readonly status?: CronJobStatus;
}

interface CronJobStatus {
  /** Jobs that the schedule started and that run still. */
  readonly active?: readonly JobReference[];
  readonly lastScheduleTime?: string;
  readonly lastSuccessfulTime?: string;
}

/** CronJobs: a Job at each time of the schedule, and a bounded history. @see kube-controller-manager cronjob */
export function cronJobController(): PlaneController {
  /** By uid: a schedule that changes starts anew, and makes up for nothing. */
  const schedules = new Map<string, string>();
  return {
    name: COMPONENT,
    watches: {
      "cronjobs.batch": (change) => {
        if (change.type === "DELETED") schedules.delete(change.object.metadata.uid ?? "");
        return [change.key];
      },
      "jobs.batch": (change) => {
        const owner = controllerOf(change.object);
        return owner?.kind === "CronJob" ? [keyOf(change.object.metadata.namespace, owner.name)] : [];
      },
    },
    reconcile: async (key, plane) => {
      const { namespace = "", name } = splitKey(key);
      const cron = plane.get<CronJob>(ENDPOINTS.cronJobs, namespace, name);
      if (cron === undefined) return undefined;
      const { uid = "" } = cron.metadata;
      const text = `${cron.spec.timeZone ?? ""} ${cron.spec.schedule}`;
      const before = schedules.get(uid);
      schedules.set(uid, text);
      const schedule = parseCron(cron.spec.schedule, cron.spec.timeZone);
      if (before !== undefined && before !== text && schedule !== undefined) return nextLookMs(cron, cron.status ?? {}, schedule, plane);
      return new CronSync(plane, cron, schedule).run();
    },
  };
}

/** Milliseconds until the schedule's next time. @see cronjob nextScheduleTimeDuration */
function nextLookMs(cron: CronJob, status: CronJobStatus, schedule: CronSchedule, plane: Plane): number | undefined {
  const now = plane.clock.now();
  const next = schedule.next(latestDue(schedule, sinceOf(cron, status), now).at ?? now);
  return next === undefined ? undefined : next + PADDING_MS - now;
}

function sinceOf(cron: CronJob, status: CronJobStatus): number {
  return Date.parse(status.lastScheduleTime ?? cron.metadata.creationTimestamp ?? "");
}

class CronSync {
  readonly #plane: Plane;
  readonly #cron: CronJob;
  readonly #schedule: CronSchedule | undefined;
  readonly #jobs: readonly Job[];
  #status: CronJobStatus;

  constructor(plane: Plane, cron: CronJob, schedule: CronSchedule | undefined) {
    this.#plane = plane;
    this.#cron = cron;
    this.#schedule = schedule;
    this.#status = cron.status ?? {};
    this.#jobs = plane.controlledBy<Job>(ENDPOINTS.jobs, cron);
  }

  async run(): Promise<number | undefined> {
    await this.#lookAtJobs();
    const schedule = this.#schedule;
    const waits = isDeleting(this.#cron) || this.#cron.spec.suspend === true || schedule === undefined;
    const afterMs = waits ? undefined : await this.#startDue(schedule);
    await this.#trimHistory();
    const active = this.#status.active ?? [];
    const status = compact({ ...this.#status, active: active.length === 0 ? undefined : active });
    if (!deepEqual(status, this.#cron.status ?? {})) {
      await this.#plane.update<KubeObject>(ENDPOINTS.cronJobs, { ...this.#cron, status }, "status");
    }
    return afterMs;
  }

  #tell(reason: string, message: string, type: "Normal" | "Warning" = "Normal"): Promise<void> {
    return recordEvent(this.#plane, COMPONENT, this.#cron, { type, reason, message });
  }

  #isActive(job: Job): boolean {
    return this.#status.active?.some((one) => one.uid === job.metadata.uid) ?? false;
  }

  #forget(uid: string | undefined): void {
    this.#status = { ...this.#status, active: (this.#status.active ?? []).filter((one) => one.uid !== uid) };
  }

  /** What became of Jobs; those that somebody else made for this CronJob are told of, not counted. */
  async #lookAtJobs(): Promise<void> {
    for (const job of this.#jobs) {
      const { uid, name } = job.metadata;
      if (!isFinished(job)) {
        if (!this.#isActive(job)) {
          await this.#tell("UnexpectedJob", `Saw a job that the controller did not create or forgot: ${name}`, "Warning");
        }
        continue;
      }
      const condition = job.status?.conditions?.find((one) => (one.type === "Complete" || one.type === "Failed") && one.status === "True");
      if (this.#isActive(job)) {
        this.#forget(uid);
        await this.#tell("SawCompletedJob", `Saw completed job: ${name}, condition: ${condition?.type}`);
      }
      const { completionTime } = job.status ?? {};
      if (condition?.type === "Complete" && completionTime !== undefined && completionTime > (this.#status.lastSuccessfulTime ?? "")) {
        this.#status = { ...this.#status, lastSuccessfulTime: completionTime };
      }
    }
    for (const reference of this.#status.active ?? []) {
      if (this.#jobs.some((job) => job.metadata.uid === reference.uid)) continue;
      if (this.#plane.get(ENDPOINTS.jobs, reference.namespace, reference.name ?? "") !== undefined) continue;
      await this.#tell("MissingJob", `Active job went missing: ${reference.name}`);
      this.#forget(reference.uid);
    }
  }

  async #startDue(schedule: CronSchedule): Promise<number | undefined> {
    const now = this.#plane.clock.now();
    const { startingDeadlineSeconds, concurrencyPolicy } = this.#cron.spec;
    const deadline = startingDeadlineSeconds === undefined ? 0 : now - startingDeadlineSeconds * 1000;
    const { at, missedMany } = latestDue(schedule, Math.max(sinceOf(this.#cron, this.#status), deadline), now);
    if (at === undefined) return nextLookMs(this.#cron, this.#status, schedule, this.#plane);
    if (missedMany) {
      const message = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";
      await this.#tell("TooManyMissedTimes", message, "Warning");
    }
    const isForbidden = concurrencyPolicy === "Forbid" && (this.#status.active ?? []).length > 0;
    if (isForbidden) {
      await this.#tell("JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
    } else {
      if (concurrencyPolicy === "Replace") await this.#deleteActive();
      await this.#start(at);
    }
    return nextLookMs(this.#cron, this.#status, schedule, this.#plane);
  }

  async #start(at: number): Promise<void> {
    const { spec, metadata } = this.#cron;
    const name = `${metadata.name}-${Math.floor(at / 60_000)}`;
    if (this.#status.active?.some((one) => one.name === name)) return;
    const { labels, annotations } = spec.jobTemplate.metadata ?? {};
    let job: Job;
    try {
      job = await this.#plane.create<Job>(ENDPOINTS.jobs, {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: compact({
          name,
          namespace: metadata.namespace ?? "",
          ...(labels === undefined ? {} : { labels }),
          annotations: { ...annotations, "batch.kubernetes.io/cronjob-scheduled-timestamp": localTimestamp(at, spec.timeZone) },
          ownerReferences: [ownedBy(this.#cron)],
        }),
        spec: spec.jobTemplate.spec,
      });
      await this.#tell("SuccessfulCreate", `Created job ${name}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Made before, and the status was not written.
      const existing = this.#jobs.find((one) => one.metadata.name === name);
      if (error.reason !== "AlreadyExists") await this.#tell("FailedCreate", `Error creating job: ${error.message}`, "Warning");
      if (error.reason !== "AlreadyExists" || existing === undefined) throw error;
      job = existing;
    }
    const { namespace, uid, resourceVersion } = job.metadata;
    const reference: JobReference = compact({
      kind: "Job",
      apiVersion: "batch/v1",
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    });
    this.#status = { ...this.#status, active: [...(this.#status.active ?? []), reference], lastScheduleTime: toTimestamp(at) };
  }

  async #deleteActive(): Promise<void> {
    for (const job of this.#jobs.filter((one) => this.#isActive(one))) await this.#delete(job);
  }

  async #delete(job: Job): Promise<void> {
    await this.#plane.delete(ENDPOINTS.jobs, job, { propagationPolicy: "Background" });
    this.#forget(job.metadata.uid);
    await this.#tell("SuccessfulDelete", `Deleted job ${job.metadata.name}`);
  }

  /** The oldest finished Jobs go, when there are more than the limits. */
  async #trimHistory(): Promise<void> {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = this.#cron.spec;
    for (const [type, limit] of [
      ["Complete", successfulJobsHistoryLimit],
      ["Failed", failedJobsHistoryLimit],
    ] as const) {
      if (limit === undefined) continue;
      const ended = this.#jobs
        .filter((job) => !isDeleting(job) && job.status?.conditions?.some((one) => one.type === type && one.status === "True"))
        .toSorted(byStart);
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) await this.#delete(job);
    }
  }
}

function byStart(a: Job, b: Job): number {
  // Never started comes last.
  const left = [a.status?.startTime ?? "~", a.metadata.name ?? ""].join(" ");
  const right = [b.status?.startTime ?? "~", b.metadata.name ?? ""].join(" ");
  return left < right ? -1 : 1;
}

/** RFC 3339 with the zone's own hour, as `2026-01-01T01:00:00+01:00`; `Z` in UTC. */
function localTimestamp(at: number, zone: string | undefined): string {
  if (zone === undefined) return toTimestamp(at);
  const name = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName")?.value;
  const [, sign = "+", hours = "00", minutes = "00"] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? "") ?? [];
  const offsetMs = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return offsetMs === 0 ? toTimestamp(at) : `${toTimestamp(at + offsetMs).slice(0, -1)}${sign}${hours}:${minutes}`;
}
