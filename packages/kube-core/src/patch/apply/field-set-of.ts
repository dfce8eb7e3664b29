// SPDX-License-Identifier: Apache-2.0
import type { FieldSet, FieldSetDraft } from "./field-set.ts";
import { EMPTY_SET, LEAF, normalizeNode } from "./field-set.ts";
import type { ListType, MapType, MergeType } from "./merge-type.ts";
import { fieldElement, ItemProblem, itemElement } from "./path-element.ts";
import { handlingOf, shapeOf } from "./shape.ts";

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * The paths that a value sets, of which its author becomes the owner: every leaf, every item of a list that is merged
 * item by item, every key of a map that is no declared field, and what is null or an empty object.
 *
 * The value must fit its type; see {@link typeProblems}.
 * @see structured-merge-diff typed.ToFieldSet
 */
export function fieldSetOf(type: MergeType, value: unknown): FieldSet {
  return setOf(type, value, false) ?? EMPTY_SET;
}

/** `isForced`: the place is a path of the set whatever it holds. Undefined: no path at all. */
function setOf(type: MergeType, value: unknown, isForced: boolean): FieldSet | undefined {
  const none = isForced ? LEAF : undefined;
  switch (handlingOf(type, shapeOf(value))) {
    case "scalar":
      return LEAF;
    case "list": {
      const list = type.list as ListType;
      if (list.isAtomic) return LEAF;
      return Array.isArray(value) && value.length > 0 ? setOfItems(list, value, isForced) : none;
    }
    case "map": {
      const map = type.map as MapType;
      if (map.isAtomic) return LEAF;
      return shapeOf(value) === "map" ? (setOfFields(map, value as JsonMap, isForced) ?? none) : none;
    }
    case "invalid":
      return none;
  }
}

function setOfFields(map: MapType, value: JsonMap, isForced: boolean): FieldSet | undefined {
  const set: FieldSetDraft = isForced ? { ".": LEAF } : {};
  let isEmpty = true;
  for (const key in value) {
    const field = value[key];
    if (field === undefined) continue;
    const declared = map.field(key);
    const type = declared ?? map.element;
    if (type === undefined) continue;
    const node = setOf(type, field, declared === undefined || isHollow(field));
    if (node === undefined) continue;
    set[fieldElement(key)] = node;
    isEmpty = false;
  }
  return isEmpty ? undefined : set;
}

function isHollow(value: unknown): boolean {
  if (value === null) return true;
  return shapeOf(value) === "map" && isEmptyMap(value as JsonMap);
}

function isEmptyMap(value: JsonMap): boolean {
  // oxlint-disable-next-line no-unreachable-loop
  for (const _ in value) return false;
  return true;
}

/** Items that are there twice count as one path, whatever they hold. */
function setOfItems(list: ListType, items: readonly unknown[], isForced: boolean): FieldSet {
  const set: FieldSetDraft = isForced ? { ".": LEAF } : {};
  for (const item of items) {
    const element = itemElement(list, item);
    if (element instanceof ItemProblem) continue;
    set[element] = set[element] === undefined ? (setOf(list.element, item, true) ?? LEAF) : LEAF;
  }
  return normalizeNode(set);
}

/** Every place of a value, paths on the way to leaves too: what is new when nothing was there before. */
export function everyPathOf(type: MergeType, value: unknown): FieldSet {
  switch (handlingOf(type, shapeOf(value))) {
    case "list": {
      const list = type.list as ListType;
      if (list.isAtomic || !Array.isArray(value) || value.length === 0) return LEAF;
      const set: FieldSetDraft = { ".": LEAF };
      for (const item of value) {
        const element = itemElement(list, item);
        if (element instanceof ItemProblem) continue;
        set[element] = set[element] === undefined ? everyPathOf(list.element, item) : LEAF;
      }
      return normalizeNode(set);
    }
    case "map": {
      const map = type.map as MapType;
      if (map.isAtomic || shapeOf(value) !== "map") return LEAF;
      const set: FieldSetDraft = { ".": LEAF };
      for (const [key, field] of Object.entries(value as JsonMap)) {
        if (field === undefined) continue;
        const fieldType = map.field(key) ?? map.element;
        if (fieldType !== undefined) set[fieldElement(key)] = everyPathOf(fieldType, field);
      }
      return normalizeNode(set);
    }
    case "scalar":
    case "invalid":
      return LEAF;
  }
}
