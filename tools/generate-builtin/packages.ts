// SPDX-License-Identifier: Apache-2.0

/** A Go package whose types are served: short name in our tables, path below the modules' folder, prefix of its names in OpenAPI. */
export interface TypePackage {
  readonly short: string;
  readonly goPath: string;
  readonly openApi: string;
}

const API_GROUPS: readonly string[] = [
  "core/v1", "apps/v1", "batch/v1", "networking/v1", "rbac/v1", "autoscaling/v1", "autoscaling/v2", "policy/v1", "coordination/v1",
  "discovery/v1", "storage/v1", "scheduling/v1", "node/v1", "events/v1", "authentication/v1", "authorization/v1",
  "admissionregistration/v1", "certificates/v1", "flowcontrol/v1", "resource/v1",
]; // prettier-ignore

export const TYPE_PACKAGES: readonly TypePackage[] = [
  ...API_GROUPS.map((path) => ({
    short: path.replace("/", "."),
    goPath: `k8s.io/api/${path}`,
    openApi: `io.k8s.api.${path.replace("/", ".")}`,
  })),
  { short: "meta.v1", goPath: "k8s.io/apimachinery/pkg/apis/meta/v1", openApi: "io.k8s.apimachinery.pkg.apis.meta.v1" },
  {
    short: "apiextensions.v1",
    goPath: "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1",
    openApi: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1",
  },
  {
    short: "apiregistration.v1",
    goPath: "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1",
    openApi: "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1",
  },
];

/** Kinds that are served, besides those whose List type says so. */
export const ROOT_TYPES: readonly string[] = [
  "core.v1.Binding", "core.v1.ComponentStatus", "authentication.v1.TokenReview", "authentication.v1.TokenRequest", "authentication.v1.SelfSubjectReview",
  "authorization.v1.LocalSubjectAccessReview", "authorization.v1.SelfSubjectAccessReview", "authorization.v1.SelfSubjectRulesReview",
  "authorization.v1.SubjectAccessReview", "policy.v1.Eviction", "autoscaling.v1.Scale", "meta.v1.DeleteOptions", "meta.v1.Status",
  "meta.v1.ObjectMeta", "meta.v1.ListMeta", "meta.v1.LabelSelector", "meta.v1.Condition",
]; // prettier-ignore
