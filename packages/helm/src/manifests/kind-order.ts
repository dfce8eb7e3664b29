// SPDX-License-Identifier: Apache-2.0
import { compareText } from "@flux-ts/kube-core";

/** The order in which kinds are installed. @see helm.sh/helm/v4 pkg/release/v1/util InstallOrder */
const INSTALL_ORDER: ReadonlyMap<string, number> = new Map(
  [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
  ].map((kind, index) => [kind, index]),
);

/** Sorts by install order; kinds that are not in it come last, by name. Equal ones keep their order. */
export function sortByKind<T>(items: readonly T[], kindOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => compareKinds(kindOf(a), kindOf(b)));
}

function compareKinds(a: string, b: string): number {
  const first = INSTALL_ORDER.get(a);
  const second = INSTALL_ORDER.get(b);
  if (first === undefined && second === undefined) return compareText(a, b);
  return (first ?? Infinity) - (second ?? Infinity);
}
