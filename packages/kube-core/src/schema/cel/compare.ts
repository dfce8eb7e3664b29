// SPDX-License-Identifier: Apache-2.0
import { compareText } from "../../json-object.ts";
import type { CelValue } from "./values.ts";
import { CelDuration, CelList, CelMap, CelOpaque, CelOptional, CelTimestamp, CelTypeValue, CelUint } from "./values.ts";

/** Whether two values are equal; numbers are across their types, other types never. */
export function isEqual(left: CelValue, right: CelValue): boolean {
  if (left === right) return !Number.isNaN(left);
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right) === 0;
  if (left instanceof CelList && right instanceof CelList) return equalLists(left, right);
  if (left instanceof CelMap && right instanceof CelMap) return equalMaps(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareBytes(left, right) === 0;
  if (left instanceof CelTimestamp && right instanceof CelTimestamp) return left.nanos === right.nanos;
  if (left instanceof CelDuration && right instanceof CelDuration) return left.nanos === right.nanos;
  if (left instanceof CelTypeValue && right instanceof CelTypeValue) return left.name === right.name;
  if (left instanceof CelOptional && right instanceof CelOptional) {
    if (left.value === undefined || right.value === undefined) return left.value === right.value;
    return isEqual(left.value, right.value);
  }
  if (left instanceof CelOpaque && right instanceof CelOpaque) {
    return left.typeName === right.typeName && left.identity === right.identity;
  }
  return false;
}

function equalLists(left: CelList, right: CelList): boolean {
  const own = left.equals(right, isEqual);
  if (own !== undefined) return own;
  if (left.size !== right.size) return false;
  for (let index = 0; index < left.size; index++) if (!isEqual(left.at(index), right.at(index))) return false;
  return true;
}

function equalMaps(left: CelMap, right: CelMap): boolean {
  if (left.size !== right.size) return false;
  for (const key of left.keys()) {
    const [own, other] = [left.get(key), right.get(key)];
    if (own === undefined || other === undefined || !isEqual(own, other)) return false;
  }
  return true;
}

export function isNumeric(value: CelValue): value is bigint | number | CelUint {
  return typeof value === "bigint" || typeof value === "number" || value instanceof CelUint;
}

/** Negative, zero or positive; NaN when one of them is not a number. */
export function compareNumbers(left: bigint | number | CelUint, right: bigint | number | CelUint): number {
  const [a, b] = [left instanceof CelUint ? left.value : left, right instanceof CelUint ? right.value : right];
  // JavaScript compares bigint and number by value, without rounding.
  if (a < b) return -1;
  return a > b ? 1 : Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 0;
}

/** Orders two values of one type, or two numbers; undefined when they have no order. */
export function compareValues(left: CelValue, right: CelValue): number | undefined {
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right);
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareBytes(left, right);
  if (left instanceof CelTimestamp && right instanceof CelTimestamp) return compareNumbers(left.nanos, right.nanos);
  if (left instanceof CelDuration && right instanceof CelDuration) return compareNumbers(left.nanos, right.nanos);
  return undefined;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
