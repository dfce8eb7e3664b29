// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";

const RBAC = "rbac.authorization.k8s.io";

const GROUPS: readonly string[] = ["source", "kustomize", "helm", "notification", "image"].map((name) => `${name}.toolkit.fluxcd.io`);
const EXTENSIONS = "source.extensions.fluxcd.io";
const ALL_GROUPS: readonly string[] = [...GROUPS, EXTENSIONS];
/** As upstream lists them for people. */
const SHOWN_GROUPS: readonly string[] = ["notification", "source", EXTENSIONS, "helm", "image", "kustomize"].map((name) =>
  name === EXTENSIONS ? name : `${name}.toolkit.fluxcd.io`,
);
/** As upstream lists the accounts. */
const ACCOUNTS: readonly string[] = [
  "kustomize-controller",
  "helm-controller",
  "source-controller",
  "notification-controller",
  "image-reflector-controller",
  "image-automation-controller",
  "source-watcher",
];
const READ: readonly string[] = ["get", "list", "watch"];
const WRITE: readonly string[] = ["create", "update", "patch", "delete"];

/** What the controllers may do. Each rule says what it is for. @see spec §2.6 */
const CONTROLLER_RULES: readonly JsonObject[] = [
  ...ALL_GROUPS.map((group) => rule([group], ["*"], ["*"])),
  rule([""], ["namespaces", "secrets", "configmaps", "serviceaccounts"], READ),
  rule([""], ["events"], ["create", "patch"]),
  // Leases of leaders, and what came before leases.
  rule([""], ["configmaps"], [...READ, ...WRITE]),
  rule([""], ["configmaps/status"], ["get", "update", "patch"]),
  rule(["coordination.k8s.io"], ["leases"], [...READ, ...WRITE]),
  // Acting as the service account that an object names.
  rule([""], ["serviceaccounts/token"], ["create"]),
  // Asking whether the API server limits requests itself.
  { nonResourceURLs: ["/livez/ping"], verbs: ["head"] },
];

/** Roles and bindings, for the controllers and for people, and the quota that critical pods need. Names end in the namespace. */
export function accessObjects(namespace: string): readonly KubeObject[] {
  const accounts = ACCOUNTS.map((name) => ({ kind: "ServiceAccount", name, namespace }));
  const reconcilers = accounts.filter(({ name }) => name === "kustomize-controller" || name === "helm-controller");
  const aggregated = (...roles: readonly string[]): Record<string, string> =>
    Object.fromEntries(roles.map((role) => [`${RBAC}/aggregate-to-${role}`, "true"]));
  return [
    criticalPodsQuota(namespace),
    role(`crd-controller-${namespace}`, {}, CONTROLLER_RULES),
    role(`flux-edit-${namespace}`, aggregated("edit", "admin"), [
      rule(SHOWN_GROUPS, ["*"], ["create", "delete", "deletecollection", "patch", "update"]),
    ]),
    role(`flux-view-${namespace}`, aggregated("admin", "edit", "view"), [rule(SHOWN_GROUPS, ["*"], READ)]),
    binding(`cluster-reconciler-${namespace}`, "cluster-admin", reconcilers),
    binding(`crd-controller-${namespace}`, `crd-controller-${namespace}`, accounts),
  ];
}

function rule(apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): JsonObject {
  return { apiGroups, resources, verbs };
}

function role(name: string, labels: Readonly<Record<string, string>>, rules: readonly JsonObject[]): KubeObject {
  const metadata = { name, ...(Object.keys(labels).length === 0 ? {} : { labels }) };
  return { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata, rules };
}

function binding(name: string, roleName: string, subjects: readonly JsonObject[]): KubeObject {
  const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: roleName };
  return { apiVersion: `${RBAC}/v1`, kind: "ClusterRoleBinding", metadata: { name }, roleRef, subjects };
}

function criticalPodsQuota(namespace: string): KubeObject {
  const values = ["system-node-critical", "system-cluster-critical"];
  const scopeSelector = { matchExpressions: [{ operator: "In", scopeName: "PriorityClass", values }] };
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: `critical-pods-${namespace}`, namespace },
    spec: { hard: { pods: "1000" }, scopeSelector },
  };
}
