// SPDX-License-Identifier: Apache-2.0
// A table: the roles and bindings that a cluster has from its start, as far as people bind or aggregate them.
import type { PolicyRule } from "./rules.ts";

/** @see kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy */
export interface BootstrapRole {
  readonly name: string;
  readonly rules?: readonly PolicyRule[];
  /** Takes its rules from roles with these labels. */
  readonly aggregates?: readonly Readonly<Record<string, string>>[];
  readonly labels?: Readonly<Record<string, string>>;
}

export interface BootstrapBinding {
  readonly name: string;
  readonly subjects: readonly { readonly kind: "User" | "Group"; readonly name: string }[];
}

const READ = ["get", "list", "watch"] as const;
const WRITE = ["create", "delete", "deletecollection", "patch", "update"] as const;
const ALL = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"] as const;

const rule = (verbs: readonly string[], group: string, ...resources: readonly string[]): PolicyRule => ({
  verbs,
  apiGroups: [group],
  resources,
});
const urls = (...nonResourceURLs: readonly string[]): PolicyRule => ({ verbs: ["get"], nonResourceURLs });
const to = (role: string): Readonly<Record<string, string>> => ({ [`rbac.authorization.k8s.io/aggregate-to-${role}`]: "true" });

const VIEW: readonly PolicyRule[] = [
  rule(
    READ,
    "",
    "configmaps",
    "endpoints",
    "persistentvolumeclaims",
    "persistentvolumeclaims/status",
    "pods",
    "replicationcontrollers",
    "replicationcontrollers/scale",
    "serviceaccounts",
    "services",
    "services/status",
  ),
  rule(
    READ,
    "",
    "bindings",
    "events",
    "limitranges",
    "namespaces/status",
    "pods/log",
    "pods/status",
    "replicationcontrollers/status",
    "resourcequotas",
    "resourcequotas/status",
  ),
  rule(READ, "", "namespaces"),
  rule(READ, "discovery.k8s.io", "endpointslices"),
  rule(
    READ,
    "apps",
    "controllerrevisions",
    "daemonsets",
    "daemonsets/status",
    "deployments",
    "deployments/scale",
    "deployments/status",
    "replicasets",
    "replicasets/scale",
    "replicasets/status",
    "statefulsets",
    "statefulsets/scale",
    "statefulsets/status",
  ),
  rule(READ, "autoscaling", "horizontalpodautoscalers", "horizontalpodautoscalers/status"),
  rule(READ, "batch", "cronjobs", "cronjobs/status", "jobs", "jobs/status"),
  rule(
    READ,
    "extensions",
    "daemonsets",
    "daemonsets/status",
    "deployments",
    "deployments/scale",
    "deployments/status",
    "ingresses",
    "ingresses/status",
    "networkpolicies",
    "replicasets",
    "replicasets/scale",
    "replicasets/status",
    "replicationcontrollers/scale",
  ),
  rule(READ, "policy", "poddisruptionbudgets", "poddisruptionbudgets/status"),
  rule(READ, "networking.k8s.io", "ingresses", "ingresses/status", "networkpolicies"),
  rule(READ, "resource.k8s.io", "resourceclaims", "resourceclaims/status", "resourceclaimtemplates"),
];

