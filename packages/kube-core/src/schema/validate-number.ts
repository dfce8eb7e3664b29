// SPDX-License-Identifier: Apache-2.0
import { goFloat } from "../go-float.ts";
import { fitsInt64, jsonKind, toDouble, toInteger } from "./json-kind.ts";
import type { Problem } from "./problem.ts";
import { problem } from "./problem.ts";
import type { Schema } from "./schema.ts";

const MAX_JSON_INTEGER = 2 ** 53 - 1;
const MAX_FLOAT32 = 3.4028234663852886e38;

/** The bounds of a number, in the order in which Kubernetes tells them. @see kube-openapi validate.numberValidator */
export function checkNumber(schema: Schema, format: string | undefined, value: unknown, path: string, out: Problem[]): void {
  const type = schema["x-kubernetes-int-or-string"] === true ? undefined : schema.type;
  const bound = (limit: number, name: string, native: () => Problem | undefined, plain: () => Problem | undefined): void => {
    const outOfRange = rangeProblem(limit, type, format, name, path);
    const failed = outOfRange === undefined ? native() : plain();
    if (outOfRange !== undefined) out.push(outOfRange);
    if (failed !== undefined) out.push(failed);
  };
  const checked = rangeProblem(value, type, format, "Checked", path);
  if (checked !== undefined) out.push(checked);
  const { multipleOf, minimum, maximum } = schema;
  if (multipleOf !== undefined) {
    bound(
      multipleOf,
      "MultipleOf",
      () => multipleProblem(value, multipleOf, path),
      () => multipleProblem(toDouble(value), multipleOf, path, true),
    );
  }
  if (minimum !== undefined) {
    const exclusive = schema.exclusiveMinimum === true;
    const word = exclusive ? "greater than" : "greater than or equal to";
    const fails = (order: number): boolean => order < 0 || (exclusive && order === 0);
    bound(
      minimum,
      "Minimum boundary",
      () => boundProblem(value, minimum, word, fails, path),
      () => boundProblem(value, minimum, word, fails, path, true),
    );
  }
  if (maximum !== undefined) {
    const exclusive = schema.exclusiveMaximum === true;
    const word = exclusive ? "less than" : "less than or equal to";
    const fails = (order: number): boolean => order > 0 || (exclusive && order === 0);
    bound(
      maximum,
      "Maximum boundary",
      () => boundProblem(value, maximum, word, fails, path),
      () => boundProblem(value, maximum, word, fails, path, true),
    );
  }
}

/** Whether a float counts as an integer: within ±(2^53-1), and whole to nine digits. @see go-openapi/swag IsFloat64AJSONInteger */
export function isJsonInteger(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > MAX_JSON_INTEGER) return false;
  const whole = Math.trunc(value);
  return value === whole || Math.abs(value - whole) / (Math.abs(value) + Math.abs(whole)) < 1e-9;
}

function boundProblem(
  value: unknown,
  limit: number,
  word: string,
  fails: (order: number) => boolean,
  path: string,
  asFloat = false,
): Problem | undefined {
  if (jsonKind(value) === "integer" && !asFloat) {
    const whole = truncate(limit);
    const integer = toInteger(value);
    const order = integer < whole ? -1 : integer > whole ? 1 : 0;
    return fails(order) ? problem("FieldValueInvalid", path, value, `${path} in body should be ${word} ${whole}`) : undefined;
  }
  const order = toDouble(value) - limit;
  return fails(order) ? problem("FieldValueInvalid", path, value, `${path} in body should be ${word} ${goFloat(limit)}`) : undefined;
}

function multipleProblem(value: unknown, factor: number, path: string, asFloat = false): Problem | undefined {
  if (jsonKind(value) === "integer" && !asFloat) {
    const whole = truncate(factor);
    if (whole <= 0n) return notPositive(whole.toString(), Number(whole), path);
    if (toInteger(value) % whole === 0n) return undefined;
    return problem("FieldValueInvalid", path, value, `${path} in body should be a multiple of ${whole}`);
  }
  if (factor <= 0) return notPositive(goFloat(factor), factor, path);
  const data = toDouble(value);
  const times = factor < 1 ? (1 / factor) * data : data / factor;
  return isJsonInteger(times)
    ? undefined
    : problem("FieldValueInvalid", path, value, `${path} in body should be a multiple of ${goFloat(factor)}`);
}

function notPositive(text: string, factor: number, path: string): Problem {
  return problem("FieldValueInvalid", path, factor, `factor MultipleOf declared for ${path} must be positive: ${text}`);
}

/** A number that its type and format cannot hold. This error is about no field: it has no path, and an empty value. */
function rangeProblem(
  value: unknown,
  type: string | undefined,
  format: string | undefined,
  name: string,
  path: string,
): Problem | undefined {
  const fits = type === "integer" ? fitsInteger(value, format) : !(type === "number" && format === "float") || fitsFloat32(toDouble(value));
  if (fits) return undefined;
  const kind = format === undefined ? `${type} (default format)` : `${type} with format ${format}`;
  return problem("FieldValueInvalid", undefined, "", `${name} value must be of type ${kind} in ${path}`);
}

function fitsInteger(value: unknown, format: string | undefined): boolean {
  const kind = jsonKind(value);
  if (kind !== "integer" && !Number.isInteger(toDouble(value))) return false;
  const integer = kind === "integer" ? toInteger(value) : BigInt(toDouble(value));
  return format === "int32" ? integer >= -(2n ** 31n) && integer < 2n ** 31n : fitsInt64(integer);
}

function fitsFloat32(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= MAX_FLOAT32;
}

function truncate(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}
