// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

export interface Container {
  readonly name: string;
  readonly volumeMounts?: readonly VolumeMount[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>>; readonly requests?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
  readonly value?: string;
}

export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly [field: string]: unknown }[];
  readonly serviceAccountName?: string;
  readonly serviceAccount?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly tolerations?: readonly Toleration[];
  readonly priorityClassName?: string;
  readonly priority?: number;
  readonly preemptionPolicy?: string;
  readonly nodeName?: string;
  readonly [field: string]: unknown;
}

export const PODS = { group: "", name: "pods" } as const;

/** The spec of a pod that was decoded as one. */
export function podSpec(pod: KubeObject): PodSpec {
  return (pod["spec"] ?? {}) as PodSpec;
}

/** Mirrors of pods that a node runs by itself are taken as they are. */
export function isMirror(pod: KubeObject): boolean {
  return Object.hasOwn(pod.metadata.annotations ?? {}, "kubernetes.io/config.mirror");
}
