// SPDX-License-Identifier: Apache-2.0
import { compareText, deepEqual, ExactNumber, getKey, isJsonObject, stringifyJson } from "@flux-ts/kube-core";

/** What changed at one place, in the order in which it is told. */
export interface Difference {
  /** From the root. */
  readonly path: Path;
  readonly details: readonly Detail[];
}

/** Keys and indexes, and names of list items. */
export type Path = readonly { readonly text: string; readonly isName?: boolean }[];

export type Detail =
  | { readonly kind: "added" | "removed"; readonly value: unknown }
  | { readonly kind: "changed" | "reordered"; readonly from: unknown; readonly to: unknown };

/** Fields that name the items of a list, the first that tells all apart. */
const NAMES: readonly string[] = ["name", "key", "id", "manager"];
/** A list has to be longer than this for any field to be taken for a name. */
const GUESS_THRESHOLD = 3;
const MAX_DEPTH = 200;

/**
 * Compares two objects as dyff does: items of lists are found again by their names, and what is in another order is told.
 * Keys are visited in the order of their names.
 *
 * @throws {RangeError} for values that are nested too deep
 * @see homeport/dyff v1.10.2 pkg/dyff/core.go, with the detection of Kubernetes entities
 */
export function compareDocuments(from: unknown, to: unknown): readonly Difference[] {
  return compareAt([], from, to);
}

function compareAt(path: Path, from: unknown, to: unknown): readonly Difference[] {
  if (path.length > MAX_DEPTH)
    throw new RangeError(
      `the values at ${path
        .slice(0, 5)
        .map(({ text }) => text)
        .join(".")}… are nested deeper than ${MAX_DEPTH} levels`,
    );
  if (isJsonObject(from) && isJsonObject(to)) return compareMaps(path, from, to);
  if (Array.isArray(from) && Array.isArray(to)) return compareLists(path, from, to);
  const isSame = typeof from === typeof to && (from === to || deepEqual(from, to));
  return isSame ? [] : [{ path, details: [{ kind: "changed", from, to }] }];
}

type Map_ = Readonly<Record<string, unknown>>;

function compareMaps(path: Path, from: Map_, to: Map_): readonly Difference[] {
  const [fromKeys, toKeys] = [sortedKeys(from), sortedKeys(to)];
  const inner = fromKeys
    .filter((key) => Object.hasOwn(to, key))
    .flatMap((key) => compareAt([...path, { text: key }], getKey(from, key), getKey(to, key)));
  const removed = fromKeys.filter((key) => !Object.hasOwn(to, key));
  const added = toKeys.filter((key) => !Object.hasOwn(from, key));
  return [...differenceAt(path, [], pick(from, removed), pick(to, added)), ...inner];
}

function pick(map: Map_, keys: readonly string[]): ReadonlyMap<string, unknown> | undefined {
  return keys.length === 0 ? undefined : new Map(keys.map((key) => [key, getKey(map, key)]));
}

function sortedKeys(map: Map_): readonly string[] {
  return Object.keys(map).toSorted(compareText);
}

function differenceAt(path: Path, order: readonly Detail[], removed: unknown, added: unknown): readonly Difference[] {
  const details: Detail[] = [...order];
  if (removed !== undefined) details.push({ kind: "removed", value: removed });
  if (added !== undefined) details.push({ kind: "added", value: added });
  return details.length === 0 ? [] : [{ path, details }];
}

type List = readonly unknown[];
type NameOf = (item: unknown) => string | undefined;

function compareLists(path: Path, from: List, to: List): readonly Difference[] {
  if (from.length === 0 && to.length === 0) return [];
  const nameOf = namesOfItems(from, to);
  return nameOf === undefined ? compareValues(path, from, to) : compareNamed(path, from, to, nameOf);
}

