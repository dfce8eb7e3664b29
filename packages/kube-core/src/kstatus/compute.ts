// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../error.ts";
import type { KubeObject } from "../object.ts";
import { gvkOf } from "../object.ts";
import { conditionsOf, requireInteger, requireText } from "./read-fields.ts";
import type { ComputedStatus } from "./result.ts";
import { current, failed, inProgress } from "./result.ts";
import { waitForJob } from "./rules/job.ts";
import { ruleFor } from "./rules/rules.ts";

export interface ComputeStatusOptions {
  /** Milliseconds since 1970: a Pod that cannot be scheduled fails 15 seconds after its creation. Absent: it has just been created. */
  readonly now?: number;
  /** Waits for Jobs to finish, as Flux does; otherwise a Job that runs is Current. */
  readonly waitForJobs?: boolean;
}

/**
 * How far an object is, by what it says of itself: being deleted, an older generation observed, the standard
 * conditions, then the rule of its kind, then its `Ready` condition. An object that says nothing is Current.
 *
 * @returns Unknown, with the reason, when a field that is needed is not what it should be
 * @see cli-utils pkg/kstatus/status Compute; fluxcd/pkg runtime/statusreaders
 */
export function computeStatus(object: KubeObject, options: ComputeStatusOptions = {}): ComputedStatus {
  const { group, kind } = gvkOf(object);
  if (options.waitForJobs === true && group === "batch" && kind === "Job") return computeJobStatus(object);
  return orUnknown("", () => {
    return fromMetadata(object) ?? fromStandardConditions(object) ?? ruleFor(group, kind)?.(object, options.now) ?? fromReady(object);
  });
}

/**
 * The status of a Job for those who wait for it to finish: Current only when it is complete or suspended.
 *
 * @see fluxcd/pkg runtime/statusreaders ComputeJobStatus
 */
export function computeJobStatus(job: KubeObject): ComputedStatus {
  return orUnknown("Failed to compute job status: ", () => waitForJob(job));
}

function orUnknown(prefix: string, compute: () => ComputedStatus): ComputedStatus {
  try {
    return compute();
  } catch (error) {
    if (error instanceof KubeCoreError && error.code === "UNREADABLE_STATUS") return { status: "Unknown", message: prefix + error.message };
    throw error;
  }
}

function fromMetadata(object: KubeObject): ComputedStatus | undefined {
  const deletionTimestamp = requireText(object, "metadata", "deletionTimestamp");
  if (deletionTimestamp !== undefined && deletionTimestamp !== "") {
    return { status: "Terminating", message: "Resource scheduled for deletion" };
  }
  const generation = requireInteger(object, "metadata", "generation");
  if (generation === undefined) return undefined;
  const observed = requireInteger(object, "status", "observedGeneration");
  if (observed === undefined || observed === generation) return undefined;
  return inProgress(
    "LatestGenerationNotObserved",
    `${object.kind} generation is ${generation}, but latest observed generation is ${observed}`,
  );
}

function fromStandardConditions(object: KubeObject): ComputedStatus | undefined {
  for (const { type, status, reason, message } of conditionsOf(object)) {
    if (status !== "True") continue;
    if (type === "Reconciling") return inProgress(reason, message);
    if (type === "Stalled") return failed(reason, message);
  }
  return undefined;
}

function fromReady(object: KubeObject): ComputedStatus {
  for (const { type, status, reason, message } of conditionsOf(object)) {
    if (type !== "Ready") continue;
    if (status === "True") return current("Resource is Ready");
    if (status === "False" || status === "Unknown") return inProgress(reason, message);
  }
  return current("Resource is current");
}
