// SPDX-License-Identifier: Apache-2.0
// One look at one Job, a state machine over its counts, conditions and pods; hence its length.
import { deepEqual, toTimestamp } from "@flux-ts/kube-core";
import { deletePod } from "../create-pod.ts";
import { recordEvent } from "../events.ts";
import type { Pod } from "../objects.ts";
import { compact, isDeleting, isPodActive, isPodReady } from "../objects.ts";
import type { Plane } from "../plane.ts";
import { ENDPOINTS } from "../plane.ts";
import type { BackoffRecord } from "./backoff.ts";
import { finishedAt, nextBackoff, remainingMs } from "./backoff.ts";
import { findTrue, newCondition, withCondition } from "./conditions.ts";
import { firstPending, formatIndexes, parseIndexes } from "./indexes.ts";
import type { Job, JobCondition, JobStatus } from "./job.ts";
import { indexOf, isIndexed, isPodFailed, isTracked, replacesFailedOnly } from "./job.ts";
import { addPod, failuresOf, ignoredFailuresOf, podsToRemove, releasePod, removePods } from "./manage-pods.ts";
import { containerStatuses, judgeFailure, metSuccessRule } from "./policies.ts";
import { COMPONENT, tellFinished } from "./tell-finished.ts";

/** Pods made or deleted in one look. */
const BURST = 500;
/** Ended pods that stand in the status before their finalizers go. */
const MAX_UNCOUNTED = 500;

/** The status while it is worked on. */
type Draft = { -readonly [Field in keyof JobStatus]: JobStatus[Field] };

/** @see kube-controller-manager job syncJob */
export class JobSync {
  /** What the next look starts from, once something was written. */
  readonly backoff: BackoffRecord;
  hasWritten = false;
  readonly #plane: Plane;
  readonly #pods: readonly Pod[];
  readonly #activePods: readonly Pod[];
  readonly #indexed: boolean;
  readonly #status: Draft;
  #job: Job;
  #active: number;
  #ready: number;
  #terminating: number;
  #uncounted: { readonly succeeded: Set<string>; readonly failed: Set<string> };
  #done: ReadonlySet<number> = new Set();
  #broken: ReadonlySet<number> = new Set();
  /** By index, the failed pod that stays until its successor has taken over its count of failures. */
  #delayed: ReadonlyMap<number, Pod> = new Map();
  /** How the Job ends, once all pods are counted. */
  #end: JobCondition | undefined;
  #againInMs: number | undefined;

