// SPDX-License-Identifier: Apache-2.0
import type { Plane } from "../plane.ts";
import type { ResourceDefinition } from "../resource.ts";
import { forbidden, notFound } from "../status-errors.ts";

/** Namespaces that may not go away. */
export const IMMORTAL_NAMESPACES: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/**
 * Creates need a namespace that is there and stays.
 * @throws {ApiError} 404 without the namespace, 403 when it is being deleted
 * @see apiserver admission/plugin/namespace/lifecycle
 */
export function requireLivingNamespace(plane: Plane, definition: ResourceDefinition, namespace: string, name: string): void {
  if (!definition.namespaced) return;
  // Reviews of access answer for namespaces that are not there, too.
  if (definition.kind.endsWith("AccessReview")) return;
  const found = plane.store.get("namespaces", namespace);
  if (!found) throw notFound({ group: "", name: "namespaces" }, namespace);
  const status = found["status"] as { readonly phase?: string } | undefined; // the namespace's own type
  if (!found.metadata.deletionTimestamp && status?.phase !== "Terminating") return;
  throw forbidden(
    { group: definition.group, name: definition.plural },
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    [{ reason: "NamespaceTerminating", message: `namespace ${namespace} is being terminated`, field: "metadata.namespace" }],
  );
}