/** What tells the items of both lists apart, if anything does. */
function namesOfItems(from: List, to: List): NameOf | undefined {
  const both = [from, to];
  const known = NAMES.find((field) => both.every((list) => distinct(list, fieldName(field)) === list.length));
  if (known !== undefined) return fieldName(known);
  const first = from[0];
  const guessed = (isJsonObject(first) ? sortedKeys(first) : []).find((field) =>
    both.every((list) => list.length > GUESS_THRESHOLD && distinct(list, textField(field)) === list.length),
  );
  if (guessed !== undefined) return fieldName(guessed);
  return both.every((list) => list.every((item) => entityName(item) !== undefined)) ? entityName : undefined;
}

function distinct(list: List, nameOf: NameOf): number {
  const names = list.map(nameOf);
  return names.includes(undefined) ? -1 : new Set(names).size;
}

function fieldName(field: string): NameOf {
  return (item) => (isJsonObject(item) && Object.hasOwn(item, field) ? scalarText(item[field]) : undefined);
}

function textField(field: string): NameOf {
  return (item) => {
    const value = isJsonObject(item) && Object.hasOwn(item, field) ? item[field] : undefined;
    return typeof value === "string" ? value : undefined;
  };
}

/** What a YAML node of a scalar holds; of anything else it is empty. */
function scalarText(value: unknown): string {
  if (value instanceof ExactNumber) return String(value);
  return typeof value === "object" && value !== null ? "" : String(value);
}

function entityName(item: unknown): string | undefined {
  if (!isJsonObject(item) || !isJsonObject(item["metadata"])) return undefined;
  const { apiVersion, kind, metadata } = item;
  const { namespace, name } = metadata as { readonly namespace?: unknown; readonly name?: unknown };
  if (apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  return [apiVersion, kind, ...(namespace === undefined ? [] : [namespace]), name].map(scalarText).join("/");
}

function compareNamed(path: Path, from: List, to: List, nameOf: NameOf): readonly Difference[] {
  const index = (list: List): ReadonlyMap<string, unknown> => new Map(list.map((item) => [nameOf(item) ?? "", item]));
  const [old, now] = [index(from), index(to)];
  const common = [...old].filter(([name]) => now.has(name));
  const inner = common.flatMap(([name, item]) => compareAt([...path, { text: name, isName: true }], item, now.get(name)));
  const removed = [...old].filter(([name]) => !now.has(name)).map(([, item]) => item);
  const added = [...now].filter(([name]) => !old.has(name)).map(([, item]) => item);
  const fromNames = common.map(([name]) => name);
  const toNames = [...now.keys()].filter((name) => old.has(name));
  const isMoved = fromNames.some((name, at) => toNames[at] !== name);
  const order: readonly Detail[] = isMoved ? [{ kind: "reordered", from: fromNames, to: toNames }] : [];
  return [...differenceAt(path, order, listOrNone(removed), listOrNone(added)), ...inner];
}

function listOrNone(items: List): List | undefined {
  return items.length === 0 ? undefined : items;
}

/** Lists whose items have no names: an item is the same where its value is. */
function compareValues(path: Path, from: List, to: List): readonly Difference[] {
  if (from.length === 1 && to.length === 1) return compareAt([...path, { text: "0" }], from[0], to[0]);
  const [old, now] = [countValues(from), countValues(to)];
  const [fromCommon, toCommon] = [from.filter((item) => now.has(keyOf(item))), to.filter((item) => old.has(keyOf(item)))];
  const isMoved = fromCommon.length === toCommon.length && fromCommon.some((item, at) => keyOf(item) !== keyOf(toCommon[at]));
  const order: readonly Detail[] = isMoved ? [{ kind: "reordered", from: fromCommon, to: toCommon }] : [];
  return differenceAt(path, order, listOrNone(surplus(from, old, now)), listOrNone(surplus(to, now, old)));
}

function keyOf(item: unknown): string {
  return stringifyJson(item, { sortKeys: true });
}

function countValues(list: List): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of list) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** The items that the other list does not have, or has less often. */
function surplus(list: List, own: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): List {
  const told = new Set<string>();
  return list.flatMap((item) => {
    const key = keyOf(item);
    const there = other.get(key);
    if (there === undefined) return [item];
    if (told.has(key)) return [];
    told.add(key);
    return Array.from({ length: Math.max(0, (own.get(key) ?? 0) - there) }, () => item);
  });
}
