// SPDX-License-Identifier: Apache-2.0
import { dns1123SubdomainProblems, exactLabels, type JsonObject } from "@flux-ts/kube-core";
import { replicaCounts } from "../apps/replica-counts.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { unsupportedField } from "../unsupported-field.ts";
import { hasAt, objectAt } from "../shape.ts";
import { isSame } from "../validation/immutable.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";
import { longRunning, templateIsSelected } from "../validation/selected-template.ts";
import { podTemplate } from "./pod-spec.ts";
import { templateWarnings } from "./pod-warnings.ts";
import { podTemplateTable, replicationControllerTable } from "./tables.ts";

/** v1 ReplicationController. Its selector is a plain map of labels. */
export const replicationController: KindBehaviour = {
  unsupportedFieldLabel: unsupportedField,
  printer: replicationControllerTable,
  defaultPropagation: "Orphan",
  fieldSelectors: { "status.replicas": (object) => String(objectAt(object, "status")["replicas"] ?? 0) },
  strategy: {
    nameProblems: (name) => dns1123SubdomainProblems(name).map((problem) => problem.replace(/characters$/, "bytes")),
    validate: (object) => problemsOf((problems) => controllerSpec(objectAt(object, "spec"), problems)),
    validateUpdate: (object) => problemsOf((problems) => controllerSpec(objectAt(object, "spec"), problems)),
    validateStatusUpdate: (object) =>
      problemsOf((problems) =>
        replicaCounts(objectAt(object, "status"), ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], problems),
      ),
    warnings: (object, old) => templateWarnings(object, old, objectAt(objectAt(object, "spec"), "template")),
  },
};

function controllerSpec(spec: JsonObject, problems: Problems): void {
  nonNegative(spec, "spec", problems, "minReadySeconds", "replicas");
  const selector = objectAt(spec, "selector");
  if (Object.keys(selector).length === 0) problems.required("spec.selector");
  if (!hasAt(spec, "template")) return problems.required("spec.template");
  // Values of a map<string, string> are strings once it is decoded.
  if (Object.keys(selector).length > 0)
    templateIsSelected(spec, exactLabels(selector as Readonly<Record<string, string>>), "spec", problems);
  podTemplate(objectAt(spec, "template"), "spec.template", problems);
  longRunning(spec, "ReplicationController", "spec", problems);
}

/** v1 PodTemplate. */
export const podTemplateKind: KindBehaviour = {
  printer: podTemplateTable,
  strategy: {
    validate: (object) => problemsOf((problems) => podTemplate(objectAt(object, "template"), "template", problems)),
    warnings: (object, old) => templateWarnings(object, old, objectAt(object, "template"), "template"),
    changesGeneration: (object, old) => !isSame(object["template"], old["template"]),
  },
};
