// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../json-object.ts";
import { isJsonObject, setKey } from "../json-object.ts";
import { deepEqual } from "../json.ts";

/**
 * Applies a JSON merge patch (RFC 7386): objects are merged, null removes, everything else replaces. What stays the same
 * is shared; the document itself comes back when nothing changes.
 *
 * As in the API server, fields that are null are dropped from what is new, also inside lists; nulls as items of lists stay.
 *
 * @see evanphx/json-patch v4 MergePatch
 */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch) || !isJsonObject(document)) {
    const value = isJsonObject(document) ? patch : withoutNulls(patch);
    return deepEqual(document, value) ? document : value;
  }
  let result: Record<string, unknown> | undefined;
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === undefined) continue;
    const current = Object.hasOwn(document, key) ? document[key] : undefined;
    if (value === null) {
      if (current !== undefined) delete (result ??= { ...document })[key];
      continue;
    }
    const merged = applyMergePatch(current ?? undefined, value);
    if (merged !== current) setKey((result ??= { ...document }), key, merged);
  }
  return result ?? document;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) if (field !== null) setKey(result, key, withoutNulls(field));
  return result;
}

/**
 * The merge patch that turns one object into another; undefined when they are the same. It cannot make a field null.
 */
export function createMergePatch(before: JsonObject, after: JsonObject): JsonObject | undefined {
  let patch: Record<string, unknown> | undefined;
  for (const key of Object.keys(before)) {
    if (before[key] !== undefined && (!Object.hasOwn(after, key) || after[key] === undefined)) setKey((patch ??= {}), key, null);
  }
  for (const key of Object.keys(after)) {
    const value = after[key];
    if (value === undefined) continue;
    const current = Object.hasOwn(before, key) ? before[key] : undefined;
    if (current === value) continue;
    const change =
      isJsonObject(current) && isJsonObject(value) ? createMergePatch(current, value) : deepEqual(current, value) ? undefined : value;
    if (change !== undefined) setKey((patch ??= {}), key, change);
  }
  return patch;
}
