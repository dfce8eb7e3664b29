// SPDX-License-Identifier: Apache-2.0
import type { JsonChange } from "./json-diff.ts";

type JsonObject = Readonly<Record<string, unknown>>;

const MASK = "***";
const BEFORE = "*** (before)";
const AFTER = "*** (after)";

/**
 * The changes of a Secret without its values: `***`, and `*** (before)`, `*** (after)` where a value changed.
 * @see fluxcd/pkg ssa/jsondiff MaskSecretPatchData
 */
export function maskChanges(changes: readonly JsonChange[]): readonly JsonChange[] {
  return changes.map((change) => {
    const { path, oldValue, value } = change;
    if (path === "/data" || path === "/stringData") {
      const masked = maskData(asObject(oldValue), asObject(value));
      return {
        ...change,
        ...(asObject(oldValue) === undefined ? {} : { oldValue: masked.before }),
        ...(asObject(value) === undefined ? {} : { value: masked.after }),
      };
    }
    if (!path.startsWith("/data/") && !path.startsWith("/stringData/")) return change;
    const isChanged = oldValue !== undefined && oldValue !== null && value !== undefined && value !== null;
    return {
      ...change,
      ...(oldValue === undefined || oldValue === null ? {} : { oldValue: isChanged ? BEFORE : MASK }),
      ...(value === undefined || value === null ? {} : { value: isChanged ? AFTER : MASK }),
    };
  });
}

/**
 * The data of a Secret before and after, values masked: what is shown of a diff.
 * @see fluxcd/pkg ssa/sanitize.go SanitizeUnstructuredData
 */
export function maskData(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): { readonly before: JsonObject; readonly after: JsonObject } {
  const old = before ?? {};
  const now = after ?? {};
  const isChanged = (key: string): boolean => Object.hasOwn(old, key) && Object.hasOwn(now, key) && old[key] !== now[key];
  const mask = (data: JsonObject, changed: string): JsonObject =>
    Object.fromEntries(Object.keys(data).map((key) => [key, isChanged(key) ? changed : MASK]));
  return { before: mask(old, BEFORE), after: mask(now, AFTER) };
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
