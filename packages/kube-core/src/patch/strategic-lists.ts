// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../error.ts";
import { ExactNumber } from "../exact-number.ts";
import { goPlain, goTypeName } from "../go-print.ts";
import type { JsonObject } from "../json-object.ts";
import { isJsonObject } from "../json-object.ts";
import { stringifyJson } from "../json.ts";

const DIRECTIVE = "$patch";

/**
 * Two lists merged as a strategic merge patch does it: scalars as a set, objects by their merge key. The patch's items
 * come in its order, the others keep theirs.
 *
 * @param merge called for items that both lists have
 */
export function mergeLists(
  current: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  merge: (current: JsonObject, patch: JsonObject) => JsonObject,
): readonly unknown[] {
  if (current.length === 0 && patch.length === 0) return current;
  if (elementType(current, patch) !== "map[string]interface {}") {
    return arrange(distinct([...current, ...patch]), patch, current, mergeKey);
  }
  if (mergeKey === "") throw failed("cannot merge lists without merge key for struct");
  const { kept, plain } = applyItemDirectives(current, patch, mergeKey);
  return arrange(mergeObjects(kept, plain, mergeKey, merge), plain, kept, mergeKey);
}

/** A merged list in the order that `$setElementOrder` gives; items that it does not name stay between those they stood between. */
export function orderAsGiven(
  merged: readonly unknown[],
  order: readonly unknown[],
  serverOrder: readonly unknown[],
  mergeKey: string,
  patch: readonly unknown[],
): readonly unknown[] {
  elementType(serverOrder, patch);
  return arrange(merged, order, serverOrder, mergeKey);
}

/** The list without these scalars. */
export function removeScalars(current: readonly unknown[], removed: readonly unknown[]): readonly unknown[] {
  const gone = new Set(removed.map(identity));
  return current.filter((item) => !gone.has(identity(item)));
}

/** Deletes what `$patch: delete` names; `$patch: replace` empties the list first. */
function applyItemDirectives(
  current: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): { readonly kept: readonly unknown[]; readonly plain: readonly unknown[] } {
  const plain: JsonObject[] = [];
  let kept = current;
  let replaces = false;
  for (const item of patch) {
    if (!isJsonObject(item)) continue;
    const directive = Object.hasOwn(item, DIRECTIVE) ? item[DIRECTIVE] : undefined;
    if (directive === undefined) plain.push(item);
    else if (directive === "replace") replaces = true;
    else if (directive === "delete") kept = withoutItem(kept, mergeKey, keyOf(item, mergeKey));
    else if (directive === "merge") throw failed("merging lists cannot yet be specified in the patch");
    else throw failed(`unknown patch type: ${goPlain(directive)} in map: ${goPlain(item)}`);
  }
  return replaces ? { kept: plain, plain: [] } : { kept, plain };
}

function withoutItem(items: readonly unknown[], mergeKey: string, key: unknown): readonly unknown[] {
  const name = identity(key);
  return items.filter((item) => !(isJsonObject(item) && Object.hasOwn(item, mergeKey) && identity(item[mergeKey]) === name));
}

function mergeObjects(
  current: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  merge: (current: JsonObject, patch: JsonObject) => JsonObject,
): readonly unknown[] {
  const merged = [...current];
  const places = new Map<string, number>();
  merged.forEach((item, index) => {
    if (!isJsonObject(item)) throw failed(`value for key ${index} is not a map`);
    const name = Object.hasOwn(item, mergeKey) ? identity(item[mergeKey]) : undefined;
    if (name !== undefined && !places.has(name)) places.set(name, index);
  });
  for (const item of patch) {
    const name = identity(keyOf(item, mergeKey));
    const place = places.get(name);
    if (place === undefined) places.set(name, merged.push(item) - 1);
    else merged[place] = merge(merged[place] as JsonObject, item as JsonObject);
  }
  return merged;
}

function distinct(items: readonly unknown[]): readonly unknown[] {
  return [...new Map(items.map((item) => [identity(item), item])).values()];
}

/**
 * Puts the items that the patch names in its order, the others in the server's, and merges both: an item of the server
 * goes first when it stood before the next one of the patch.
 */
function arrange(
  items: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  mergeKey: string,
): readonly unknown[] {
  const patchPlaces = placesOf(patchOrder, mergeKey);
  const serverPlaces = placesOf(serverOrder, mergeKey);
  const nameOf = (item: unknown): string => identity(keyOf(item, mergeKey));
  const byPlace = (places: ReadonlyMap<string, number>) => (left: unknown, right: unknown) =>
    (places.get(nameOf(left)) ?? 0) - (places.get(nameOf(right)) ?? 0);
  const fromPatch = items.filter((item) => patchPlaces.has(nameOf(item))).sort(byPlace(patchPlaces));
  const fromServer = items.filter((item) => !patchPlaces.has(nameOf(item))).sort(byPlace(serverPlaces));
  const arranged: unknown[] = [];
  let s = 0;
  let p = 0;
  while (s < fromServer.length && p < fromPatch.length) {
    const left = serverPlaces.get(nameOf(fromServer[s]));
    const right = serverPlaces.get(nameOf(fromPatch[p]));
    arranged.push(left !== undefined && right !== undefined && left < right ? fromServer[s++] : fromPatch[p++]);
  }
  return [...arranged, ...fromServer.slice(s), ...fromPatch.slice(p)];
}

function placesOf(order: readonly unknown[], mergeKey: string): Map<string, number> {
  const places = new Map<string, number>();
  order.forEach((item, index) => {
    const name = identity(keyOf(item, mergeKey));
    if (!places.has(name)) places.set(name, index);
  });
  return places;
}

function keyOf(item: unknown, mergeKey: string): unknown {
  if (mergeKey === "") return item;
  if (!isJsonObject(item)) throw failed(`expected a map[string]interface {}, but received a ${goTypeName(item)}`);
  if (!Object.hasOwn(item, mergeKey)) throw failed(`map: ${goPlain(item)} does not contain declared merge key: ${mergeKey}`);
  return item[mergeKey];
}

/** Equal for equal scalars, whatever their spelling; `1` and `"1"` differ. */
function identity(value: unknown): string {
  return value instanceof ExactNumber ? stringifyJson(value) : (JSON.stringify(value) ?? "");
}

/** The one type that all items have. */
function elementType(...lists: readonly (readonly unknown[])[]): string {
  let type: string | undefined;
  for (const item of lists.flat()) {
    const name = goTypeName(item);
    if (name === "[]interface {}") throw new KubeCoreError("STRATEGIC_MERGE_CONTENT", "lists of lists are not supported");
    if (type !== undefined && type !== name) throw failed(`list element types are not identical: ${goPlain(lists)}`);
    type = name;
  }
  if (type === undefined) throw failed("no elements in any of the given slices");
  return type;
}

function failed(message: string): KubeCoreError {
  return new KubeCoreError("STRATEGIC_MERGE_FAILED", message);
}
