// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, isJsonObject } from "@flux-ts/kube-core";
import { quote } from "./schema-problem.ts";

export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";

/** Types in the order in which messages name them. */
export const TYPE_ORDER = ["null", "boolean", "number", "integer", "string", "array", "object"] as const;

export function jsonTypeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "bigint" || typeof value === "number" || value instanceof ExactNumber) return "number";
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "boolean" : "object";
}

/** The number that a value of the type "number" is, as exactly as a float64 can be. */
export function numberOf(value: unknown): number {
  return Number(value instanceof ExactNumber ? value.text : value);
}

export function isInteger(value: unknown): boolean {
  return Number.isInteger(numberOf(value));
}

/** Whether two JSON values are the same; numbers by value, objects whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  const type = jsonTypeOf(a);
  if (type !== jsonTypeOf(b)) return false;
  if (type === "number") return numberOf(a) === numberOf(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
  }
  return a === b;
}

/** A text that equal values share: for finding equals among many. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isJsonObject(value))
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(",")}}`;
  return jsonTypeOf(value) === "number" ? String(numberOf(value)) : JSON.stringify(value ?? null);
}

/** A value as messages show it. */
export function display(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "object" && !(value instanceof ExactNumber)) return "value";
  return value instanceof ExactNumber ? value.text : String(value);
}
