// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "../../object.ts";
import { conditionsOf, fieldAt, integerAt, textAt } from "../read-fields.ts";
import type { ComputedStatus } from "../result.ts";
import { current, failed, inProgress } from "../result.ts";

/** Current as soon as the job has started. @see cli-utils kstatus jobConditions */
export function jobStatus(job: KubeObject): ComputedStatus {
  const ended = endOf(job);
  if (ended !== undefined) return ended;
  return hasStarted(job) ? current(progressOf(job)) : inProgress("JobNotStarted", "Job not started");
}

/** Current only when the job is complete or suspended. @see fluxcd/pkg runtime/statusreaders jobConditions */
export function waitForJob(job: KubeObject): ComputedStatus {
  if (fieldAt(job, "spec", "suspend") === true) return current("Job is suspended");
  const ended = endOf(job);
  if (ended !== undefined) return ended;
  if (hasStarted(job)) return inProgress("JobInProgress", progressOf(job));
  return inProgress("JobNotStarted", `Job not started. active: 0/${integerAt(job, ["spec", "parallelism"], 1)}`);
}

function endOf(job: KubeObject): ComputedStatus | undefined {
  const completions = integerAt(job, ["spec", "completions"], integerAt(job, ["spec", "parallelism"], 1));
  for (const { type, status } of conditionsOf(job)) {
    if (status !== "True") continue;
    if (type === "Complete") return current(`Job Completed. succeeded: ${countOf(job, "succeeded")}/${completions}`);
    if (type === "Failed") return failed("JobFailed", `Job Failed. failed: ${countOf(job, "failed")}/${completions}`);
  }
  return undefined;
}

function hasStarted(job: KubeObject): boolean {
  return textAt(job, ["status", "startTime"], "") !== "";
}

function progressOf(job: KubeObject): string {
  return `Job in progress. success:${countOf(job, "succeeded")}, active: ${countOf(job, "active")}, failed: ${countOf(job, "failed")}`;
}

function countOf(job: KubeObject, field: string): number {
  return integerAt(job, ["status", field], 0);
}
