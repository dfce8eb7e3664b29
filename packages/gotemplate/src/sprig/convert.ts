// SPDX-License-Identifier: Apache-2.0
import { formatValue, bytesText } from "../format/sprintf.ts";
import { parseFloatLiteral, parseInteger } from "../parse/number.ts";
import { FunctionError } from "../template-error.ts";
import { GoMap, Int, Slice, type Value, kindOf, typeOf } from "../values.ts";

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** A whole number of anything, 0 where there is none. @see spf13/cast ToInt64 */
export function toInt64(value: Value): bigint {
  if (value instanceof Int) return BigInt.asIntN(64, value.value);
  if (typeof value === "number") return floatToInt(value);
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value !== "string") return 0n;
  const parsed = parseInteger(value.replace(/\.0+$/, ""));
  return parsed !== undefined && parsed <= MAX_INT64 && parsed >= MIN_INT64 ? parsed : 0n;
}

/** What the processor makes of a float that is no int64: the least int64. */
function floatToInt(value: number): bigint {
  if (!Number.isFinite(value)) return MIN_INT64;
  const whole = BigInt(Math.trunc(value));
  return whole > MAX_INT64 || whole < MIN_INT64 ? MIN_INT64 : whole;
}

/** A float64 of anything, 0 where there is none. @see spf13/cast ToFloat64 */
export function toFloat64(value: Value): number {
  if (typeof value === "number") return value;
  if (value instanceof Int) return Number(value.value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return 0;
  if (/^[+-]?nan$/i.test(value)) return /^nan$/i.test(value) ? Number.NaN : 0;
  return parseFloatLiteral(value) ?? (/^[+-]?inf(inity)?$/i.test(value) ? (value.startsWith("-") ? -Infinity : Infinity) : 0);
}

/** Sprig's toString. */
export function toText(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof Slice && value.type === "[]uint8") return bytesText(value);
  return formatValue(value);
}

/** A number given where a JavaScript number is needed: a count, a position. */
export function toNumber(value: Value): number {
  return Number(toInt64(value));
}

/** The items of a list; `what` completes "Cannot … type string". */
export function itemsOf(list: Value, what: string): readonly Value[] {
  if (list instanceof Slice) return list.items;
  if (list === undefined || list === null) throw nilPointer();
  throw new FunctionError(`${what} ${kindOf(list)}`);
}

export function nilPointer(): FunctionError {
  return new FunctionError("runtime error: invalid memory address or nil pointer dereference");
}

/** Texts of a list, nils left out; of anything else, itself. */
export function toTexts(value: Value): string[] {
  if (value instanceof Slice) return value.items.filter((item) => item !== null && item !== undefined).map(toText);
  return value === null || value === undefined ? [] : [toText(value)];
}

/** A map that a parameter of type map[string]interface {} got. */
export function asMap(value: Value): GoMap {
  if (value instanceof GoMap) return value;
  throw new FunctionError(`interface conversion: interface {} is ${typeOf(value)}, not map[string]interface {}`);
}

/** Sprig's empty. */
export function isEmpty(value: Value): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return true;
  if (value instanceof Int) return value.value === 0n;
  if (value instanceof GoMap) return value.entries.size === 0;
  return value instanceof Slice && value.items.length === 0;
}
