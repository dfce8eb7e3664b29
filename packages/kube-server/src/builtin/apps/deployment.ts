// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { templateWarnings } from "../core/pod-warnings.ts";
import { isSameBySchema } from "../../codec/same-by-schema.ts";
import { schemaOfType } from "../schema.ts";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, numberAt, objectAt, textAt } from "../shape.ts";
import { immutable, isSame } from "../validation/immutable.ts";
import { amountOf, atMostAll, intOrPercent } from "../validation/int-or-percent.ts";
import { at, problemsOf, type Problems } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";
import { requiredSelector } from "../validation/selected-template.ts";
import { collisionsOnlyGrow, replicaCounts } from "./replica-counts.ts";
import { selectedTemplate } from "./replica-set.ts";
import { deploymentTable } from "./tables.ts";

/** apps/v1 Deployment. */
export const deployment: KindBehaviour = {
  printer: deploymentTable,
  resetFields: { "": [["f:status"]], status: [["f:spec"], ["f:metadata", "f:labels"]] },
  strategy: {
    // Annotations count too: they reach the replica sets.
    changesGeneration: (object, old) =>
      !isSame(object.metadata.annotations, old.metadata.annotations) ||
      !isSameBySchema(schemaOfType("apps.v1.DeploymentSpec"), object["spec"], old["spec"]),
    prepareStatusUpdate: (object, old) => {
      const { labels: _, ...metadata } = object.metadata;
      const { labels } = old.metadata;
      return { ...object, metadata: labels === undefined ? metadata : { ...metadata, labels } };
    },
    warnings: (object, old) => templateWarnings(object, old, objectAt(objectAt(object, "spec"), "template")),
    validate: (object) => problemsOf((problems) => deploymentSpec(objectAt(object, "spec"), "spec", problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        deploymentSpec(objectAt(object, "spec"), "spec", problems);
        immutable(objectAt(object, "spec"), objectAt(old, "spec"), "spec", problems, "selector");
      }),
    validateStatusUpdate: (object, old) =>
      problemsOf((problems) => {
        replicaCounts(objectAt(object, "status"), ["updatedReplicas", "readyReplicas", "availableReplicas"], problems);
        collisionsOnlyGrow(objectAt(object, "status"), objectAt(old, "status"), problems);
      }),
  },
};

function deploymentSpec(spec: JsonObject, path: string, problems: Problems): void {
  nonNegative(spec, path, problems, "replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds");
  requiredSelector(spec, "deployment", path, problems);
  selectedTemplate(spec, path, problems);
  strategy(objectAt(spec, "strategy"), at(path, "strategy"), problems);
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  if (deadline !== undefined && deadline <= (numberAt(spec, "minReadySeconds") ?? 0)) {
    problems.invalid(at(path, "progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds");
  }
}

function strategy(own: JsonObject, path: string, problems: Problems): void {
  const type = textAt(own, "type");
  const rolling = objectAt(own, "rollingUpdate");
  const base = at(path, "rollingUpdate");
  if (type === "Recreate") {
    if (hasAt(own, "rollingUpdate")) problems.forbidden(base, "may not be specified when strategy `type` is 'Recreate'");
  } else if (type === "RollingUpdate") {
    const { maxUnavailable, maxSurge } = rolling;
    intOrPercent(maxUnavailable, at(base, "maxUnavailable"), problems);
    intOrPercent(maxSurge, at(base, "maxSurge"), problems);
    if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0 && !isWrongText(maxUnavailable)) {
      problems.invalid(at(base, "maxUnavailable"), maxUnavailable, "may not be 0 when `maxSurge` is 0");
    }
    atMostAll(maxUnavailable, at(base, "maxUnavailable"), problems);
  } else problems.notSupported(path, internalValue("apps.DeploymentStrategy", own), ["Recreate", "RollingUpdate"]);
}

/** A text that is no percentage counts as 0, and the other amount decides. */
function isWrongText(value: unknown): boolean {
  return typeof value === "string" && amountOf(value) === 0 && !value.startsWith("0");
}
