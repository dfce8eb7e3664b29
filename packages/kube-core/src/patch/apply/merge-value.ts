// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "../../json.ts";
import { setKey } from "../../json-object.ts";
import { mergeItems } from "./merge-items.ts";
import type { ListType, MapType, MergeType } from "./merge-type.ts";
import type { Handling } from "./shape.ts";
import { handlingOf, isNarrowed, shapeOf } from "./shape.ts";

type JsonMap = Readonly<Record<string, unknown>>;

/**
 * The live value overlaid by the applied one: maps key by key, lists with keys item by item, everything else replaced.
 * Nothing is removed. What stays the same is shared: when the result equals `live`, it is `live`.
 *
 * @param live undefined when there is none
 * @see structured-merge-diff typed.Merge
 */
export function mergeValue(type: MergeType, live: unknown, applied: unknown): unknown {
  if (live === undefined || live === applied) return applied;
  if (applied === undefined) return live;
  const liveShape = shapeOf(live);
  const appliedShape = shapeOf(applied);
  if (appliedShape === "null") return mergeNull(type, live, handlingOf(type, "null"));
  if (liveShape !== appliedShape || !isNarrowed(type, appliedShape)) return applied;
  if (appliedShape === "map") return mergeFields(type.map as MapType, live as JsonMap, applied as JsonMap);
  if (appliedShape === "list") return mergeList(type.list as ListType, live as readonly unknown[], applied as readonly unknown[]);
  return deepEqual(live, applied) ? live : applied;
}

/** Null empties what is replaced as a whole; it leaves alone what is merged and not empty. */
function mergeNull(type: MergeType, live: unknown, handling: Handling): unknown {
  const isKept =
    (handling === "map" && type.map?.isAtomic === false && shapeOf(live) === "map" && Object.keys(live as JsonMap).length > 0) ||
    (handling === "list" && type.list?.isAtomic === false && Array.isArray(live) && live.length > 0);
  return isKept ? live : null;
}

function mergeFields(type: MapType, live: JsonMap, applied: JsonMap): JsonMap {
  if (type.isAtomic) return deepEqual(live, applied) ? live : applied;
  let result: Record<string, unknown> | undefined;
  for (const key in applied) {
    const theirs = applied[key];
    if (theirs === undefined) continue;
    const ours = Object.hasOwn(live, key) ? live[key] : undefined;
    const fieldType = type.field(key) ?? type.element;
    if (fieldType === undefined) continue;
    const merged = mergeValue(fieldType, ours, theirs);
    if (merged === ours) continue;
    result ??= { ...live };
    setKey(result, key, merged);
  }
  return result ?? live;
}

function mergeList(type: ListType, live: readonly unknown[], applied: readonly unknown[]): readonly unknown[] {
  if (type.isAtomic || (live.length === 0 && applied.length === 0)) return deepEqual(live, applied) ? live : applied;
  return mergeItems(type, live, applied, (ours, theirs) => mergeValue(type.element, ours, theirs));
}
