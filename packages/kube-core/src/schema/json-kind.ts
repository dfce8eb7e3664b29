// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "../exact-number.ts";

/** What a JSON value is, as Kubernetes' decoder tells it: a number is an integer when it was one and fits into 64 bits. */
export type JsonKind = "null" | "boolean" | "string" | "integer" | "number" | "array" | "object";

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

export function jsonKind(value: unknown): JsonKind {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "number":
      return Number.isSafeInteger(value) ? "integer" : "number";
    case "bigint":
      return fitsInt64(value) ? "integer" : "number";
    default:
  }
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof ExactNumber) {
    const integer = value.toBigInt();
    return integer !== undefined && fitsInt64(integer) ? "integer" : "number";
  }
  return "object";
}

export function fitsInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64;
}

/** The integer of a value of kind `integer`. */
export function toInteger(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  return value instanceof ExactNumber ? (value.toBigInt() ?? 0n) : BigInt(value as number);
}

/** The double of a value of kind `integer` or `number`. */
export function toDouble(value: unknown): number {
  return typeof value === "number" ? value : Number(value);
}
