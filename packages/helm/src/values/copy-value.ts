// SPDX-License-Identifier: Apache-2.0
import { GoMap, Slice, type Value } from "@flux-ts/gotemplate";

/** A copy that shares nothing that can be changed. */
export function copyValue(value: Value): Value {
  if (value instanceof GoMap) return copyMap(value);
  // Only maps can be changed; lists without any are shared.
  if (value instanceof Slice && value.items.some((item) => item instanceof GoMap || item instanceof Slice))
    return new Slice(value.items.map(copyValue), value.type, { isNil: value.isNil, methods: value.methods });
  return value;
}

export function copyMap(map: GoMap): GoMap {
  const entries = new Map<string, Value>();
  for (const [key, value] of map.entries) entries.set(key, copyValue(value));
  return new GoMap(entries, map.type, map.methods);
}
