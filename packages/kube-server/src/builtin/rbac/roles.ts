// SPDX-License-Identifier: Apache-2.0
import { pathSegmentProblems, type JsonObject, type KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { listAt, objectIn, objectsAt } from "../shape.ts";
import { labelSelector } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";

/** rbac.authorization.k8s.io/v1 Role. */
export const role: KindBehaviour = {
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    nameProblems: pathSegmentProblems,
    validate: (object) => problemsOf((problems) => rules(object, true, problems)),
  },
};

/** rbac.authorization.k8s.io/v1 ClusterRole. */
export const clusterRole: KindBehaviour = {
  strategy: {
    metadataOnUpdate: { asChange: 1, asWhole: 1 },
    nameProblems: pathSegmentProblems,
    validate: (object) =>
      problemsOf((problems) => {
        rules(object, false, problems);
        aggregation(object, problems);
      }),
  },
};

function rules(object: KubeObject, isNamespaced: boolean, problems: Problems): void {
  objectsAt(object, "rules").forEach((rule, index) => policyRule(rule, isNamespaced, `rules[${index}]`, problems));
}

/** @see kubernetes pkg/apis/rbac/validation ValidatePolicyRule */
function policyRule(rule: JsonObject, isNamespaced: boolean, path: string, problems: Problems): void {
  const has = (name: string): boolean => listAt(rule, name).length > 0;
  if (!has("verbs")) problems.required(`${path}.verbs`, "verbs must contain at least one value");
  if (has("nonResourceURLs")) {
    const [field, urls] = [`${path}.nonResourceURLs`, rule["nonResourceURLs"]];
    if (isNamespaced) problems.invalid(field, urls, "namespaced rules cannot apply to non-resource URLs");
    if (has("apiGroups") || has("resources") || has("resourceNames")) {
      problems.invalid(field, urls, "rules cannot apply to both regular resources and non-resource URLs");
    }
    return;
  }
  if (!has("apiGroups")) problems.required(`${path}.apiGroups`, "resource rules must supply at least one api group");
  if (!has("resources")) problems.required(`${path}.resources`, "resource rules must supply at least one resource");
}

function aggregation(object: KubeObject, problems: Problems): void {
  const rule = objectIn(object, "aggregationRule");
  if (!rule) return;
  const path = "aggregationRule.clusterRoleSelectors";
  const selectors = objectsAt(rule, "clusterRoleSelectors");
  if (selectors.length === 0) problems.required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
  selectors.forEach((selector, index) => labelSelector(selector, `${path}[${index}]`, problems));
}
