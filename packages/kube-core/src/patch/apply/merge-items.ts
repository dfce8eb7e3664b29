// SPDX-License-Identifier: Apache-2.0
import type { ListType } from "./merge-type.ts";
import type { PathElement } from "./path-element.ts";
import { ItemProblem, itemElement } from "./path-element.ts";

/** Items by their steps, in order. An item whose step is there more than once is not merged with another. */
interface Index {
  readonly elements: readonly PathElement[];
  readonly items: readonly unknown[];
  readonly byElement: ReadonlyMap<PathElement, unknown>;
}

/**
 * The items of both lists. Applied items come in the order in which they were applied; live items that were not applied
 * keep their place before the next shared one.
 *
 * @param applied without duplicates
 * @param merge called with undefined for an item that only one side has
 * @returns `live` itself when nothing changes
 * @see structured-merge-diff mergingWalker.visitListItems
 */
export function mergeItems(
  type: ListType,
  live: readonly unknown[],
  applied: readonly unknown[],
  merge: (live: unknown, applied: unknown) => unknown,
): readonly unknown[] {
  if (haveSameElements(type, live, applied)) {
    const merged = live.map((item, index) => merge(item, applied[index]));
    return isSame(merged, live) ? live : merged;
  }
  const left = indexItems(type, live);
  const right = indexItems(type, applied);
  const merged: unknown[] = [];
  const taken = new Set<PathElement>();
  const shared = right.elements.filter((element) => left.byElement.has(element));
  let nextShared = 0;
  let l = 0;
  let r = 0;
  const take = (element: PathElement): void => {
    taken.add(element);
    merged.push(merge(left.byElement.get(element), right.byElement.get(element)));
    r++;
  };
  while (l < left.elements.length || r < right.elements.length) {
    const ours = left.elements[l];
    const theirs = right.elements[r];
    if (ours !== undefined && theirs !== undefined) {
      if (ours === theirs) {
        take(ours);
        l++;
        nextShared++;
        continue;
      }
      // A shared item, but another one is due first: it comes when it is due.
      if (right.byElement.has(ours) && nextShared < shared.length && shared[nextShared] !== ours) {
        l++;
        continue;
      }
    }
    if (ours !== undefined) {
      if (!right.byElement.has(ours)) {
        merged.push(left.items[l]);
        l++;
        continue;
      }
      if (taken.has(ours)) l++;
    }
    if (theirs !== undefined) {
      take(theirs);
      if (shared[nextShared] === theirs) nextShared++;
    }
  }
  return isSame(merged, live) ? live : merged;
}

/** Whether both lists hold the same items in the same order, as they mostly do. The applied ones are distinct. */
function haveSameElements(type: ListType, live: readonly unknown[], applied: readonly unknown[]): boolean {
  return (
    live.length === applied.length && live.every((item, index) => isSameElement(itemElement(type, item), itemElement(type, applied[index])))
  );
}

function isSameElement(left: PathElement | ItemProblem, right: PathElement | ItemProblem): boolean {
  return left === right && !(left instanceof ItemProblem);
}

function indexItems(type: ListType, list: readonly unknown[]): Index {
  const elements: PathElement[] = [];
  const items: unknown[] = [];
  const byElement = new Map<PathElement, unknown>();
  for (const item of list) {
    const element = itemElement(type, item);
    if (element instanceof ItemProblem) continue;
    byElement.set(element, byElement.has(element) ? undefined : item);
    elements.push(element);
    items.push(item);
  }
  return { elements, items, byElement };
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
