// SPDX-License-Identifier: Apache-2.0
import { compareText } from "../../json-object.ts";
import type { FieldSet, FieldSetDraft } from "./field-set.ts";
import { EMPTY_SET, LEAF, normalizeNode } from "./field-set.ts";
import type { ListType, MapType, MergeType } from "./merge-type.ts";
import { fieldElement, ItemProblem, itemElement } from "./path-element.ts";
import { handlingOf, shapeOf } from "./shape.ts";
import { fits, MAX_DEPTH } from "./type-problems.ts";

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * The paths that a value sets, of which its author becomes the owner: every leaf, every item of a list that is merged
 * item by item, every key of a map that is no declared field, and what is null or an empty object.
 *
 * The value must fit its type, see {@link typeProblems}; one that does not sets nothing.
 * @see structured-merge-diff typed.ToFieldSet
 */
export function fieldSetOf(type: MergeType, value: unknown): FieldSet {
  return readFieldSet(type, value, true) ?? EMPTY_SET;
}

/** The same in one go with looking whether the value fits; undefined when it does not. */
export function readFieldSet(type: MergeType, value: unknown, allowsDuplicates: boolean): FieldSet | undefined {
  const node = setOf(type, value, { isForced: false, allowsDuplicates, depth: 0 });
  return node === MISFIT ? undefined : (node ?? EMPTY_SET);
}

/** Stands for the set of a value that does not fit. */
const MISFIT = "misfit";

/** Undefined: no path at all. */
type Node = FieldSet | typeof MISFIT | undefined;

interface Place {
  /** Whether it is a path of the set whatever it holds. */
  readonly isForced: boolean;
  readonly allowsDuplicates: boolean;
  readonly depth: number;
}

function setOf(type: MergeType, value: unknown, place: Place): Node {
  const shape = shapeOf(value);
  const handling = handlingOf(type, shape);
  const isAtomic = (handling === "list" && type.list?.isAtomic === true) || (handling === "map" && type.map?.isAtomic === true);
  if (handling === "scalar" || isAtomic) return fits(type, value, place.allowsDuplicates, place.depth) ? LEAF : MISFIT;
  if (shape === "null") return place.isForced ? LEAF : undefined;
  if (handling !== shape || place.depth > MAX_DEPTH) return MISFIT;
  const node =
    handling === "map"
      ? setOfFields(type.map as MapType, value as JsonMap, place)
      : setOfItems(type.list as ListType, value as readonly unknown[], place);
  return node ?? (place.isForced ? LEAF : undefined);
}

function setOfFields(map: MapType, value: JsonMap, { isForced, allowsDuplicates, depth }: Place): Node {
  const set: FieldSetDraft = isForced ? { ".": LEAF } : {};
  let isEmpty = true;
  // In the order of fieldsV1, so that nobody has to put it in order later.
  for (const key of sortedKeys(value)) {
    const field = value[key];
    if (field === undefined) continue;
    const declared = map.step(key);
    const type = declared?.type ?? map.element;
    if (type === undefined) return MISFIT;
    const node = setOf(type, field, { isForced: declared === undefined || isHollow(field), allowsDuplicates, depth: depth + 1 });
    if (node === MISFIT) return MISFIT;
    if (node === undefined) continue;
    set[declared?.element ?? fieldElement(key)] = node;
    isEmpty = false;
  }
  return isEmpty ? undefined : set;
}

function sortedKeys(value: JsonMap): readonly string[] {
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index++) {
    if (compareText(keys[index - 1] ?? "", keys[index] ?? "") > 0) return keys.sort(compareText);
  }
  return keys;
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
function setOfItems(list: ListType, items: readonly unknown[], { isForced, allowsDuplicates, depth }: Place): Node {
  if (items.length === 0) return undefined;
  const set: FieldSetDraft = isForced ? { ".": LEAF } : {};
  for (const item of items) {
    const element = itemElement(list, item);
    if (element instanceof ItemProblem) return MISFIT;
    const isTwin = set[element] !== undefined;
    if (isTwin && !allowsDuplicates) return MISFIT;
    const node = setOf(list.element, item, { isForced: true, allowsDuplicates, depth: depth + 1 });
    if (node === MISFIT) return MISFIT;
    set[element] = isTwin ? LEAF : (node ?? LEAF);
  }
  return set;
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
