// SPDX-License-Identifier: Apache-2.0
import type { FieldSet, FieldSetDraft } from "./field-set.ts";
import { isEmptySet, LEAF } from "./field-set.ts";
import type { MergeType } from "./merge-type.ts";
import { isDeducedMap } from "./merge-type.ts";
import { fieldNameOf } from "./path-element.ts";

/**
 * A set written under an older schema, by today's: where a list or map has become one that is replaced as a whole, who
 * owned parts of it owns all of it. The set itself when nothing of the kind happened.
 *
 * @see structured-merge-diff typed.ReconcileFieldSetWithSchema
 */
export function reconcileSet(type: MergeType, set: FieldSet): FieldSet {
  let result: FieldSetDraft | undefined;
  for (const element in set) {
    const node = set[element] as FieldSet;
    if (element === "." || isEmptySet(node)) continue;
    const name = fieldNameOf(element);
    const childType = name === undefined ? type.list?.element : (type.map?.field(name) ?? type.map?.element);
    if (childType === undefined) continue;
    const changed = reconcileNode(childType, node);
    if (changed !== node) (result ??= { ...set })[element] = changed;
  }
  return result ?? set;
}

/** A node with something below it. Of a place that may be several things, the map counts, then the scalar, then the list. */
function reconcileNode(type: MergeType, node: FieldSet): FieldSet {
  if (type.map !== undefined) {
    if (isDeducedMap(type.map)) return node;
    return type.map.isAtomic ? LEAF : reconcileSet(type, node);
  }
  if (type.scalar !== undefined || type.list === undefined) return node;
  return type.list.isAtomic ? LEAF : reconcileSet(type, node);
}
