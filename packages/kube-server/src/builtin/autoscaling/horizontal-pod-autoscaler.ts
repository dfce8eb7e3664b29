// SPDX-License-Identifier: Apache-2.0
import type { FieldError, JsonObject, KubeObject } from "@flux-ts/kube-core";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, numberAt, objectAt, objectIn, objectsAt, textAt } from "../shape.ts";
import { ageOf, countAt, NONE, nameOf, specOf, statusOf, textOr, UNSET } from "../table/cells.ts";
import { tableOf } from "../table/columns.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { nonNegative } from "../validation/scalars.ts";
import { behavior, crossReference, metric, METRIC_FIELDS } from "./metrics.ts";
import { toVersion1, toVersion2 } from "./old-version.ts";

const UNKNOWN = "<unknown>";
const SHOWN = 2;

const printer = tableOf("autoscaling.HorizontalPodAutoscaler", (given, now) => {
  const object = toVersion2(given);
  const spec = specOf(object);
  const target = objectAt(spec, "scaleTargetRef");
  const metrics = metricTexts(object);
  return [
    nameOf(object),
    `${textAt(target, "kind")}/${textAt(target, "name")}`,
    metrics.length === 0
      ? NONE
      : metrics.slice(0, SHOWN).join(", ") + (metrics.length > SHOWN ? ` + ${metrics.length - SHOWN} more...` : ""),
    hasAt(spec, "minReplicas") ? String(numberAt(spec, "minReplicas")) : UNSET,
    countAt(spec, "maxReplicas"),
    countAt(statusOf(object), "currentReplicas"),
    ageOf(object, now),
  ];
});

/** `cpu: 10%/80%` and the like: what is, and what should be. */
function metricTexts(object: KubeObject): readonly string[] {
  const current = objectsAt(statusOf(object), "currentMetrics");
  return objectsAt(specOf(object), "metrics").map((entry, index) => {
    const field = METRIC_FIELDS[textAt(entry, "type")];
    if (!field) return "<unknown type>";
    const [wanted, source] = [objectAt(objectAt(entry, field), "target"), objectAt(entry, field)];
    const is = objectIn(objectIn(current[index] ?? {}, field) ?? {}, "current") ?? {};
    const isResource = field === "resource" || field === "containerResource";
    const label = isResource ? `${textAt(source, "name")}: ` : "";
    if (hasAt(wanted, "averageValue")) {
      const text = `${label}${textOr(is, "averageValue", UNKNOWN)}/${textAt(wanted, "averageValue")}`;
      return field === "external" || field === "object" ? `${text} (avg)` : text;
    }
    if (isResource) return `${label}${share(is, UNKNOWN)}/${share(wanted, "<auto>")}`;
    return `${textOr(is, "value", UNKNOWN)}/${textAt(wanted, "value")}`;
  });
}

function share(amount: JsonObject, missing: string): string {
  const value = numberAt(amount, "averageUtilization");
  return value === undefined ? missing : `${value}%`;
}

const strategy: NonNullable<KindBehaviour["strategy"]> = {
  validate: (object) => problemsOf((problems) => scalerSpec(toVersion2(object), 1, false, problems)),
  validateUpdate: (object, old): readonly FieldError[] => {
    const before = objectAt(toVersion2(old), "spec");
    const hadCore = !textAt(objectAt(before, "scaleTargetRef"), "apiVersion").includes("/");
    return problemsOf((problems) => scalerSpec(toVersion2(object), numberAt(before, "minReplicas") === 0 ? 0 : 1, hadCore, problems));
  },
  validateStatusUpdate: (object) =>
    problemsOf((problems) => nonNegative(objectAt(object, "status"), "status", problems, "currentReplicas", "desiredReplicas")),
};

/** @see kubernetes pkg/apis/autoscaling/validation validateHorizontalPodAutoscalerSpec */
function scalerSpec(object: KubeObject, lowest: number, allowsCore: boolean, problems: Problems): void {
  const spec = objectAt(object, "spec");
  const [min, max] = [numberAt(spec, "minReplicas"), numberAt(spec, "maxReplicas") ?? 0];
  if (min !== undefined && min < lowest) problems.invalid("spec.minReplicas", min, `must be greater than or equal to ${lowest}`);
  if (max === 0) problems.required("spec.maxReplicas", "must be set and greater than 0");
  else if (max < 0) problems.invalid("spec.maxReplicas", max, "must be greater than or equal to 1");
  if (min !== undefined && max < min) problems.invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
  crossReference(objectAt(spec, "scaleTargetRef"), "spec.scaleTargetRef", allowsCore, problems);
  const metrics = objectsAt(spec, "metrics");
  metrics.forEach((entry, index) => metric(entry, `spec.metrics[${index}]`, problems));
  if (min === 0 && !metrics.some((entry) => ["Object", "External"].includes(textAt(entry, "type")))) {
    problems.forbidden("spec.metrics", "must specify at least one Object or External metric to support scaling to zero replicas");
  }
  behavior(spec, problems);
}

const resetFields = { "": [["f:status"]], status: [["f:spec"]] };

/** autoscaling/v2 HorizontalPodAutoscaler. */
export const horizontalPodAutoscaler: KindBehaviour = { printer, strategy, resetFields };

/** autoscaling/v1 HorizontalPodAutoscaler: a view of the newer one. */
export const oldHorizontalPodAutoscaler: KindBehaviour = {
  printer,
  strategy,
  resetFields,
  storageVersion: "v2",
  convert: { fromStorage: toVersion1, toStorage: toVersion2 },
};
