// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { podWarnings } from "../core/pod-warnings.ts";
import { podTemplate } from "../core/pod-spec.ts";
import { internalValue } from "../internal-value.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, objectAt, objectIn, put, textAt } from "../shape.ts";
import { immutable, isSame } from "../validation/immutable.ts";
import { amountOf, atMostAll, intOrPercent } from "../validation/int-or-percent.ts";
import { isEmptySelector, labelSelector } from "../validation/labels.ts";
import { at, problemsOf, type Problems } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";
import { longRunning, readSelector, templateIsSelected } from "../validation/selected-template.ts";
import { collisionsOnlyGrow } from "./replica-counts.ts";
import { daemonSetTable } from "./tables.ts";

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** apps/v1 DaemonSet. The generation of its template is kept in an annotation. */
export const daemonSet: KindBehaviour = {
  printer: daemonSetTable,
  strategy: {
    warnings: (object, old) =>
      old && templateGeneration(old) === templateGeneration(object)
        ? []
        : podWarnings(objectAt(objectAt(object, "spec"), "template"), "spec.template"),
    applyDefaults: (object) => withTemplateGeneration(object, templateGeneration(object)),
    prepareCreate: (object) => withTemplateGeneration(object, 1),
    prepareUpdate: (object, old) => {
      const before = templateGeneration(old);
      const changed = !isSame(objectAt(object, "spec")["template"], objectAt(old, "spec")["template"]);
      return withTemplateGeneration(object, changed ? before + 1 : before);
    },
    validate: (object) => problemsOf((problems) => daemonSetSpec(objectAt(object, "spec"), "spec", problems)),
    validateUpdate: (object, old) =>
      problemsOf((problems) => {
        immutable(objectAt(object, "spec"), objectAt(old, "spec"), "spec", problems, "selector");
        daemonSetSpec(objectAt(object, "spec"), "spec", problems);
      }),
    validateStatusUpdate: (object, old) =>
      problemsOf((problems) => {
        const status = objectAt(object, "status");
        nonNegative(status, "status", problems, ...COUNTS);
        collisionsOnlyGrow(status, objectAt(old, "status"), problems);
      }),
  },
};

const COUNTS: readonly string[] = ["currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount"]; // prettier-ignore

function templateGeneration(object: KubeObject): number {
  return Number(object.metadata.annotations?.[TEMPLATE_GENERATION]) || 0;
}

function withTemplateGeneration(object: KubeObject, generation: number): KubeObject {
  const annotations = put(objectAt(objectAt(object, "metadata"), "annotations"), TEMPLATE_GENERATION, String(generation));
  return { ...object, metadata: { ...object.metadata, annotations: annotations as Readonly<Record<string, string>> } }; // strings in, strings out
}

function daemonSetSpec(spec: JsonObject, path: string, problems: Problems): void {
  const selector = objectIn(spec, "selector");
  if (selector) labelSelector(selector, at(path, "selector"), problems);
  const read = readSelector(spec);
  if (read !== undefined) templateIsSelected(spec, read, path, problems);
  if (selector && isEmptySelector(selector)) problems.invalid(at(path, "selector"), selector, "empty selector is invalid for daemonset");
  podTemplate(objectAt(spec, "template"), at(path, "template"), problems);
  longRunning(spec, "DaemonSet", path, problems);
  nonNegative(spec, path, problems, "minReadySeconds", "revisionHistoryLimit");
  updateStrategy(objectAt(spec, "updateStrategy"), at(path, "updateStrategy"), problems);
}

function updateStrategy(own: JsonObject, path: string, problems: Problems): void {
  const type = textAt(own, "type");
  if (type === "OnDelete") return;
  if (type !== "RollingUpdate")
    return problems.notSupported(path, internalValue("apps.DaemonSetUpdateStrategy", own), ["RollingUpdate", "OnDelete"]);
  const base = at(path, "rollingUpdate");
  if (!hasAt(own, "rollingUpdate")) return problems.required(base);
  const { maxUnavailable, maxSurge } = objectAt(own, "rollingUpdate");
  for (const [name, value] of [
    ["maxUnavailable", maxUnavailable],
    ["maxSurge", maxSurge],
  ] as const) {
    intOrPercent(value, at(base, name), problems);
    atMostAll(value, at(base, name), problems);
  }
  const [unavailable, surge] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0];
  if (unavailable && surge) problems.invalid(at(base, "maxSurge"), maxSurge, "may not be set when maxUnavailable is non-zero");
  if (!unavailable && !surge) problems.required(at(base, "maxUnavailable"), "cannot be 0 when maxSurge is 0");
}
