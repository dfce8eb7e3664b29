// SPDX-License-Identifier: Apache-2.0
import { evaluationError, noSuchOverload } from "../cel-error.ts";
import { compareValues, isEqual, isNumeric } from "../compare.ts";
import type { Declaration } from "../functions.ts";
import { hidden, overload } from "../functions.ts";
import type { CelMap, CelValue } from "../values.ts";
import { ArrayList, CelDuration, CelList, CelTimestamp, CelUint, EntryMap, mapKey, scalarText, sizeOf } from "../values.ts";

const MAX_INT = 2n ** 63n - 1n;
const MIN_INT = -(2n ** 63n);
const MAX_UINT = 2n ** 64n - 1n;

export function toInt(value: bigint): bigint {
  if (value > MAX_INT || value < MIN_INT) throw evaluationError("integer overflow");
  return value;
}

export function toUint(value: bigint): CelUint {
  if (value > MAX_UINT || value < 0n) throw evaluationError("unsigned integer overflow");
  return new CelUint(value);
}

export function toDuration(nanos: bigint): CelDuration {
  if (nanos > MAX_INT || nanos < MIN_INT) throw evaluationError("duration overflow");
  return new CelDuration(nanos);
}

/** From year 1 to year 9999. */
const MIN_TIME = -62_135_596_800n * 1_000_000_000n;
const MAX_TIME = 253_402_300_800n * 1_000_000_000n - 1n;

export function toTimestamp(nanos: bigint): CelTimestamp {
  if (nanos < MIN_TIME || nanos > MAX_TIME) throw evaluationError("timestamp overflow");
  return new CelTimestamp(nanos);
}

function divide(left: bigint, right: bigint): bigint {
  if (right === 0n) throw evaluationError("division by zero");
  return left / right;
}

function modulo(left: bigint, right: bigint): bigint {
  if (right === 0n) throw evaluationError("modulus by zero");
  return left % right;
}

export function concatLists(left: CelList, right: CelList): CelList {
  return left.concat(right) ?? new JoinedList(left, right);
}

/** Two lists, one behind the other, without copying. */
class JoinedList extends CelList {
  readonly #left: CelList;
  readonly #right: CelList;
  readonly size: number;
  #flat: readonly CelValue[] | undefined;
  readonly #depth: number;

  constructor(left: CelList, right: CelList) {
    super();
    this.#left = left;
    this.#right = right;
    this.size = left.size + right.size;
    this.#depth = 1 + (left instanceof JoinedList ? left.#depth : 0) + (right instanceof JoinedList ? right.#depth : 0);
    // A long chain, as `map` builds it, would nest too deep.
    if (this.#depth > 100) this.#flatten();
  }

  at(index: number): CelValue {
    return this.#flatten()[index] ?? null;
  }

  #flatten(): readonly CelValue[] {
    this.#flat ??= [...this.#left, ...this.#right];
    return this.#flat;
  }
}

const ORDERED = ["bool", "string", "bytes", "timestamp", "duration"];
const NUMBERS = ["int", "uint", "double"];

function ordering(name: string, holds: (order: number) => boolean): Declaration[] {
  const run = (left: CelValue, right: CelValue): CelValue => {
    if (Number.isNaN(left) || Number.isNaN(right)) throw evaluationError("NaN values cannot be ordered");
    const order = compareValues(left, right);
    if (order === undefined) throw noSuchOverload();
    return holds(order);
  };
  const pairs = [...ORDERED.map((type) => [type, type]), ...NUMBERS.flatMap((left) => NUMBERS.map((right) => [left, right]))];
  return pairs.map(([left, right]) => overload(`${name}(${left}, ${right}) bool`, run));
}

