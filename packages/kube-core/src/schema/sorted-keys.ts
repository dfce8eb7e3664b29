// SPDX-License-Identifier: Apache-2.0
import { compareText, isJsonObject, setKey } from "../json-object.ts";

/** The same value with the keys of all objects sorted, as Go prints its maps. */
export function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isJsonObject(value)) return value;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(value).toSorted(compareText)) setKey(sorted, key, withSortedKeys(value[key]));
  return sorted;
}
