// SPDX-License-Identifier: Apache-2.0
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { hasAt, isTrueAt, listAt, numberAt, objectAt, objectsAt, textAt } from "../shape.ts";
import { age, humanDuration } from "../table/age.ts";
import { ageOf, containersOf, countAt, isBeingDeleted, NONE, nameOf, selectorText, specOf, statusOf, textOr } from "../table/cells.ts";
import { tableOf } from "../table/columns.ts";

export const jobTable = tableOf("batch.Job", (object, now) => {
  const spec = specOf(object);
  return [
    nameOf(object),
    jobStatus(object),
    completions(spec, countAt(statusOf(object), "succeeded")),
    duration(statusOf(object), now),
    ageOf(object, now),
    ...containersOf(objectAt(spec, "template")),
    selectorText(spec),
  ];
});

function jobStatus(object: KubeObject): string {
  const conditions = objectsAt(statusOf(object), "conditions");
  const has = (type: string): boolean =>
    conditions.some((condition) => textAt(condition, "type") === type && textAt(condition, "status") === "True");
  if (has("Complete")) return "Complete";
  if (has("Failed")) return "Failed";
  if (isBeingDeleted(object)) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(has) ?? "Running";
}

function completions(spec: JsonObject, succeeded: number): string {
  const wanted = numberAt(spec, "completions");
  if (wanted !== undefined) return `${succeeded}/${wanted}`;
  const parallelism = countAt(spec, "parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration(status: JsonObject, now: number): string {
  if (!hasAt(status, "startTime")) return "";
  const start = Date.parse(textAt(status, "startTime"));
  return humanDuration((hasAt(status, "completionTime") ? Date.parse(textAt(status, "completionTime")) : now) - start);
}

export const cronJobTable = tableOf("batch.CronJob", (object, now) => {
  const [spec, status] = [specOf(object), statusOf(object)];
  const job = objectAt(objectAt(spec, "jobTemplate"), "spec");
  return [
    nameOf(object),
    textAt(spec, "schedule"),
    textOr(spec, "timeZone", NONE),
    hasAt(spec, "suspend") ? (isTrueAt(spec, "suspend") ? "True" : "False") : "<unset>",
    listAt(status, "active").length,
    hasAt(status, "lastScheduleTime") ? age(textAt(status, "lastScheduleTime"), now) : NONE,
    ageOf(object, now),
    ...containersOf(objectAt(job, "template")),
    selectorText(job),
  ];
});
