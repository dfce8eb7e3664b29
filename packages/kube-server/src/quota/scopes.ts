// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { podSpec } from "../admission/pod.ts";
import { qosClass } from "../builtin/core/qos-class.ts";

interface ScopeTerm {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** @see core/v1 ResourceQuota */
export interface ResourceQuota extends KubeObject {
  readonly spec?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeTerm[] };
  };
  readonly status?: { readonly hard?: Readonly<Record<string, string>>; readonly used?: Readonly<Record<string, string>> };
}

/** Whether a quota is about this object: those with scopes are about some pods only. */
export function isInScope(quota: ResourceQuota, resource: string, object: KubeObject): boolean {
  const terms = [
    ...(quota.spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" })),
    ...(quota.spec?.scopeSelector?.matchExpressions ?? []),
  ];
  if (terms.length === 0) return true;
  return resource === "pods" && terms.every((term) => matches(term, object));
}

function matches({ scopeName, operator, values = [] }: ScopeTerm, pod: KubeObject): boolean {
  const spec = podSpec(pod);
  switch (scopeName) {
    case "Terminating":
      return typeof spec["activeDeadlineSeconds"] === "number";
    case "NotTerminating":
      return typeof spec["activeDeadlineSeconds"] !== "number";
    case "BestEffort":
      return qosClass(spec) === "BestEffort";
    case "NotBestEffort":
      return qosClass(spec) !== "BestEffort";
    case "PriorityClass": {
      const { priorityClassName = "" } = spec;
      if (operator === "Exists") return priorityClassName !== "";
      if (operator === "DoesNotExist") return priorityClassName === "";
      return values.includes(priorityClassName) === (operator === "In");
    }
    case "CrossNamespacePodAffinity":
      return namesOtherNamespaces(spec["affinity"]);
    default:
      return false;
  }
}

interface AffinityTerm {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: object;
  readonly podAffinityTerm?: AffinityTerm;
}

type Terms = Readonly<Record<string, readonly AffinityTerm[] | undefined>>;

function namesOtherNamespaces(affinity: unknown): boolean {
  const { podAffinity, podAntiAffinity } = (affinity ?? {}) as { readonly podAffinity?: Terms; readonly podAntiAffinity?: Terms }; // decoded
  return [podAffinity, podAntiAffinity]
    .flatMap((terms) => Object.values(terms ?? {}))
    .flatMap((terms) => terms ?? [])
    .map((term) => term.podAffinityTerm ?? term)
    .some(({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined);
}
