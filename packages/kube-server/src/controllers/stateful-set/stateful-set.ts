// SPDX-License-Identifier: Apache-2.0
import type { ObjectMeta } from "@flux-ts/kube-core";
import type { HistoryOwner } from "../controller-revision.ts";
import type { LabelSelector, Pod, PodTemplate } from "../objects.ts";

export interface StatefulSet extends HistoryOwner {
  readonly spec: {
    readonly replicas?: number;
    readonly serviceName?: string;
    readonly minReadySeconds?: number;
    readonly podManagementPolicy?: string;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly ordinals?: { readonly start?: number };
    readonly volumeClaimTemplates?: readonly { readonly metadata?: ObjectMeta; readonly spec?: unknown }[];
    readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted?: string; readonly whenScaled?: string };
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
  };
  readonly status?: StatefulSetStatus;
}

export interface StatefulSetStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly currentReplicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly collisionCount?: number;
}

/** Which revision a pod was made from. */
export const REVISION_LABEL = "controller-revision-hash";
export const COMPONENT = "statefulset-controller";

export function firstOrdinal(set: StatefulSet): number {
  return set.spec.ordinals?.start ?? 0;
}

/** The number at the end of a pod's name; undefined when the name is not the set's name, a dash and a number. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const { name = "" } = pod.metadata;
  const prefix = `${set.metadata.name}-`;
  const digits = name.slice(prefix.length);
  return name.startsWith(prefix) && /^\d{1,10}$/.test(digits) ? Number(digits) : undefined;
}

/** Whether the pod is one of those that the set asks for. */
export function isWanted(set: StatefulSet, ordinal: number): boolean {
  return ordinal >= firstOrdinal(set) && ordinal < firstOrdinal(set) + (set.spec.replicas ?? 1);
}

export function revisionOf(pod: Pod): string {
  return pod.metadata.labels?.[REVISION_LABEL] ?? "";
}
