// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";
import { BOOTSTRAP_BINDINGS, BOOTSTRAP_ROLES } from "./access/bootstrap-roles.ts";
import { trackWrite } from "./managed-fields.ts";
import type { Plane } from "./plane.ts";
import { newUid } from "./plane.ts";
import { apiVersionOf, objectKey, storageKeyOf } from "./registry.ts";
import type { ResourceDefinition } from "./resource.ts";

const SYSTEM_NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"] as const;

/** Pods that a cluster, or a node, cannot do without. @see kubernetes apis/scheduling SystemPriorityClasses */
const PRIORITY_CLASSES = [
  {
    name: "system-cluster-critical",
    value: 2_000_000_000,
    description: "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
  {
    name: "system-node-critical",
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
] as const;

/** Creates what every cluster has from its start, where it is missing. */
export function createSystemObjects(plane: Plane): void {
  for (const name of SYSTEM_NAMESPACES) {
    ensure(plane, "v1", "Namespace", {
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  }
  for (const { name, value, description } of PRIORITY_CLASSES) {
    ensure(plane, "scheduling.k8s.io/v1", "PriorityClass", {
      metadata: { name },
      value,
      description,
      preemptionPolicy: "PreemptLowerPriority",
    });
  }
}

const RBAC = "rbac.authorization.k8s.io";

/** Creates the roles and bindings of every cluster, where they are missing. */
export function createBootstrapRoles(plane: Plane): void {
  const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "true" };
  const bootstrapping = { "kubernetes.io/bootstrapping": "rbac-defaults" };
  for (const { name, rules, aggregates, labels } of BOOTSTRAP_ROLES) {
    ensure(plane, `${RBAC}/v1`, "ClusterRole", {
      metadata: { name, annotations, labels: { ...bootstrapping, ...labels } },
      ...(aggregates ? { aggregationRule: { clusterRoleSelectors: aggregates.map((matchLabels) => ({ matchLabels })) } } : {}),
      rules: rules ?? null,
    });
  }
  for (const { name, subjects } of BOOTSTRAP_BINDINGS) {
    ensure(plane, `${RBAC}/v1`, "ClusterRoleBinding", {
      metadata: { name, annotations, labels: bootstrapping },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
      subjects: subjects.map((subject) => ({ apiGroup: RBAC, ...subject })),
    });
  }
}

/** Stores an object as the API server itself would, unless there is one of that name. */
export function ensure(plane: Plane, apiVersion: string, kind: string, fields: Omit<KubeObject, "apiVersion" | "kind">): void {
  const definition = plane.registry.kind(apiVersion, kind);
  if (!definition) return;
  const object = { kind, apiVersion: apiVersionOf(definition), ...fields } as KubeObject; // the fields hold its metadata
  const key = objectKey(definition, object.metadata.namespace ?? "", object.metadata.name ?? "");
  if (plane.store.get(storageKeyOf(definition), key)) return;
  const tracked = trackWrite(plane, definition, undefined, object, { manager: "kube-apiserver", subresource: "" });
  plane.store.put(storageKeyOf(definition), key, plane.views.toStorage(definition, withSystemFields(plane, definition, tracked)));
}

function withSystemFields(plane: Plane, definition: ResourceDefinition, object: KubeObject): KubeObject {
  const metadata = {
    ...object.metadata,
    uid: newUid(plane.random),
    creationTimestamp: toTimestamp(plane.clock.now()),
    ...(definition.hasGeneration ? { generation: 1 } : {}),
  };
  return { ...object, metadata };
}
