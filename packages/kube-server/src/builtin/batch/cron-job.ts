// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { templateWarnings } from "../core/pod-warnings.ts";
import type { KindBehaviour } from "../kind-behaviour.ts";
import { hasAt, isTrueAt, objectAt, objectIn, textAt } from "../shape.ts";
import { problemsOf, type Problems } from "../validation/problems.ts";
import { nonNegative, requireOneOf } from "../validation/scalars.ts";
import { cronProblem } from "./cron-schedule.ts";
import { jobSpec } from "./job-spec.ts";
import { cronJobTable } from "./tables.ts";
import { timeZoneProblem } from "./time-zone.ts";

const MAX_NAME = 52;

/** batch/v1 CronJob. */
export const cronJob: KindBehaviour = {
  printer: cronJobTable,
  strategy: {
    validate: (object) =>
      problemsOf((problems) => {
        cronSpec(objectAt(object, "spec"), undefined, problems);
        if ((object.metadata.name ?? "").length > MAX_NAME)
          problems.invalid("metadata.name", object.metadata.name, "must be no more than 52 characters");
      }),
    validateUpdate: (object, old) => problemsOf((problems) => cronSpec(objectAt(object, "spec"), objectAt(old, "spec"), problems)),
    validateStatusUpdate: () => [],
    warnings: (object, old) => templateWarnings(object, old, templateOf(object), "spec.jobTemplate.spec.template"),
  },
};

function templateOf(object: KubeObject): JsonObject {
  return objectAt(objectAt(objectAt(objectAt(object, "spec"), "jobTemplate"), "spec"), "template");
}

function cronSpec(spec: JsonObject, old: JsonObject | undefined, problems: Problems): void {
  schedule(spec, old, problems);
  nonNegative(spec, "spec", problems, "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit");
  const zone = textAt(spec, "timeZone");
  if (hasAt(spec, "timeZone") && (!old || textAt(old, "timeZone") !== zone)) {
    const problem = timeZoneProblem(zone);
    if (problem) problems.invalid("spec.timeZone", zone, problem);
  }
  requireOneOf(spec, "concurrencyPolicy", "spec", problems, ["Allow", "Forbid", "Replace"]);
  const job = objectAt(objectAt(spec, "jobTemplate"), "spec");
  jobSpec(job, "spec.jobTemplate.spec", problems);
  const selector = objectIn(job, "selector");
  if (selector) problems.invalid("spec.jobTemplate.spec.selector", selector, "`selector` will be auto-generated");
  if (isTrueAt(job, "manualSelector")) problems.notSupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]);
}

function schedule(spec: JsonObject, old: JsonObject | undefined, problems: Problems): void {
  const text = textAt(spec, "schedule");
  if (text === "") return problems.required("spec.schedule");
  const problem = cronProblem(text);
  if (problem) problems.invalid("spec.schedule", text, problem);
  const mayHaveZone = old !== undefined && textAt(old, "schedule").includes("TZ");
  if (!text.includes("TZ")) return;
  if (!mayHaveZone) problems.invalid("spec.schedule", text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
  else if (hasAt(spec, "timeZone")) problems.invalid("spec.schedule", text, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
}
