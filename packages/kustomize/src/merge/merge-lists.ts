// SPDX-License-Identifier: Apache-2.0
import { wrongKind } from "../fieldspecs/apply-field-spec.ts";
import { get, isEmpty, isMapping, isNull, scalarText, setKey } from "../mapping.ts";

/**
 * Merges lists whose items are told apart by the text of their key fields, or (without keys) by their own text. Items
 * that only the patch has come first, in its order; then the list's own, in theirs.
 *
 * @param merge merges two items that belong together; undefined on either side stands for none, as a result for deleted
 * @see kyaml walk, setAssociativeSequenceElements and appendListNode
 */
export function mergeLists(
  list: readonly unknown[],
  patch: readonly unknown[] | undefined,
  keys: readonly string[],
  merge: (old: unknown, change: unknown) => unknown,
): readonly unknown[] {
  const sources = patch === undefined ? [list] : [patch, list];
  let wanted =
    keys.length === 0
      ? distinct(sources.map((source) => source.map((item) => [scalarText(item)])))
      : distinct(sources.map((source) => keyTexts(source, keys)));
  const fields = keys.length === 0 ? [""] : keys;
  if (fields.length > 1) wanted = withSharedParts(wanted);
  let rest: readonly unknown[] = list;
  let added: readonly unknown[] = [];
  let usedFields: readonly string[] = fields;
  for (const values of wanted) {
    const used = usedKeys(wanted, values, fields);
    usedFields = used.fields;
    const found = usedKeys([values], values, fields);
    const foundFields = restrict(used, found.fields);
    const old = findItem(rest, foundFields.fields, foundFields.values);
    const change = patch === undefined ? undefined : findItem(patch, foundFields.fields, foundFields.values);
    let merged = merge(old, change);
    if (isNull(merged) || (isMapping(merged) && isEmpty(merged))) {
      rest = replaceItem(rest, undefined, used.fields, used.values);
      continue;
    }
    for (const [index, field] of used.fields.entries()) {
      const value = used.values[index] ?? "";
      if (isMapping(merged) && !Object.hasOwn(merged, field) && value !== "") merged = setKey(merged, field, value);
    }
    added = replaceItem(added, merged, used.fields, used.values);
    // The list's own item is what counts below. One that `$patch: replace` stands against stays as it was, as upstream.
    if (isMapping(old) && !(isMapping(change) && scalarText(get(change, "$patch")) === "replace")) {
      const result = merged;
      rest = rest.map((item) => (item === old ? result : item));
    }
  }
  return wanted.length > 0 ? appendItems(added, rest, usedFields) : rest;
}

type KeyValues = readonly string[];

function keyTexts(items: readonly unknown[], keys: readonly string[]): KeyValues[] {
  return items.map((item) => keys.map((key) => (isEmpty(get(item, key)) ? "" : scalarText(get(item, key)))));
}

function distinct(lists: readonly (readonly KeyValues[])[]): readonly KeyValues[] {
  const seen = new Map<string, KeyValues>();
  for (const values of lists.flat()) {
    const text = JSON.stringify(values);
    if (!seen.has(text)) seen.set(text, values);
  }
  return [...seen.values()];
}

/** Keys that differ only where one is empty become the same: a port without a protocol is the port with one. */
function withSharedParts(wanted: readonly KeyValues[]): readonly KeyValues[] {
  const out = [...wanted];
  for (let left = 0; left < out.length; left++) {
    for (let right = 0; right < out.length; right++) {
      const shared = sharedParts(out[left] ?? [], out[right] ?? []);
      if (shared === undefined) continue;
      out[left] = shared;
      out[right] = shared;
    }
  }
  return out;
}

function sharedParts(left: KeyValues, right: KeyValues): KeyValues | undefined {
  if (left.length !== right.length) return undefined;
  let hasCommon = false;
  const out: string[] = [];
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? "";
    if (a === b) hasCommon = true;
    else if (a !== "" && b !== "") return undefined;
    out.push(a === "" ? b : a);
  }
  return hasCommon ? out : undefined;
}

