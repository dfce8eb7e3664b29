// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { deepEqual } from "@flux-ts/kube-core";
import type { PlaneController } from "./loop.ts";
import type { LabelSelector } from "./objects.ts";
import { selects } from "./objects.ts";
import { ENDPOINTS, pathOf } from "./plane.ts";

interface ClusterRole extends KubeObject {
  readonly rules?: readonly unknown[] | null;
  readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly LabelSelector[] };
}

/** ClusterRoles that gather the rules of others by label. @see kube-controller-manager clusterrole-aggregation */
export const roleAggregation: PlaneController = {
  name: "clusterrole-aggregation-controller",
  watches: {
    "clusterroles.rbac.authorization.k8s.io": (_, plane) =>
      plane
        .list<ClusterRole>(ENDPOINTS.clusterRoles)
        .filter((role) => role.aggregationRule !== undefined)
        .map((role) => role.metadata.name ?? ""),
  },
  reconcile: async (name, plane) => {
    const role = plane.get<ClusterRole>(ENDPOINTS.clusterRoles, undefined, name);
    const selectors = role?.aggregationRule?.clusterRoleSelectors;
    if (role === undefined || selectors === undefined) return;
    const rules: unknown[] = [];
    for (const other of plane.list<ClusterRole>(ENDPOINTS.clusterRoles)) {
      if (other.metadata.name === name || !selectors.some((selector) => selects(selector, other.metadata.labels))) continue;
      for (const rule of other.rules ?? []) if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule);
    }
    // Rules that are there stay when nothing matches: it applies, and never clears what it does not own.
    if (rules.length === 0 || deepEqual(rules, role.rules ?? [])) return;
    await plane.request(
      "PATCH",
      pathOf(ENDPOINTS.clusterRoles, undefined, name),
      { apiVersion: role.apiVersion, kind: "ClusterRole", metadata: { name }, rules },
      { contentType: "application/apply-patch+yaml", query: { fieldManager: "clusterrole-aggregation-controller", force: "true" } },
    );
  },
};
