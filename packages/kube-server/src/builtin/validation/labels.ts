// SPDX-License-Identifier: Apache-2.0
import { labelKeyProblems, labelValueProblems, type JsonObject } from "@flux-ts/kube-core";
import { listAt, objectAt, objectsAt, textAt, textsAt } from "../shape.ts";
import { at, type Problems } from "./problems.ts";

const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** @see apimachinery meta/v1/validation ValidateLabels */
export function labels(map: JsonObject, path: string, problems: Problems): void {
  for (const [key, value] of Object.entries(map)) {
    labelName(key, path, problems);
    problems.invalidFor(path, value, labelValueProblems(String(value)));
  }
}

/** A key of a label. */
export function labelName(key: string, path: string, problems: Problems): void {
  problems.invalidFor(path, key, labelKeyProblems(key));
}

/** @see apimachinery api/validation ValidateAnnotations */
export function annotations(map: JsonObject, path: string, problems: Problems): void {
  let size = 0;
  for (const [key, value] of Object.entries(map)) {
    size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
    problems.invalidFor(path, key, labelKeyProblems(key.toLowerCase()));
  }
  if (size > MAX_ANNOTATIONS_BYTES) problems.tooLong(path, MAX_ANNOTATIONS_BYTES);
}

/** A LabelSelector object. @see apimachinery meta/v1/validation ValidateLabelSelector */
export function labelSelector(selector: JsonObject, path: string, problems: Problems, allowsAnyValue = false): void {
  labels(objectAt(selector, "matchLabels"), at(path, "matchLabels"), problems);
  objectsAt(selector, "matchExpressions").forEach((expression, index) =>
    requirement(expression, `${at(path, "matchExpressions")}[${index}]`, problems, allowsAnyValue),
  );
}

function requirement(expression: JsonObject, path: string, problems: Problems, allowsAnyValue: boolean): void {
  const operator = textAt(expression, "operator");
  const values = textsAt(expression, "values");
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) problems.required(at(path, "values"), "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) problems.forbidden(at(path, "values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else problems.invalid(at(path, "operator"), operator, "not a valid selector operator");
  labelName(textAt(expression, "key"), at(path, "key"), problems);
  if (!allowsAnyValue)
    values.forEach((value, index) => problems.invalidFor(`${at(path, "values")}[${index}]`, value, labelValueProblems(value)));
}

/** Whether a LabelSelector object selects everything. */
export function isEmptySelector(selector: JsonObject): boolean {
  return Object.keys(objectAt(selector, "matchLabels")).length === 0 && listAt(selector, "matchExpressions").length === 0;
}