interface UsedKeys {
  readonly fields: readonly string[];
  readonly values: readonly string[];
}

/** The keys that any item has, with the values of one; all of them when no item has any. */
function usedKeys(all: readonly KeyValues[], values: KeyValues, fields: readonly string[]): UsedKeys {
  const isUsed = fields.map((_, index) => all.some((one) => (one[index] ?? "") !== ""));
  if (!isUsed.includes(true)) return { fields, values };
  return { fields: fields.filter((_, index) => isUsed[index]), values: values.filter((value, index) => value !== "" || isUsed[index]) };
}

function restrict(used: UsedKeys, fields: readonly string[]): UsedKeys {
  const kept = used.fields.map((field, index) => [field, used.values[index] ?? ""] as const).filter(([field]) => fields.includes(field));
  return { fields: kept.map(([field]) => field), values: kept.map(([, value]) => value) };
}

/** The first item whose key fields have these texts; an empty text only asks that the field is there. */
function findItem(items: readonly unknown[], fields: readonly string[], values: readonly string[]): unknown {
  if (fields[0] === "") return items.find((item) => !isMapping(item) && !Array.isArray(item) && scalarText(item) === values[0]);
  return items.find((item) => isMapping(item) && fields.every((field, index) => hasText(item, field, values[index] ?? "")));
}

function hasText(item: unknown, field: string, value: string): boolean {
  if (!isMapping(item) || !Object.hasOwn(item, field)) return false;
  return value === "" || scalarText(item[field]) === value;
}

/**
 * Replaces the items with these keys by `element`, or removes them without one. An element that finds none is added at
 * the end. Empty items disappear. With no values to look for, all items do.
 *
 * @see kyaml, ElementSetter
 */
function replaceItem(
  items: readonly unknown[],
  element: unknown,
  fields: readonly string[],
  values: readonly string[],
): readonly unknown[] {
  const looksForMappings = fields[0] !== "" && values.length > 0 && values[0] !== "";
  const out: unknown[] = [];
  let isFound = false;
  for (const item of items) {
    if (isNull(item) || (isMapping(item) && isEmpty(item))) continue;
    if (!isMapping(item) && looksForMappings) {
      out.push(item);
      continue;
    }
    if (!matches(item, fields, values)) {
      if (values.length > 0) out.push(item);
      continue;
    }
    isFound = true;
    if (element !== undefined) out.push(element);
  }
  if (element !== undefined && !isNull(element) && !isFound) out.push(element);
  return out;
}

function matches(item: unknown, fields: readonly string[], values: readonly string[]): boolean {
  if (values.length === 0) return false;
  return fields.slice(0, values.length).every((field, index) => {
    const value = values[index] ?? "";
    if (field === "") {
      if (isMapping(item) || Array.isArray(item)) throw wrongKind("ScalarNode", item);
      return scalarText(item) === value;
    }
    if (!isMapping(item)) throw wrongKind("MappingNode", item);
    return hasText(item, field, value);
  });
}

function appendItems(first: readonly unknown[], items: readonly unknown[], fields: readonly string[]): readonly unknown[] {
  let out = first;
  for (const item of items) {
    if (fields[0] === "") {
      out = replaceItem(out, item, [""], [scalarText(item)]);
      continue;
    }
    const values: string[] = [];
    for (const field of fields) {
      if (!isMapping(item) && !isNull(item)) throw wrongKind("MappingNode", item);
      const value = get(item, field);
      // Upstream adds an item once for every key that it lacks, and looks for it by the keys that are left.
      if (value === undefined) out = [...out, item];
      else values.push(isNull(value) ? "" : scalarText(value));
    }
    if (fields.length > 1) out = replaceItem(out, undefined, fields, values);
    out = replaceItem(out, item, fields, values);
  }
  return out;
}