/** Logic and loops are the interpreter's: these have no function. */
export const operators: readonly Declaration[] = [
  overload("_?_:_(bool, A, A) A"),
  overload("_&&_(bool, bool) bool"),
  overload("_||_(bool, bool) bool"),
  overload("@not_strictly_false(bool) bool"),
  overload("!_(bool) bool", (value: boolean) => !value),
  overload("_==_(A, A) bool", isEqual),
  overload("_!=_(A, A) bool", (left: CelValue, right: CelValue) => !isEqual(left, right)),
  overload("_+_(bytes, bytes) bytes", (left: Uint8Array, right: Uint8Array) => Uint8Array.from([...left, ...right])),
  overload("_+_(double, double) double", (left: number, right: number) => left + right),
  overload("_+_(duration, duration) duration", (left: CelDuration, right: CelDuration) => toDuration(left.nanos + right.nanos)),
  overload("_+_(duration, timestamp) timestamp", (left: CelDuration, right: CelTimestamp) => toTimestamp(left.nanos + right.nanos)),
  overload("_+_(timestamp, duration) timestamp", (left: CelTimestamp, right: CelDuration) => toTimestamp(left.nanos + right.nanos)),
  overload("_+_(int, int) int", (left: bigint, right: bigint) => toInt(left + right)),
  overload("_+_(list(A), list(A)) list(A)", concatLists),
  overload("_+_(string, string) string", (left: string, right: string) => left + right),
  overload("_+_(uint, uint) uint", (left: CelUint, right: CelUint) => toUint(left.value + right.value)),
  overload("_/_(double, double) double", (left: number, right: number) => left / right),
  overload("_/_(int, int) int", (left: bigint, right: bigint) => toInt(divide(left, right))),
  overload("_/_(uint, uint) uint", (left: CelUint, right: CelUint) => toUint(divide(left.value, right.value))),
  overload("_%_(int, int) int", (left: bigint, right: bigint) => toInt(modulo(left, right))),
  overload("_%_(uint, uint) uint", (left: CelUint, right: CelUint) => toUint(modulo(left.value, right.value))),
  overload("_*_(double, double) double", (left: number, right: number) => left * right),
  overload("_*_(int, int) int", (left: bigint, right: bigint) => toInt(left * right)),
  overload("_*_(uint, uint) uint", (left: CelUint, right: CelUint) => toUint(left.value * right.value)),
  overload("-_(double) double", (value: number) => -value),
  overload("-_(int) int", (value: bigint) => toInt(-value)),
  overload("_-_(double, double) double", (left: number, right: number) => left - right),
  overload("_-_(duration, duration) duration", (left: CelDuration, right: CelDuration) => toDuration(left.nanos - right.nanos)),
  overload("_-_(int, int) int", (left: bigint, right: bigint) => toInt(left - right)),
  overload("_-_(timestamp, duration) timestamp", (left: CelTimestamp, right: CelDuration) => toTimestamp(left.nanos - right.nanos)),
  overload("_-_(timestamp, timestamp) duration", (left: CelTimestamp, right: CelTimestamp) => toDuration(left.nanos - right.nanos)),
  overload("_-_(uint, uint) uint", (left: CelUint, right: CelUint) => toUint(left.value - right.value)),
  ...ordering("_<_", (order) => order < 0),
  ...ordering("_<=_", (order) => order <= 0),
  ...ordering("_>_", (order) => order > 0),
  ...ordering("_>=_", (order) => order >= 0),
  overload("_[_](list(A), int) A", indexList),
  // What is not known to be an integer before may be a whole number.
  ...["uint", "double"].map((type) => hidden(overload(`_[_](list(A), ${type}) A`, indexList))),
  overload("_[_](map(A, B), A) B", (map: CelMap, key: CelValue) => {
    const value = map.get(key);
    if (value === undefined) throw noSuchKey(key);
    return value;
  }),
  overload("@in(A, list(A)) bool", (item: CelValue, list: CelList) => contains(list, item)),
  overload("@in(A, map(A, B)) bool", (key: CelValue, map: CelMap) => map.get(key) !== undefined),
  ...["bytes", "list(A)", "map(A, B)", "string"].flatMap((type) => [
    overload(`size(${type}) int`, (value: CelValue) => BigInt(sizeOf(value))),
    overload(`${type}.size() int`, (value: CelValue) => BigInt(sizeOf(value))),
  ]),
];

export function noSuchKey(key: CelValue): Error {
  return evaluationError(`no such key: ${scalarText(key)}`);
}

/** Also doubles that are whole may be indexes. */
export function indexList(list: CelList, index: CelValue): CelValue {
  const at = index instanceof CelUint ? Number(index.value) : Number(index);
  if (!isNumeric(index) || !Number.isInteger(at)) throw evaluationError(`unsupported index type '${typeof index}' in list`);
  if (at < 0 || at >= list.size) throw evaluationError(`index out of bounds: ${at}`);
  return list.at(at);
}

export function contains(list: CelList, wanted: CelValue): boolean {
  for (const item of list) if (isEqual(item, wanted)) return true;
  return false;
}

/** What `transformMap` gathers with: a key may come once only. */
export const mapInsertions: readonly Declaration[] = [
  overload("::cel.@mapInsert(map(K, V), K, V) map(K, V)", (map: CelMap, key: CelValue, value: CelValue) => insert(map, [[key, value]])),
  overload("::cel.@mapInsert(map(K, V), map(K, V)) map(K, V)", (map: CelMap, other: CelMap) =>
    insert(
      map,
      [...other.keys()].map((key) => [key, other.get(key) ?? null] as const),
    ),
  ),
];

function insert(map: CelMap, added: readonly (readonly [CelValue, CelValue])[]): CelMap {
  for (const [key] of added) {
    if (mapKey(key) === undefined) throw evaluationError(`unsupported key type: ${typeof key}`);
    if (map.get(key) !== undefined) throw evaluationError(`insert failed: key ${scalarText(key)} already exists`);
  }
  const own = [...map.keys()].map((key) => [key, map.get(key) ?? null] as const);
  return new EntryMap([...own, ...added]);
}

export function emptyList(): CelList {
  return new ArrayList([]);
}
