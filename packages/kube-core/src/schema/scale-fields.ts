// SPDX-License-Identifier: Apache-2.0
import { stringifyJson } from "../json.ts";
import { isJsonObject, getKey } from "../json-object.ts";
import type { FieldError } from "./field-error.ts";
import { invalidValue } from "./field-error.ts";
import type { JsonKind } from "./json-kind.ts";
import { jsonKind, toDouble } from "./json-kind.ts";

/** Where the scale subresource finds its fields: `.spec.replicas`. @see apiextensions/v1 CustomResourceSubresourceScale */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

const MAX_INT32 = 2_147_483_647;

/** @see apiextensions-apiserver customResourceValidator.ValidateScaleSpec */
export function validateScaleSpec(object: unknown, scale: ScalePaths): FieldError[] {
  return validateReplicas(object, scale.specReplicasPath);
}

/** @see customResourceValidator.ValidateScaleStatus */
export function validateScaleStatus(object: unknown, scale: ScalePaths): FieldError[] {
  const errors = validateReplicas(object, scale.statusReplicasPath);
  const { labelSelectorPath } = scale;
  if (labelSelectorPath === undefined || labelSelectorPath === "") return errors;
  const { value, problem } = valueAt(object, labelSelectorPath, "string");
  if (problem !== undefined) errors.push(invalidValue(labelSelectorPath, value ?? "", problem));
  return errors;
}

/** The value at a path in dot notation; undefined when there is none. */
export function valueAtPath(object: unknown, path: string): unknown {
  return path
    .replace(/^\./, "")
    .split(".")
    .reduce<unknown>((value, field) => (isJsonObject(value) ? getKey(value, field) : undefined), object);
}

function validateReplicas(object: unknown, path: string): FieldError[] {
  const { value, problem } = valueAt(object, path, "integer");
  if (problem !== undefined) return [invalidValue(path, 0, problem)];
  const replicas = value === undefined ? 0 : toDouble(value);
  if (replicas < 0) return [invalidValue(path, replicas, "should be a non-negative integer")];
  return replicas > MAX_INT32 ? [invalidValue(path, replicas, `should be less than or equal to ${MAX_INT32}`)] : [];
}

function valueAt(object: unknown, path: string, wanted: "integer" | "string"): { value?: unknown; problem?: string } {
  const fields = path.replace(/^\./, "").split(".");
  let value = object;
  for (const [index, field] of fields.entries()) {
    if (value === null) return {};
    if (!isJsonObject(value)) return { problem: accessProblem(fields.slice(0, index + 1), value, "map[string]interface{}") };
    if (!Object.hasOwn(value, field)) return {};
    value = value[field];
  }
  if (jsonKind(value) === wanted) return { value };
  return { problem: accessProblem(fields, value, wanted === "integer" ? "int64" : "string") };
}

const GO_TYPES: Readonly<Record<JsonKind, string>> = {
  null: "<nil>",
  boolean: "bool",
  string: "string",
  integer: "int64",
  number: "float64",
  array: "[]interface {}",
  object: "map[string]interface {}",
};

function accessProblem(fields: readonly string[], value: unknown, wanted: string): string {
  return `.${fields.join(".")} accessor error: ${goValue(value)} is of the type ${GO_TYPES[jsonKind(value)]}, expected ${wanted}`;
}

/** A value as Go's `%v` prints it. */
function goValue(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goValue).join(" ")}]`;
  if (!isJsonObject(value)) return typeof value === "string" ? value : stringifyJson(value);
  const fields = Object.keys(value).toSorted();
  return `map[${fields.map((key) => `${key}:${goValue(value[key])}`).join(" ")}]`;
}
