// SPDX-License-Identifier: Apache-2.0
import { GoMap, Int, Slice, Struct, type Value, isFunction } from "./values.ts";
import { formatFloat } from "./format/float.ts";
import { stringOf } from "./format/stringer.ts";
import { FunctionError } from "./template-error.ts";

const MAX_DEPTH = 1000;

/**
 * Parsed JSON or YAML as template values: numbers become float64, as Helm's values have them, bigint int64.
 *
 * @throws {FunctionError} when it is nested more than 1000 deep
 */
export function fromPlain(value: unknown, depth = 0): Value {
  if (depth > MAX_DEPTH) throw new FunctionError(`value is nested more than ${MAX_DEPTH} deep`);
  switch (typeof value) {
    case "string":
    case "boolean":
    case "number":
      return value;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? new Int("int64", value) : Number(value);
    case "object":
      break;
    default:
      return null;
  }
  if (value === null) return null;
  if (Array.isArray(value)) return new Slice(value.map((item) => fromPlain(item, depth + 1)));
  if (value instanceof Int || value instanceof GoMap || value instanceof Slice || value instanceof Struct) return value;
  // A number with its spelling, such as kube-core's ExactNumber, tells its value by valueOf.
  const number: unknown = value.valueOf();
  if (typeof number === "number") return number;
  const entries = new Map<string, Value>();
  for (const [key, item] of Object.entries(value)) entries.set(key, fromPlain(item, depth + 1));
  return new GoMap(entries);
}

/** How values become plain data. */
export interface PlainOptions {
  /** Every integer as bigint, so that floats stay apart; and NaN and infinities, which JSON does not have, as they are. */
  readonly keepsTypes?: boolean;
  /** Counts values: one that is in many places is copied to each. */
  readonly spend?: (steps: number) => void;
}

/**
 * A template value as plain data, for YAML and JSON: keys sorted, integers as numbers or, beyond 2^53, as bigint.
 * Objects have no prototype.
 *
 * @throws {FunctionError} for functions, NaN and infinities, and what is nested more than 1000 deep (such as a map put into itself)
 */
export function toPlain(value: Value, options: PlainOptions = {}, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new FunctionError(`value is nested more than ${MAX_DEPTH} deep`);
  options.spend?.(1);
  if (value === undefined || value === null) return null;
  if (typeof value === "number") {
    if (!Number.isFinite(value) && options.keepsTypes !== true)
      throw new FunctionError(`json: unsupported value: ${formatFloat(value, "g")}`);
    return value;
  }
  if (typeof value !== "object") return value;
  if (value instanceof Int && options.keepsTypes === true) return stringOf(value) ?? value.value;
  if (value instanceof Int) return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value;
  if (value instanceof Slice) {
    if (value.isNil) return null;
    return value.items.map((item) => toPlain(item, options, depth + 1));
  }
  if (isFunction(value)) throw new FunctionError("json: unsupported type: func");
  if (value instanceof Struct && value.json !== undefined) return toPlain(value.json(), options, depth + 1);
  if (value instanceof GoMap && value.isNil && value.entries.size === 0) return null;
  const out: Record<string, unknown> = Object.create(null);
  if (value instanceof GoMap) {
    for (const key of value.sortedKeys()) out[key] = toPlain(value.entries.get(key), options, depth + 1);
  } else {
    for (const [key, item] of value.fields) out[key] = toPlain(item, options, depth + 1);
  }
  return out;
}
