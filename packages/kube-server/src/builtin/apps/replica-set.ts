// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { templateWarnings } from "../core/pod-warnings.ts";
import { podTemplate } from "../core/pod-spec.ts";
import { objectAt } from "../shape.ts";
import { immutable } from "../validation/immutable.ts";
import { at, problemsOf, type Problems } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";
import { longRunning, readSelector, requiredSelector, selectorInOrder, templateIsSelected } from "../validation/selected-template.ts";
import { replicaCounts } from "./replica-counts.ts";
import { replicaSetTable } from "./tables.ts";

/** apps/v1 ReplicaSet. */
export const replicaSet: KindBehaviour = {
  printer: replicaSetTable,
  strategy: {
    warnings: (object, old) => templateWarnings(object, old, objectAt(objectAt(object, "spec"), "template")),
    validate: (object) => problemsOf((problems) => replicaSetSpec(objectAt(object, "spec"), "spec", problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        replicaSetSpec(objectAt(object, "spec"), "spec", problems);
        immutable(objectAt(object, "spec"), objectAt(old, "spec"), "spec", problems, "selector");
      }),
    validateStatusUpdate: (object) => problemsOf((problems) => replicaSetStatus(object, problems)),
  },
};

function replicaSetSpec(spec: JsonObject, path: string, problems: Problems): void {
  nonNegative(spec, path, problems, "replicas", "minReadySeconds");
  // The text speaks of deployments: so does Kubernetes.
  requiredSelector(spec, "deployment", path, problems);
  selectedTemplate(spec, path, problems);
}

/** The template of a ReplicaSet or Deployment, as far as its selector can be read. */
export function selectedTemplate(spec: JsonObject, path: string, problems: Problems): void {
  const selector = readSelector(spec);
  if (selector === undefined)
    return problems.invalid(at(path, "selector"), selectorInOrder(objectAt(spec, "selector")), "invalid label selector");
  templateIsSelected(spec, selector, path, problems);
  podTemplate(objectAt(spec, "template"), at(path, "template"), problems);
  longRunning(spec, "ReplicaSet", path, problems);
}

function replicaSetStatus(object: KubeObject, problems: Problems): void {
  replicaCounts(objectAt(object, "status"), ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], problems);
}
