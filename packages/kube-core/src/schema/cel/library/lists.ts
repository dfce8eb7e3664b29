// SPDX-License-Identifier: Apache-2.0
import { evaluationError, noSuchOverload } from "../cel-error.ts";
import { compareValues, isEqual } from "../compare.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import type { CelValue } from "../values.ts";
import { ArrayList, CelDuration, CelList, CelMap, CelUint, typeNameOf } from "../values.ts";
import { contains, toDuration, toInt, toUint } from "./operators.ts";

const COMPARABLE = ["int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes"];
const SUMMABLE: Readonly<Record<string, CelValue>> = { int: 0n, uint: new CelUint(0n), double: 0, duration: new CelDuration(0n) };

/** What going through a value once costs. */
function traversal(value: CelValue): number {
  if (typeof value === "string") return Math.floor(new TextEncoder().encode(value).length * 0.1);
  if (value instanceof Uint8Array) return Math.floor(value.length * 0.1);
  if (value instanceof CelList) return [...value].reduce<number>((cost, item) => cost + traversal(item), 0);
  if (!(value instanceof CelMap)) return 1;
  return [...value.keys()].reduce<number>((cost, key) => cost + traversal(key) + traversal(value.get(key) ?? null), 0);
}

const once = (args: readonly CelValue[]): number => traversal(args[0] ?? null);

/** @see k8s.io/apiserver pkg/cel/library/lists.go */
export const kubernetesLists: readonly Declaration[] = [
  ...COMPARABLE.flatMap((type) => [
    overload(`list(${type}).isSorted() bool`, isSorted, once),
    overload(`list(${type}).max() ${type}`, (list: CelList) => extreme(list, "max", (order) => order < 0), once),
    overload(`list(${type}).min() ${type}`, (list: CelList) => extreme(list, "min", (order) => order > 0), once),
  ]),
  ...Object.entries(SUMMABLE).map(([type, zero]) => overload(`list(${type}).sum() ${type}`, (list: CelList) => sumOf(list, zero), once)),
  overload("list(A).indexOf(A) int", (list: CelList, item: CelValue) => BigInt([...list].findIndex((one) => isEqual(one, item))), once),
  overload(
    "list(A).lastIndexOf(A) int",
    (list: CelList, item: CelValue) => BigInt([...list].findLastIndex((one) => isEqual(one, item))),
    once,
  ),
];

function isSorted(list: CelList): boolean {
  const items = [...list];
  return items.every((item, index) => index === 0 || orderOf(items[index - 1] ?? null, item) <= 0);
}

function orderOf(left: CelValue, right: CelValue): number {
  const order = compareValues(left, right);
  if (order === undefined) throw noSuchOverload();
  return order;
}

function extreme(list: CelList, name: string, isBetter: (order: number) => boolean): CelValue {
  if (list.size === 0) throw evaluationError(`${name} called on empty list`);
  return [...list].reduce((best, item) => (isBetter(orderOf(best, item)) ? item : best));
}

/** The zero is that of the declared type; of a list of unknown type, what it holds tells the type. */
function sumOf(list: CelList, zero: CelValue): CelValue {
  const [first, ...others] = list;
  return first === undefined ? zero : others.reduce<CelValue>(add, first);
}

function add(sum: CelValue, item: CelValue): CelValue {
  if (typeof sum === "bigint" && typeof item === "bigint") return toInt(sum + item);
  if (typeof sum === "number" && typeof item === "number") return sum + item;
  if (sum instanceof CelUint && item instanceof CelUint) return toUint(sum.value + item.value);
  if (sum instanceof CelDuration && item instanceof CelDuration) return toDuration(sum.nanos + item.nanos);
  throw noSuchOverload();
}

const MAX_RANGE = 1_000_000n;
const perItem = (_: readonly CelValue[], result: CelValue): number => 11 + (result instanceof CelList ? result.size : 0);
const perPair = (args: readonly CelValue[]): number => {
  const size = args[0] instanceof CelList ? args[0].size : 0;
  return 11 + size * size;
};

