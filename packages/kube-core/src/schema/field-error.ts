// SPDX-License-Identifier: Apache-2.0
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
  return value === undefined || value === null ? "null" : stringifyJson(value);
}
