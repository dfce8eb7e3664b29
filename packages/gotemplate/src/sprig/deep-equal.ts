// SPDX-License-Identifier: Apache-2.0
import { GoMap, Int, Slice, Struct, type Value, typeOf } from "../values.ts";

const MAX_DEPTH = 1000;

/** Go's reflect.DeepEqual: types must be the same, too. */
export function deepEqual(a: Value, b: Value, spend: (steps: number) => void, depth = 0): boolean {
  spend(1);
  if (a === b) return !Number.isNaN(a);
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? null) === (b ?? null);
  if (typeOf(a) !== typeOf(b) || depth > MAX_DEPTH) return false;
  if (a instanceof Int && b instanceof Int) return a.value === b.value;
  if (a instanceof Slice && b instanceof Slice) {
    return (
      a.isNil === b.isNil && a.items.length === b.items.length && a.items.every((item, i) => deepEqual(item, b.items[i], spend, depth + 1))
    );
  }
  if (a instanceof GoMap && b instanceof GoMap) {
    if (a.entries.size !== b.entries.size) return false;
    for (const [key, item] of a.entries) if (!b.entries.has(key) || !deepEqual(item, b.entries.get(key), spend, depth + 1)) return false;
    return true;
  }
  return (
    a instanceof Struct && b instanceof Struct && [...a.fields].every(([key, item]) => deepEqual(item, b.fields.get(key), spend, depth + 1))
  );
}
