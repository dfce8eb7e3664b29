// SPDX-License-Identifier: Apache-2.0
import { compareStrings } from "../bytes.ts";
import { sprintf } from "../format/sprintf.ts";
import { FunctionError } from "../template-error.ts";
import { Int, Struct, type Value, isFunction, kindOf, typeOf } from "../values.ts";

type Basic = "bool" | "int" | "uint" | "float" | "string";

function basicKind(value: Value): Basic | undefined {
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "float";
  if (typeof value === "boolean") return "bool";
  if (value instanceof Int) return value.isUnsigned ? "uint" : "int";
  return undefined;
}

function isInteger(kind: Basic | undefined): boolean {
  return kind === "int" || kind === "uint";
}

/** Whether the first is equal to one of the others. @see text/template eq */
export function equal(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  const kind = basicKind(first);
  return others.some((other) => {
    const otherKind = basicKind(other);
    if (first instanceof Int && other instanceof Int) return first.value === other.value;
    if (kind !== otherKind) {
      if (isNothing(first) || isNothing(other)) return false;
      throw new FunctionError(`incompatible types for comparison: ${typeOf(first)} and ${typeOf(other)}`);
    }
    if (kind !== undefined) return first === other;
    if (!isNothing(first) && !isNothing(other) && kindOf(first) !== kindOf(other)) {
      throw new FunctionError(sprintf("non-comparable types %s: %v, %s: %v", [first, typeOf(first), typeOf(other), other]));
    }
    if (isNil(first) || isNil(other)) return isNil(first) === isNil(other);
    if (!(other instanceof Struct)) throw new FunctionError(sprintf("non-comparable type %s: %v", [other, typeOf(other)]));
    return (
      first === other ||
      (first instanceof Struct && first.type === other.type && first.text !== undefined && first.text() === other.text?.())
    );
  });
}

function isNothing(value: Value): boolean {
  return value === undefined || value === null;
}

function isNil(value: Value): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && !isFunction(value) && "isNil" in value && value.isNil;
}

/** Less than, equal, greater than 0. @see text/template lt */
export function compare(a: Value, b: Value): number {
  const kindA = basicKind(a);
  const kindB = basicKind(b);
  if (kindA === undefined || kindB === undefined) throw new FunctionError("invalid type for comparison");
  if (a instanceof Int && b instanceof Int) return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  if (kindA !== kindB || isInteger(kindA)) throw new FunctionError(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`);
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN;
  throw new FunctionError("invalid type for comparison");
}
