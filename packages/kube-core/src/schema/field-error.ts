// SPDX-License-Identifier: Apache-2.0
import { goFloat } from "../go-float.ts";
import { goQuote } from "../go-quote.ts";
import { stringifyJson } from "../json.ts";
import type { StatusCause } from "../status.ts";

/** @see apimachinery util/validation/field ErrorType: the value is the `reason` of the cause in a Status. */
export type FieldErrorType =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "InternalError"
  | "FieldValueTypeInvalid";

/** What is wrong with one field of an object, in Kubernetes' words. */
export interface FieldError {
  readonly type: FieldErrorType;
  /** `spec.containers[0].name`; `""` is the whole object. */
  readonly field: string;
  /** Printed in the message, where the type prints values. Absent: `null` is printed. */
  readonly value?: unknown;
  /** True when the value must not be printed at all (CEL failures of objects). */
  readonly omitValue?: boolean;
  readonly detail: string;
}

const TITLES: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  InternalError: "Internal error",
  FieldValueTypeInvalid: "Invalid value",
};

const WITHOUT_VALUE: ReadonlySet<FieldErrorType> = new Set([
  "FieldValueRequired",
  "FieldValueForbidden",
  "FieldValueTooLong",
  "InternalError",
]);

/** `Invalid value: "x": must be …`: the message without the field. @see field.Error.ErrorBody */
export function fieldErrorBody(error: FieldError): string {
  const title = TITLES[error.type];
  const head = WITHOUT_VALUE.has(error.type) || error.omitValue ? title : `${title}: ${printValue(error.value)}`;
  return error.detail === "" ? head : `${head}: ${error.detail}`;
}

/** `spec.replicas: Invalid value: -1: must be …`. @see field.Error.Error */
export function fieldErrorMessage(error: FieldError): string {
  return `${error.field}: ${fieldErrorBody(error)}`;
}

/** The entry of `details.causes`. */
export function fieldErrorCause(error: FieldError): StatusCause {
  return { reason: error.type, message: fieldErrorBody(error), field: error.field };
}

function printValue(value: unknown): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number") return goFloat(value);
  return stringifyJson(value, { escapeHtml: true });
}

/** The field of an error about no field in particular: what Go prints for a path that is nil. */
export const NO_FIELD = "<nil>";

/** `spec` and `name` → `spec.name`; `""` is the whole object. */
export function childPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** `spec.list` and 2 → `spec.list[2]`; `spec.map` and `a` → `spec.map[a]`. */
export function elementPath(path: string, key: number | string): string {
  return `${path}[${key}]`;
}

/** @see field.Required */
export function requiredValue(path: string, detail = ""): FieldError {
  return { type: "FieldValueRequired", field: path || NO_FIELD, value: "", detail };
}

/** @see field.Invalid */
export function invalidValue(path: string, value: unknown, detail: string): FieldError {
  return { type: "FieldValueInvalid", field: path || NO_FIELD, value, detail };
}

/** @see field.TypeInvalid */
export function typeInvalid(path: string, value: unknown, detail: string): FieldError {
  return { type: "FieldValueTypeInvalid", field: path || NO_FIELD, value, detail };
}

/** @see field.Forbidden */
export function forbidden(path: string, detail: string): FieldError {
  return { type: "FieldValueForbidden", field: path || NO_FIELD, value: "", detail };
}

/** @see field.NotSupported */
export function notSupported(path: string, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length > 0 ? `supported values: ${supported.map(goQuote).join(", ")}` : "";
  return { type: "FieldValueNotSupported", field: path || NO_FIELD, value, detail };
}

/** @see field.Duplicate */
export function duplicateValue(path: string, value: unknown): FieldError {
  return { type: "FieldValueDuplicate", field: path || NO_FIELD, value, detail: "" };
}

export function tooLongDetail(limit: number): string {
  return limit < 0 ? "value is too long" : `may not be more than ${limit} ${limit === 1 ? "byte" : "bytes"}`;
}

export function tooManyDetail(limit: number): string {
  return limit < 0 ? "has too many items" : `must have at most ${limit} ${limit === 1 ? "item" : "items"}`;
}

/** @see field.TooLong */
export function tooLong(path: string, limitBytes: number): FieldError {
  return { type: "FieldValueTooLong", field: path || NO_FIELD, value: "", detail: tooLongDetail(limitBytes) };
}

/** @see field.TooMany */
export function tooMany(path: string, count: number, limit: number): FieldError {
  return { type: "FieldValueTooMany", field: path || NO_FIELD, value: count, detail: tooManyDetail(limit) };
}
