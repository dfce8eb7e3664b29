// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { LabelSelector, Pod, PodTemplate } from "../objects.ts";
import { isDeleting } from "../objects.ts";

export interface JobCondition {
  readonly type: string;
  readonly status: string;
  readonly lastProbeTime: string;
  readonly lastTransitionTime: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface PodFailureRule {
  readonly action: string;
  readonly onExitCodes?: { readonly containerName?: string; readonly operator: string; readonly values?: readonly number[] };
  readonly onPodConditions?: readonly { readonly type: string; readonly status?: string }[];
}

export interface SuccessRule {
  readonly succeededIndexes?: string;
  readonly succeededCount?: number;
}

export interface Job extends KubeObject {
  readonly spec: {
    readonly parallelism?: number;
    readonly completions?: number;
    readonly backoffLimit?: number;
    readonly backoffLimitPerIndex?: number;
    readonly maxFailedIndexes?: number;
    readonly activeDeadlineSeconds?: number;
    readonly ttlSecondsAfterFinished?: number;
    readonly suspend?: boolean;
    readonly completionMode?: string;
    readonly managedBy?: string;
    readonly podReplacementPolicy?: string;
    readonly podFailurePolicy?: { readonly rules?: readonly PodFailureRule[] };
    readonly successPolicy?: { readonly rules?: readonly SuccessRule[] };
    readonly selector?: LabelSelector;
    readonly template: PodTemplate;
  };
  readonly status?: JobStatus;
}

export interface JobStatus {
  readonly conditions?: readonly JobCondition[];
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly active?: number;
  readonly ready?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly terminating?: number;
  readonly completedIndexes?: string;
  readonly failedIndexes?: string;
  /** Pods that have ended, are not in the counts yet, and still have the finalizer. */
  readonly uncountedTerminatedPods?: { readonly succeeded?: readonly string[]; readonly failed?: readonly string[] };
}

/** Keeps a pod until its end is in the counts of its Job. */
export const TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";
export const INDEX_ANNOTATION = "batch.kubernetes.io/job-completion-index";

export function isFinished(job: Job): boolean {
  return job.status?.conditions?.some((one) => (one.type === "Complete" || one.type === "Failed") && one.status === "True") ?? false;
}

export function isIndexed(job: Job): boolean {
  return job.spec.completionMode === "Indexed";
}

export function isTracked(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;
}

/** Whether only pods that have ended are replaced, not those that are on their way out. */
export function replacesFailedOnly(job: Job): boolean {
  return job.spec.podReplacementPolicy === "Failed" || job.spec.podFailurePolicy !== undefined;
}

/** Whether the pod counts as failed: a deleted one does, too, unless the Job waits for its end. @see job isPodFailed */
export function isPodFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === "Failed") return true;
  return !replacesFailedOnly(job) && isDeleting(pod) && pod.status?.phase !== "Succeeded";
}

/** The index of an indexed Job that the pod works on; undefined when it has none, or one out of range. */
export function indexOf(pod: Pod, job: Job): number | undefined {
  const text = pod.metadata.annotations?.[INDEX_ANNOTATION];
  const index = text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
  return index !== undefined && index < (job.spec.completions ?? 0) ? index : undefined;
}