/** @see cel-go ext.Lists, version 3 */
export const lists: readonly Declaration[] = [
  overload("list(T).slice(int, int) list(T)", slice, perItem),
  overload("list(list(T)).flatten() list(T)", (list: CelList) => new ArrayList(flatten(list, 1n)), perItem),
  overload("list(dyn).flatten(int) list(dyn)", (list: CelList, depth: bigint) => new ArrayList(flatten(list, depth)), perItem),
  ...COMPARABLE.flatMap((type) => [
    overload(`list(${type}).sort() list(${type})`, (list: CelList) => sortBy(list, list), perPair),
    overload(`list(T).@sortByAssociatedKeys(list(${type})) list(T)`, sortBy, perPair),
  ]),
  overload("::lists.range(int) list(int)", range, perItem),
  overload("list(T).reverse() list(T)", (list: CelList) => new ArrayList([...list].toReversed()), perItem),
  overload("list(T).distinct() list(T)", distinct, perPair),
];

function slice(list: CelList, start: bigint, end: bigint): CelList {
  const call = `cannot slice(${start}, ${end})`;
  if (start < 0n || end < 0n) throw evaluationError(`${call}, negative indexes not supported`);
  if (start > end) throw evaluationError(`${call}, start index must be less than or equal to end index`);
  if (BigInt(list.size) < end) throw evaluationError(`${call}, list is length ${list.size}`);
  return new ArrayList([...list].slice(Number(start), Number(end)));
}

function flatten(list: CelList, depth: bigint): CelValue[] {
  if (depth < 0n) throw evaluationError("level must be non-negative");
  return [...list].flatMap((item) => (item instanceof CelList && depth > 0n ? flatten(item, depth - 1n) : [item]));
}

function range(count: bigint): CelList {
  if (count > MAX_RANGE) throw evaluationError(`lists.range(${count}) is too large`);
  return new ArrayList(Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index)));
}

function distinct(list: CelList): CelList {
  const found: CelValue[] = [];
  for (const item of list) if (!contains(new ArrayList(found), item)) found.push(item);
  return new ArrayList(found);
}

function sortBy(list: CelList, keys: CelList): CelList {
  if (list.size !== keys.size) {
    const sizes = `${list.size} and ${keys.size}`;
    throw evaluationError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${sizes} elements respectively`,
    );
  }
  const pairs = [...keys].map((key, index) => ({ key, item: list.at(index) }));
  const [first] = pairs;
  if (first === undefined) return list;
  if (pairs.some(({ key }) => typeNameOf(key) !== typeNameOf(first.key))) throw evaluationError("list elements must have the same type");
  if (compareValues(first.key, first.key) === undefined) throw evaluationError("list elements must be comparable");
  return new ArrayList(pairs.toSorted((left, right) => orderOf(left.key, right.key)).map(({ item }) => item));
}

/** @see cel-go ext.Sets */
export const sets: readonly Declaration[] = [
  overload("::sets.contains(list(T), list(T)) bool", containsAll, setCost(1)),
  overload(
    "::sets.equivalent(list(T), list(T)) bool",
    (left: CelList, right: CelList) => containsAll(left, right) && containsAll(right, left),
    setCost(2),
  ),
  overload(
    "::sets.intersects(list(T), list(T)) bool",
    (left: CelList, right: CelList) => [...right].some((item) => contains(left, item)),
    setCost(1),
  ),
];

function containsAll(list: CelList, wanted: CelList): boolean {
  for (const item of wanted) if (!contains(list, item)) return false;
  return true;
}

function setCost(factor: number): (args: readonly CelValue[]) => number {
  return ([left, right]) => 1 + factor * (left instanceof CelList ? left.size : 0) * (right instanceof CelList ? right.size : 0);
}
