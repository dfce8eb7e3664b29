// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { listAt, objectAt, objectsAt, textAt, textsAt } from "../shape.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { resourceName, resourceQuantity } from "../validation/resource-requirements.ts";
import { IMMUTABLE } from "../validation/scalars.ts";
import { resourceQuotaTable } from "./tables.ts";

const FOR_QUOTA: ReadonlySet<string> = new Set([
  "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu",
  "limits.memory", "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets",
  "persistentvolumeclaims", "configmaps", "services.nodeports", "services.loadbalancers",
]); // prettier-ignore
const POD_SCOPES: ReadonlySet<string> = new Set([
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "CrossNamespacePodAffinity",
]);
const SCOPES: ReadonlySet<string> = new Set([...POD_SCOPES, "VolumeAttributesClass"]);
const CONFLICTS: readonly (readonly [string, string])[] = [["BestEffort", "NotBestEffort"], ["Terminating", "NotTerminating"]]; // prettier-ignore

/** v1 ResourceQuota. */
export const resourceQuota: KindBehaviour = {
  printer: resourceQuotaTable,
  strategy: {
    validate: (object) => problemsOf((problems) => quotaSpec(objectAt(object, "spec"), problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        const [spec, before] = [objectAt(object, "spec"), objectAt(old, "spec")];
        quotaSpec(spec, problems);
        const sorted = (owner: JsonObject): string => [...new Set(textsAt(owner, "scopes"))].sort().join();
        if (sorted(spec) !== sorted(before))
          problems.invalid("spec.scopes", listAt(spec, "scopes").length > 0 ? spec["scopes"] : null, IMMUTABLE);
      }),
    validateStatusUpdate: (object) =>
      problemsOf((problems) => {
        for (const key of ["hard", "used"]) quantities(objectAt(objectAt(object, "status"), key), `status.${key}`, problems);
      }),
  },
};

function quotaSpec(spec: JsonObject, problems: Problems): void {
  const hard = objectAt(spec, "hard");
  quantities(hard, "spec.hard", problems);
  const scopes = textsAt(spec, "scopes");
  for (const scope of scopes) {
    if (!SCOPES.has(scope)) problems.invalid("spec.scopes", scopes, "unsupported scope");
    for (const name of Object.keys(hard).sort()) {
      if (FOR_QUOTA.has(name) && !scopeFits(scope, name)) problems.invalid("spec.scopes", scopes, "unsupported scope applied to resource");
    }
  }
  for (const pair of CONFLICTS)
    if (pair.every((scope) => scopes.includes(scope))) problems.invalid("spec.scopes", scopes, "conflicting scopes");
  scopeSelector(spec, problems);
}

function quantities(list: JsonObject, path: string, problems: Problems): void {
  for (const [name, value] of Object.entries(list)) {
    const own = `${path}[${name}]`;
    resourceName(name, own, problems);
    if (!name.includes("/") && !FOR_QUOTA.has(name) && !/^(?:requests\.)?hugepages-/.test(name))
      problems.invalid(own, name, "must be a standard resource for quota");
    resourceQuantity(name, value, own, problems);
  }
}

/** Which resources a scope can be counted for. */
function scopeFits(scope: string, name: string): boolean {
  if (!SCOPES.has(scope)) return true;
  if (scope === "BestEffort") return name === "pods";
  if (scope === "VolumeAttributesClass") return name === "persistentvolumeclaims" || name === "requests.storage";
  return name === "pods" || /^(?:requests\.|limits\.)?(?:cpu|memory|ephemeral-storage)$/.test(name);
}

function scopeSelector(spec: JsonObject, problems: Problems): void {
  const path = "spec.scopeSelector.matchExpressions";
  for (const one of objectsAt(objectAt(spec, "scopeSelector"), "matchExpressions")) {
    const [scope, operator, values] = [textAt(one, "scopeName"), textAt(one, "operator"), textsAt(one, "values")];
    if (!SCOPES.has(scope)) problems.invalid(`${path}.scopeName`, scope, "unsupported scope");
    if (POD_SCOPES.has(scope) && scope !== "PriorityClass" && operator !== "Exists") {
      problems.invalid(
        `${path}.operator`,
        operator,
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      );
    }
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0)
        problems.required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0)
        problems.invalid(`${path}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
    } else problems.invalid(`${path}.operator`, operator, "not a valid selector operator");
  }
}