  constructor(plane: Plane, job: Job, pods: readonly Pod[], backoff: BackoffRecord | undefined) {
    this.#plane = plane;
    this.#job = job;
    this.#pods = pods;
    this.#indexed = isIndexed(job);
    this.#status = { ...job.status };
    this.#activePods = pods.filter(isPodActive);
    this.#active = this.#activePods.length;
    this.#ready = this.#activePods.filter(isPodReady).length;
    this.#terminating = pods.filter(isTerminating).length;
    const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
    this.#uncounted = { succeeded: new Set(succeeded), failed: new Set(failed) };
    this.backoff = nextBackoff(backoff, this.#newlySucceeded, this.#newlyFailed);
  }

  /** @returns milliseconds until time alone changes something */
  async run(): Promise<number | undefined> {
    const { spec } = this.#job;
    if (this.#status.startTime === undefined && spec.suspend !== true) this.#status.startTime = toTimestamp(this.#now);
    if (this.#indexed) this.#countIndexes();
    const failed = (this.#status.failed ?? 0) + this.#newlyFailed.filter((pod) => judgeFailure(this.#job, pod).counts).length;
    const succeeded = this.#indexed
      ? this.#done.size
      : (this.#status.succeeded ?? 0) + this.#newlySucceeded.length + this.#uncounted.succeeded.size;
    this.#end = this.#judge(failed + this.#uncounted.failed.size);
    let isSuspendTold = false;
    if (this.#end !== undefined) {
      await this.#deleteActive();
    } else {
      if (!isDeleting(this.#job)) await this.#manage(succeeded);
      if (this.#isComplete(succeeded)) {
        this.#end = this.#condition("SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods");
      } else if (!isDeleting(this.#job)) {
        isSuspendTold = await this.#tellSuspension();
      }
    }
    const before = this.#job.status ?? {};
    const isChanged =
      isSuspendTold || this.#active !== (before.active ?? 0) || this.#ready !== before.ready || this.#terminating !== before.terminating;
    this.#status.active = this.#active;
    this.#status.ready = this.#ready;
    this.#status.terminating = this.#terminating;
    await this.#track(isChanged);
    return this.#againInMs;
  }

  get #now(): number {
    return this.#plane.clock.now();
  }

  #condition(type: string, reason: string, message: string): JobCondition {
    return newCondition(type, "True", reason, message, this.#now);
  }

  /** Pods that still have their finalizer, and that the status does not hold yet. */
  #untold(uncounted: ReadonlySet<string>): readonly Pod[] {
    return this.#pods.filter(
      (pod) => isTracked(pod) && !uncounted.has(pod.metadata.uid ?? "") && (!this.#indexed || indexOf(pod, this.#job) !== undefined),
    );
  }

  get #newlySucceeded(): readonly Pod[] {
    return this.#untold(this.#uncounted.succeeded).filter((pod) => pod.status?.phase === "Succeeded");
  }

  get #newlyFailed(): readonly Pod[] {
    return this.#untold(this.#uncounted.failed).filter((pod) => isPodFailed(pod, this.#job));
  }

  #countIndexes(): void {
    const { completions = 0, backoffLimitPerIndex } = this.#job.spec;
    const done = new Set(parseIndexes(this.#status.completedIndexes, completions));
    const ended = this.#pods.flatMap((pod) => {
      const index = indexOf(pod, this.#job);
      return index === undefined || !isTracked(pod) ? [] : [{ pod, index }];
    });
    for (const { pod, index } of ended) if (pod.status?.phase === "Succeeded") done.add(index);
    this.#done = done;
    if (backoffLimitPerIndex === undefined) return;
    const broken = new Set(parseIndexes(this.#status.failedIndexes, completions));
    for (const { pod, index } of ended) {
      if (!isPodFailed(pod, this.#job)) continue;
      const { counts, failsIndex } = judgeFailure(this.#job, pod);
      if (failsIndex || (counts && failuresOf(pod) >= backoffLimitPerIndex)) broken.add(index);
    }
    this.#broken = broken;
    const active = this.#indexesOf(this.#activePods);
    const delayed = new Map<number, Pod>();
    for (const { pod, index } of ended) {
      if (!isPodFailed(pod, this.#job) || done.has(index) || broken.has(index) || active.has(index)) continue;
      const other = delayed.get(index);
      if (other === undefined || (allFailures(other) <= allFailures(pod) && finishedAt(pod) >= finishedAt(other))) delayed.set(index, pod);
    }
    this.#delayed = delayed;
  }

  #indexesOf(pods: readonly Pod[]): ReadonlySet<number> {
    return new Set(pods.map((pod) => indexOf(pod, this.#job)).filter((index) => index !== undefined));
  }

  /** What ends the Job, apart from its having enough completions: an end decided before, then failures, then the success policy. */
  #judge(failed: number): JobCondition | undefined {
    const { spec } = this.#job;
    const conditions = this.#status.conditions ?? [];
    const met = findTrue(conditions, "SuccessCriteriaMet");
    if (met !== undefined) return met;
    const target = findTrue(conditions, "FailureTarget");
    if (target !== undefined) return this.#condition("Failed", target.reason ?? "", target.message ?? "");
    for (const pod of this.#pods) {
      const message = isPodFailed(pod, this.#job) ? judgeFailure(this.#job, pod).failJob : undefined;
      if (message !== undefined) return this.#condition("FailureTarget", "PodFailurePolicy", message);
    }
    if (failed > (spec.backoffLimit ?? 6) || this.#hasRestartedTooOften()) {
      return this.#condition("FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    if (spec.activeDeadlineSeconds !== undefined && this.#status.startTime !== undefined && spec.suspend !== true) {
      const leftMs = Date.parse(this.#status.startTime) + spec.activeDeadlineSeconds * 1000 - this.#now;
      if (leftMs <= 0) return this.#condition("FailureTarget", "DeadlineExceeded", "Job was active longer than specified deadline");
      this.#lookAgainIn(leftMs);
    }
    if (!this.#indexed) return undefined;
    if (spec.maxFailedIndexes !== undefined && this.#broken.size > spec.maxFailedIndexes) {
      const message = "Job has exceeded the specified maximal number of failed indexes";
      return this.#condition("FailureTarget", "MaxFailedIndexesExceeded", message);
    }
    if (this.#broken.size > 0 && this.#broken.size + this.#done.size >= (spec.completions ?? 0)) {
      return this.#condition("FailureTarget", "FailedIndexes", "Job has failed indexes");
    }
    const rule = metSuccessRule(this.#job, this.#done);
    return rule === undefined ? undefined : this.#condition("SuccessCriteriaMet", "SuccessPolicy", rule);
  }

  /** Containers that are restarted in their pods count, too. */
  #hasRestartedTooOften(): boolean {
    const { template, backoffLimit = 6 } = this.#job.spec;
    if (template.spec?.restartPolicy !== "OnFailure") return false;
    const restarts = this.#pods
      .filter((pod) => pod.status?.phase === "Running" || pod.status?.phase === "Pending")
      .flatMap(containerStatuses)
      .reduce((sum, status) => sum + (status.restartCount ?? 0), 0);
    return restarts >= Math.max(1, backoffLimit);
  }

  #isComplete(succeeded: number): boolean {
    const { completions } = this.#job.spec;
    return this.#active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions);
  }

  async #deleteActive(): Promise<void> {
    for (const pod of this.#activePods) await deletePod(this.#plane, COMPONENT, this.#job, pod);
    this.#terminating += this.#active;
    this.#active = 0;
    this.#ready = 0;
  }

  /** As many active pods as there should be. */
  async #manage(succeeded: number): Promise<void> {
    const { parallelism = 1, completions, suspend } = this.#job.spec;
    const openEnded = succeeded > 0 ? this.#active : parallelism;
    const wanted =
      suspend === true ? 0 : completions === undefined ? openEnded : Math.max(0, Math.min(parallelism, completions - succeeded));
    const removed = podsToRemove(this.#job, this.#activePods, Math.max(0, this.#active - wanted)).slice(0, BURST);
    if (removed.length > 0) {
      await removePods(this.#plane, this.#job, removed);
      this.#active -= removed.length;
      this.#terminating += removed.length;
      this.#ready -= removed.filter(isPodReady).length;
      return;
    }
    const missing = wanted - this.#active - (replacesFailedOnly(this.#job) ? this.#terminating : 0);
    if (missing > 0) await this.#add(Math.min(missing, BURST));
  }

  async #add(missing: number): Promise<void> {
    const { backoffLimitPerIndex, completions = 0 } = this.#job.spec;
    const perIndex = backoffLimitPerIndex !== undefined;
    const waitMs = perIndex ? 0 : remainingMs(this.backoff, this.#now);
    if (waitMs > 0) {
      this.#active = 0;
      this.#lookAgainIn(waitMs);
      return;
    }
    if (!this.#indexed) {
      for (let made = 0; made < missing; made += 1, this.#active += 1) await addPod(this.#plane, this.#job);
      return;
    }
    const terminating = replacesFailedOnly(this.#job) ? this.#indexesOf(this.#pods.filter(isTerminating)) : new Set<number>();
    const taken = [this.#done, this.#broken, this.#indexesOf(this.#activePods), terminating];
    let isAdded = false;
    for (const index of firstPending(missing, completions, taken)) {
      const replaced = this.#delayed.get(index);
      const indexWaitMs = replaced === undefined ? 0 : waitOf(replaced, this.#now);
      if (indexWaitMs > 0) {
        this.#lookAgainIn(indexWaitMs);
        continue;
      }
      await addPod(this.#plane, this.#job, index, replaced);
      this.#active += 1;
      isAdded = true;
    }
    if (perIndex && !isAdded) this.#active = 0;
  }

  async #tellSuspension(): Promise<boolean> {
    const isSuspended = this.#job.spec.suspend === true;
    const [status, reason, message] = isSuspended ? ["True", "JobSuspended", "Job suspended"] : ["False", "JobResumed", "Job resumed"];
    const before = this.#status.conditions ?? [];
    const conditions = withCondition(before, newCondition("Suspended", status, reason, message, this.#now));
    if (conditions === before) return false;
    this.#status.conditions = conditions;
    if (isSuspended) delete this.#status.startTime;
    else this.#status.startTime = toTimestamp(this.#now);
    await recordEvent(this.#plane, COMPONENT, this.#job, { reason: isSuspended ? "Suspended" : "Resumed", message });
    return true;
  }

  /**
   * Counts pods that ended, so that none is counted twice or lost: first their uids stand in the status, then their finalizers go, then the
   * counts move. Last comes the condition that says that all is over.
   */
  async #track(isChanged: boolean): Promise<void> {
    let needsWrite = this.#settle(new Set(this.#pods.filter(isTracked).map((pod) => pod.metadata.uid ?? ""))) || isChanged;
    const released: Pod[] = [];
    let isCapped = false;
    for (const pod of this.#pods) {
      if (!isTracked(pod) || !this.#canRelease(pod)) continue;
      released.push(pod);
      needsWrite = this.#enter(pod) || needsWrite;
      isCapped = this.#uncounted.succeeded.size + this.#uncounted.failed.size >= MAX_UNCOUNTED;
      if (isCapped) break;
    }
    needsWrite = this.#tellIndexes() || needsWrite;
    needsWrite = this.#tellTarget() || needsWrite;
    if (needsWrite) await this.#write();
    for (const pod of released) await releasePod(this.#plane, pod);
    const gone = new Set(released.map((pod) => pod.metadata.uid ?? ""));
    const tracked = this.#pods.filter((pod) => isTracked(pod) && !gone.has(pod.metadata.uid ?? ""));
    needsWrite = this.#settle(new Set(tracked.map((pod) => pod.metadata.uid ?? "")));
    const isFinished = !isCapped && this.#finish();
    if (needsWrite || isFinished) await this.#write();
    if (isFinished) await tellFinished(this.#plane, this.#job);
  }

  #canRelease(pod: Pod): boolean {
    if (isDeleting(this.#job) || this.#end !== undefined || pod.status?.phase === "Succeeded") return true;
    if (!isPodFailed(pod, this.#job)) return false;
    const index = indexOf(pod, this.#job);
    return index === undefined || this.#delayed.get(index)?.metadata.uid !== pod.metadata.uid;
  }

  /** Notes a pod that ended in the status. */
  #enter(pod: Pod): boolean {
    const { uid = "" } = pod.metadata;
    const index = this.#indexed ? indexOf(pod, this.#job) : undefined;
    if (pod.status?.phase === "Succeeded" && !this.#uncounted.failed.has(uid)) {
      // The index itself tells which pods were counted.
      if (this.#indexed || this.#uncounted.succeeded.has(uid)) return false;
      this.#uncounted.succeeded.add(uid);
      return true;
    }
    const isLost = isPodFailed(pod, this.#job) || (this.#end !== undefined && this.#end.type !== "SuccessCriteriaMet");
    if (!isLost || this.#uncounted.failed.has(uid) || (this.#indexed && index === undefined)) return false;
    if (!judgeFailure(this.#job, pod).counts) return false;
    this.#uncounted.failed.add(uid);
    return true;
  }

  /** Moves what has lost its finalizer from the list of uncounted pods to the counts. */
  #settle(tracked: ReadonlySet<string>): boolean {
    let isChanged = false;
    for (const field of ["succeeded", "failed"] as const) {
      for (const uid of this.#uncounted[field]) {
        if (tracked.has(uid)) continue;
        this.#uncounted[field].delete(uid);
        this.#status[field] = (this.#status[field] ?? 0) + 1;
        isChanged = true;
      }
    }
    return isChanged;
  }

  #tellIndexes(): boolean {
    if (!this.#indexed) return false;
    const before = this.#job.status ?? {};
    this.#status.succeeded = this.#done.size;
    this.#status.completedIndexes = formatIndexes(this.#done);
    if (this.#job.spec.backoffLimitPerIndex !== undefined) this.#status.failedIndexes = formatIndexes(this.#broken);
    return this.#status.completedIndexes !== (before.completedIndexes ?? "") || this.#status.failedIndexes !== before.failedIndexes;
  }

  /** How it will end stands in the status before anything is let go. */
  #tellTarget(): boolean {
    const end = this.#end;
    if (end === undefined || (end.type !== "FailureTarget" && end.type !== "SuccessCriteriaMet")) return false;
    const conditions = this.#status.conditions ?? [];
    this.#end = this.#condition(end.type === "FailureTarget" ? "Failed" : "Complete", end.reason ?? "", end.message ?? "");
    if (findTrue(conditions, end.type) !== undefined) return false;
    this.#status.conditions = [...conditions, end];
    return true;
  }

  /** The Job is over when nothing is left to count or to end. */
  #finish(): boolean {
    const end = this.#end;
    if (end === undefined || this.#uncounted.succeeded.size + this.#uncounted.failed.size > 0 || this.#terminating > 0) return false;
    this.#status.conditions = withCondition(this.#status.conditions ?? [], end);
    if (end.type === "Complete") this.#status.completionTime = end.lastTransitionTime;
    return true;
  }

  async #write(): Promise<void> {
    const { active, succeeded, failed, completedIndexes } = this.#status;
    const orAbsent = (number: number | undefined): number | undefined => (number === 0 ? undefined : number);
    const lists = { succeeded: [...this.#uncounted.succeeded], failed: [...this.#uncounted.failed] };
    const status = compact({
      ...this.#status,
      active: orAbsent(active),
      succeeded: orAbsent(succeeded),
      failed: orAbsent(failed),
      completedIndexes: completedIndexes === "" ? undefined : completedIndexes,
      uncountedTerminatedPods: Object.fromEntries(Object.entries(lists).filter(([, uids]) => uids.length > 0)),
    }) as JobStatus;
    if (deepEqual(status, this.#job.status ?? {})) return;
    this.#job = await this.#plane.update<Job>(ENDPOINTS.jobs, { ...this.#job, status }, "status");
    this.hasWritten = true;
  }

  #lookAgainIn(ms: number): void {
    this.#againInMs = Math.min(this.#againInMs ?? ms, ms);
  }
}

function isTerminating(pod: Pod): boolean {
  return isDeleting(pod) && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed";
}

function allFailures(pod: Pod): number {
  return failuresOf(pod) + ignoredFailuresOf(pod);
}

function waitOf(replaced: Pod, now: number): number {
  return remainingMs({ failures: allFailures(replaced) + 1, lastFailure: finishedAt(replaced) }, now);
}
