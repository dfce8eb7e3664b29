// SPDX-License-Identifier: Apache-2.0

/** Kinds that come first in the legacy order, in order. */
export const orderFirst: readonly string[] = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];

/** Kinds that come last, in order. */
export const orderLast: readonly string[] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/** Below 0 for kinds that come first, above 0 for those that come last. */
export function kindOrder(kind: string, first: readonly string[] = orderFirst, last: readonly string[] = orderLast): number {
  const late = last.lastIndexOf(kind);
  if (late >= 0) return 1 + late;
  const early = first.lastIndexOf(kind);
  return early >= 0 ? early - first.length : 0;
}
