// SPDX-License-Identifier: Apache-2.0
import { setKey } from "../../json-object.ts";
import type { FieldSet } from "./field-set.ts";
import { isEmptySet, isMember } from "./field-set.ts";
import type { ListType, MapType, MergeType } from "./merge-type.ts";
import { fieldElement, ItemProblem, itemElement } from "./path-element.ts";
import { handlingOf, shapeOf } from "./shape.ts";

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * The value without the places that the set names. What is emptied by it, without being named itself, becomes null.
 * Shares what stays; the value itself when nothing goes.
 *
 * @see structured-merge-diff typed.RemoveItems
 */
export function removeItems(type: MergeType, value: unknown, set: FieldSet): unknown {
  if (isEmptySet(set)) return value;
  switch (handlingOf(type, shapeOf(value))) {
    case "list":
      return Array.isArray(value) ? removeFromList(type.list as ListType, value, set) : null;
    case "map":
      return shapeOf(value) === "map" ? removeFromMap(type.map as MapType, value as JsonMap, set) : null;
    case "scalar":
    case "invalid":
      return value;
  }
}

function removeFromList(type: ListType, items: readonly unknown[], set: FieldSet): unknown {
  if (type.isAtomic || items.length === 0) return null;
  let isChanged = false;
  const kept: unknown[] = [];
  for (const item of items) {
    const element = itemElement(type, item);
    const node = element instanceof ItemProblem ? undefined : set[element];
    if (node !== undefined && isMember(node)) {
      isChanged = true;
      continue;
    }
    const left = node === undefined ? item : removeItems(type.element, item, node);
    isChanged ||= left !== item;
    kept.push(left);
  }
  if (kept.length === 0) return null;
  return isChanged ? kept : items;
}

function removeFromMap(type: MapType, value: JsonMap, set: FieldSet): unknown {
  if (type.isAtomic) return null;
  let isChanged = false;
  let isEmpty = true;
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const field = value[key];
    const node = set[fieldElement(key)];
    if (node !== undefined && isMember(node)) {
      isChanged = true;
      continue;
    }
    const fieldType = node === undefined ? undefined : (type.field(key) ?? type.element);
    const left = node === undefined || fieldType === undefined ? field : removeItems(fieldType, field, node);
    isChanged ||= left !== field;
    isEmpty = false;
    setKey(kept, key, left);
  }
  if (isEmpty) return null;
  return isChanged ? kept : value;
}