const EDIT: readonly PolicyRule[] = [
  rule(READ, "", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"),
  rule(["impersonate"], "", "serviceaccounts"),
  rule(WRITE, "", "pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"),
  rule(["create"], "", "pods/eviction"),
  rule(
    WRITE,
    "",
    "configmaps",
    "events",
    "persistentvolumeclaims",
    "replicationcontrollers",
    "replicationcontrollers/scale",
    "secrets",
    "serviceaccounts",
    "services",
    "services/proxy",
  ),
  rule(["create"], "", "serviceaccounts/token"),
  rule(
    WRITE,
    "apps",
    "daemonsets",
    "deployments",
    "deployments/rollback",
    "deployments/scale",
    "replicasets",
    "replicasets/scale",
    "statefulsets",
    "statefulsets/scale",
  ),
  rule(WRITE, "autoscaling", "horizontalpodautoscalers"),
  rule(WRITE, "batch", "cronjobs", "jobs"),
  rule(
    WRITE,
    "extensions",
    "daemonsets",
    "deployments",
    "deployments/rollback",
    "deployments/scale",
    "ingresses",
    "networkpolicies",
    "replicasets",
    "replicasets/scale",
    "replicationcontrollers/scale",
  ),
  rule(WRITE, "policy", "poddisruptionbudgets"),
  rule(WRITE, "networking.k8s.io", "ingresses", "networkpolicies"),
  rule(ALL, "coordination.k8s.io", "leases"),
  rule(WRITE, "resource.k8s.io", "resourceclaims", "resourceclaimtemplates"),
];

const ADMIN: readonly PolicyRule[] = [
  rule(["create"], "authorization.k8s.io", "localsubjectaccessreviews"),
  rule(ALL, "rbac.authorization.k8s.io", "rolebindings", "roles"),
];

const DISCOVERY_PATHS = [
  "/api",
  "/api/*",
  "/apis",
  "/apis/*",
  "/healthz",
  "/livez",
  "/openapi",
  "/openapi/*",
  "/readyz",
  "/version",
  "/version/",
] as const;

export const BOOTSTRAP_ROLES: readonly BootstrapRole[] = [
  { name: "cluster-admin", rules: [rule(["*"], "*", "*"), { verbs: ["*"], nonResourceURLs: ["*"] }] },
  { name: "admin", aggregates: [to("admin")] },
  { name: "edit", aggregates: [to("edit")], labels: to("admin") },
  { name: "view", aggregates: [to("view")], labels: to("edit") },
  { name: "system:aggregate-to-admin", rules: ADMIN, labels: to("admin") },
  { name: "system:aggregate-to-edit", rules: EDIT, labels: to("edit") },
  { name: "system:aggregate-to-view", rules: VIEW, labels: to("view") },
  { name: "system:discovery", rules: [urls(...DISCOVERY_PATHS)] },
  { name: "system:public-info-viewer", rules: [urls("/healthz", "/livez", "/readyz", "/version", "/version/")] },
  {
    name: "system:basic-user",
    rules: [
      rule(["create"], "authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectrulesreviews"),
      rule(["create"], "authentication.k8s.io", "selfsubjectreviews"),
    ],
  },
  {
    name: "system:kube-controller-manager",
    rules: [
      rule(["create", "patch", "update"], "", "events"),
      rule(["create", "get", "list", "update", "watch"], "coordination.k8s.io", "leases"),
      rule(["create"], "", "secrets", "serviceaccounts"),
      rule(["delete"], "", "secrets"),
      rule(["get"], "", "configmaps", "namespaces", "secrets", "serviceaccounts"),
      rule(["update"], "", "secrets", "serviceaccounts"),
      rule(["create"], "authentication.k8s.io", "tokenreviews"),
      rule(["create"], "authorization.k8s.io", "subjectaccessreviews"),
      rule(["list", "watch"], "*", "*"),
      rule(["create"], "", "serviceaccounts/token"),
    ],
  },
  {
    name: "system:auth-delegator",
    rules: [rule(["create"], "authentication.k8s.io", "tokenreviews"), rule(["create"], "authorization.k8s.io", "subjectaccessreviews")],
  },
  {
    name: "system:service-account-issuer-discovery",
    rules: [urls("/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks", "/openid/v1/jwks/")],
  },
];

export const BOOTSTRAP_BINDINGS: readonly BootstrapBinding[] = [
  { name: "cluster-admin", subjects: [{ kind: "Group", name: "system:masters" }] },
  { name: "system:discovery", subjects: [{ kind: "Group", name: "system:authenticated" }] },
  {
    name: "system:public-info-viewer",
    subjects: [
      { kind: "Group", name: "system:authenticated" },
      { kind: "Group", name: "system:unauthenticated" },
    ],
  },
  { name: "system:basic-user", subjects: [{ kind: "Group", name: "system:authenticated" }] },
  { name: "system:kube-controller-manager", subjects: [{ kind: "User", name: "system:kube-controller-manager" }] },
  { name: "system:service-account-issuer-discovery", subjects: [{ kind: "Group", name: "system:serviceaccounts" }] },
];
