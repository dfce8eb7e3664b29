// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../json-object.ts";
import { setKey } from "../json-object.ts";

/** What a mapper gives for a field that goes. */
export const DROPPED = Symbol("dropped");

/** The object with other fields; the same object when none changed. */
export function mapFields(object: JsonObject, map: (value: unknown, key: string) => unknown): JsonObject {
  let changed: Record<string, unknown> | undefined;
  const keys = Object.keys(object);
  for (const [index, key] of keys.entries()) {
    const value = object[key];
    const mapped = map(value, key);
    if (mapped === value && changed === undefined) continue;
    if (changed === undefined) {
      changed = {};
      for (const done of keys.slice(0, index)) setKey(changed, done, object[done]);
    }
    if (mapped !== DROPPED) setKey(changed, key, mapped);
  }
  return changed ?? object;
}

/** The list with other items; the same list when none changed. */
export function mapItems(list: readonly unknown[], map: (value: unknown, index: number) => unknown): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const mapped = map(list[index], index);
    if (changed === undefined && mapped !== list[index]) changed = list.slice(0, index);
    changed?.push(mapped);
  }
  return changed ?? list;
}
