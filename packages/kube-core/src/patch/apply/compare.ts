// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "../../json.ts";
import type { FieldSet, FieldSetDraft } from "./field-set.ts";
import { EMPTY_SET, LEAF, union, unionNodes } from "./field-set.ts";
import type { ListType, MapType, MergeType } from "./merge-type.ts";
import type { PathElement } from "./path-element.ts";
import { fieldElement, ItemProblem, itemElement } from "./path-element.ts";
import type { Handling, Shape } from "./shape.ts";
import { handlingOf, isNarrowed, shapeOf } from "./shape.ts";
import { everyPathOf } from "./field-set-of.ts";

type JsonMap = Readonly<Record<string, unknown>>;

/** Which paths differ between two values. No path is in more than one of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** The same for one place: nodes, not roots. Undefined: nothing of that sort. */
interface Change {
  readonly added?: FieldSet | undefined;
  readonly modified?: FieldSet | undefined;
  readonly removed?: FieldSet | undefined;
}

/**
 * Compares two objects of a type. Parts that are one and the same object in memory are not looked into.
 *
 * @see structured-merge-diff typed.Compare
 */
export function compareValues(type: MergeType, before: unknown, after: unknown): Comparison {
  const change = compareNode(type, before, after);
  return {
    added: change?.added ?? EMPTY_SET,
    modified: change?.modified ?? EMPTY_SET,
    removed: change?.removed ?? EMPTY_SET,
  };
}

/** Added and modified paths together. */
export function changedPaths({ added, modified }: Comparison): FieldSet {
  return union(modified, added);
}

export function isSameComparison({ added, modified, removed }: Comparison): boolean {
  return added === EMPTY_SET && modified === EMPTY_SET && removed === EMPTY_SET;
}

const MODIFIED: Change = { modified: LEAF };

function compareNode(type: MergeType, before: unknown, after: unknown): Change | undefined {
  if (before === after) return undefined;
  if (before === undefined) return { added: everyPathOf(type, after) };
  if (after === undefined) return { removed: everyPathOf(type, before) };
  const left = shapeOf(before);
  const right = shapeOf(after);
  const rightHandling = handlingOf(type, right);
  const isOneKind = left === right || (!isNarrowed(type, left) && !isNarrowed(type, right)) || isSingleKind(type);
  if (isOneKind) return compareAs(type, rightHandling, before, left, after, right);
  // The kinds differ: what was there as the one goes, what comes as the other is looked at too.
  const first = compareAs(type, handlingOf(type, left), before, left, after, right);
  const second = compareAs(type, rightHandling, before, left, after, right);
  return joinChanges(first, second);
}

function isSingleKind({ map, list, scalar }: MergeType): boolean {
  return Number(map !== undefined) + Number(list !== undefined) + Number(scalar !== undefined) === 1;
}

function compareAs(type: MergeType, handling: Handling, before: unknown, left: Shape, after: unknown, right: Shape): Change | undefined {
  if (handling === "map" && type.map !== undefined && !type.map.isAtomic) {
    const ours = left === "map" ? (before as JsonMap) : undefined;
    const theirs = right === "map" ? (after as JsonMap) : undefined;
    if (!isEmptyMap(ours) || !isEmptyMap(theirs)) return compareFields(type.map, ours, theirs);
  }
  if (handling === "list" && type.list !== undefined && !type.list.isAtomic) {
    const ours = left === "list" ? (before as readonly unknown[]) : [];
    const theirs = right === "list" ? (after as readonly unknown[]) : [];
    if (ours.length > 0 || theirs.length > 0) return compareItems(type.list, ours, theirs);
  }
  return deepEqual(before, after) ? undefined : MODIFIED;
}

function isEmptyMap(value: JsonMap | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0;
}

function joinChanges(left: Change | undefined, right: Change | undefined): Change | undefined {
  if (left === undefined) return right;
  if (right === undefined) return left;
  return {
    added: joinNodes(left.added, right.added),
    modified: joinNodes(left.modified, right.modified),
    removed: joinNodes(left.removed, right.removed),
  };
}

function joinNodes(left: FieldSet | undefined, right: FieldSet | undefined): FieldSet | undefined {
  if (left === undefined) return right;
  return right === undefined ? left : unionNodes(left, right);
}

/** Gathers the changes of the children of one place. */
class ChangeDraft {
  #added: FieldSetDraft | undefined;
  #modified: FieldSetDraft | undefined;
  #removed: FieldSetDraft | undefined;

  put(element: PathElement, change: Change | undefined): void {
    if (change === undefined) return;
    if (change.added !== undefined) (this.#added ??= {})[element] = change.added;
    if (change.modified !== undefined) (this.#modified ??= {})[element] = change.modified;
    if (change.removed !== undefined) (this.#removed ??= {})[element] = change.removed;
  }

  get change(): Change | undefined {
    if (this.#added === undefined && this.#modified === undefined && this.#removed === undefined) return undefined;
    return { added: this.#added, modified: this.#modified, removed: this.#removed };
  }
}

function compareFields(type: MapType, before: JsonMap | undefined, after: JsonMap | undefined): Change | undefined {
  let draft: ChangeDraft | undefined;
  const put = (key: string, ours: unknown, theirs: unknown): void => {
    if (ours === theirs) return;
    const fieldType = type.field(key) ?? type.element;
    if (fieldType === undefined) return;
    const change = compareNode(fieldType, ours, theirs);
    if (change !== undefined) (draft ??= new ChangeDraft()).put(fieldElement(key), change);
  };
  if (before !== undefined) {
    for (const key of Object.keys(before)) {
      put(key, before[key], after !== undefined && Object.hasOwn(after, key) ? after[key] : undefined);
    }
  }
  if (after !== undefined) {
    for (const key of Object.keys(after)) {
      if (before === undefined || !Object.hasOwn(before, key)) put(key, undefined, after[key]);
    }
  }
  return draft?.change;
}

/** Items whose step is there more than once are compared as one, in order. */
function compareItems(type: ListType, before: readonly unknown[], after: readonly unknown[]): Change | undefined {
  const left = groupItems(type, before);
  const right = groupItems(type, after);
  const draft = new ChangeDraft();
  for (const [element, ours] of left) draft.put(element, compareGroups(type, ours, right.get(element) ?? []));
  for (const [element, theirs] of right) if (!left.has(element)) draft.put(element, compareGroups(type, [], theirs));
  return draft.change;
}

function groupItems(type: ListType, items: readonly unknown[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>();
  for (const item of items) {
    const element = itemElement(type, item);
    if (element instanceof ItemProblem) continue;
    const group = groups.get(element);
    if (group === undefined) groups.set(element, [item]);
    else group.push(item);
  }
  return groups;
}

function compareGroups(type: ListType, before: readonly unknown[], after: readonly unknown[]): Change | undefined {
  if (before.length <= 1 && after.length <= 1) return compareNode(type.element, before[0], after[0]);
  if (before.length >= 2 && after.length >= 2) return deepEqual(before, after) ? undefined : MODIFIED;
  if (before.length >= 2) return { removed: LEAF, added: after.length === 0 ? undefined : everyPathOf(type.element, after[0]) };
  return { added: LEAF, removed: before.length === 0 ? undefined : everyPathOf(type.element, before[0]) };
}
