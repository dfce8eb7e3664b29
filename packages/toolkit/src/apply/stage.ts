// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import type { GroupKindSet } from "./kinds.ts";
import { isClusterRole, isCustomResourceDefinition, isNamespace, isOneOf } from "./kinds.ts";
import type { ObjectId } from "./object-id.ts";
import { idOf } from "./object-id.ts";

/** One step of an apply. */
export interface Stage {
  readonly objects: readonly KubeObject[];
  /** The next stage begins only when these are ready: what follows may need them. */
  readonly isAwaited: boolean;
}

const FIRST: readonly string[] = [
  "CustomResourceDefinition",
  "Namespace",
  "ClusterRole",
  "ClusterClass",
  "RuntimeClass",
  "PriorityClass",
  "StorageClass",
  "VolumeSnapshotClass",
  "IngressClass",
  "GatewayClass",
  "ClusterRoleBinding",
  "ResourceQuota",
  "ServiceAccount",
  "Role",
  "RoleBinding",
  "ConfigMap",
  "Secret",
  "Service",
  "LimitRange",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];

const LAST: readonly string[] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

const RANKS: ReadonlyMap<string, number> = new Map([
  ...FIRST.map((kind, index): [string, number] => [kind, index - FIRST.length]),
  ...LAST.map((kind, index): [string, number] => [kind, index + 1]),
]);

/**
 * Splits objects into the order in which they must reach the API server.
 *
 * @param objects any order; not changed
 * @param customKinds kinds that go after classes and before the rest
 * @returns non-empty stages, each sorted by {@link compareIds}: Namespaces, CRDs and ClusterRoles; kinds whose name ends
 *   in `Class`; custom kinds; the rest. Objects of the first two are awaited.
 * @see fluxcd/pkg ssa/manager_apply.go ApplyAllStaged; spec G-SSA-2, G-SSA-3
 */
export function stage(objects: readonly KubeObject[], customKinds: GroupKindSet = new Set()): readonly Stage[] {
  const definitions: KubeObject[] = [];
  const classes: KubeObject[] = [];
  const custom: KubeObject[] = [];
  const rest: KubeObject[] = [];
  for (const object of objects) {
    if (isCustomResourceDefinition(object) || isNamespace(object) || isClusterRole(object)) definitions.push(object);
    else if (object.kind.endsWith("Class")) classes.push(object);
    else if (isOneOf(customKinds, idOf(object))) custom.push(object);
    else rest.push(object);
  }
  return [
    { objects: sortObjects(definitions), isAwaited: true },
    { objects: sortObjects(classes), isAwaited: true },
    { objects: sortObjects(custom), isAwaited: false },
    { objects: sortObjects(rest), isAwaited: false },
  ].filter((each) => each.objects.length > 0);
}

/** The objects in the order of {@link compareIds}. */
export function sortObjects<T extends KubeObject>(objects: readonly T[]): T[] {
  return objects
    .map((object) => ({ object, id: idOf(object) }))
    .sort((a, b) => compareIds(a.id, b.id))
    .map(({ object }) => object);
}

/**
 * By kind (definitions first, webhooks last), then group, kind, namespace and name.
 * @see fluxcd/pkg ssa/sort.go; spec G-SSA-3
 */
export function compareIds(a: ObjectId, b: ObjectId): number {
  return (
    (RANKS.get(a.kind) ?? 0) - (RANKS.get(b.kind) ?? 0) ||
    compareText(a.group, b.group) ||
    compareText(a.kind, b.kind) ||
    compareText(a.namespace, b.namespace) ||
    compareText(a.name, b.name)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
