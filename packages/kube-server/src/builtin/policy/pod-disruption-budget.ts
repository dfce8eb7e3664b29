// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, objectAt } from "../shape.ts";
import { podDisruptionBudgetTable } from "../table/other-tables.ts";
import { atMostAll, intOrPercent } from "../validation/int-or-percent.ts";
import { labelSelector } from "../validation/labels.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { nonNegative, oneOf } from "../validation/scalars.ts";

/** policy/v1 PodDisruptionBudget. */
export const podDisruptionBudget: KindBehaviour = {
  printer: podDisruptionBudgetTable,
  strategy: {
    leavesMetadata: true,
    validate: (object) => problemsOf((problems) => budget(objectAt(object, "spec"), problems)),
    validateStatusUpdate: (object) =>
      problemsOf((problems) =>
        nonNegative(
          objectAt(object, "status"),
          "status",
          problems,
          "disruptionsAllowed",
          "currentHealthy",
          "desiredHealthy",
          "expectedPods",
        ),
      ),
  },
};

/** @see kubernetes pkg/apis/policy/validation ValidatePodDisruptionBudgetSpec */
function budget(spec: JsonObject, problems: Problems): void {
  if (hasAt(spec, "minAvailable") && hasAt(spec, "maxUnavailable")) {
    problems.invalid("spec", internalValue("policy.PodDisruptionBudgetSpec", spec), "minAvailable and maxUnavailable cannot be both set");
  }
  for (const name of ["minAvailable", "maxUnavailable"]) {
    if (!hasAt(spec, name)) continue;
    intOrPercent(spec[name], `spec.${name}`, problems);
    atMostAll(spec[name], `spec.${name}`, problems);
  }
  labelSelector(objectAt(spec, "selector"), "spec.selector", problems);
  oneOf(spec, "unhealthyPodEvictionPolicy", "spec", problems, ["AlwaysAllow", "IfHealthyBudget"]);
}
