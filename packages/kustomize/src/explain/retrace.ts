// SPDX-License-Identifier: Apache-2.0
import { isMapping, isNull, scalarText } from "../mapping.ts";
import type { OriginNode } from "./field-origin.ts";
import type { FieldSource } from "./field-source.ts";
import { pairItems } from "./pair-items.ts";

/**
 * The origins of a value after a step of the build: what is as it was keeps its origin, what is new or other comes from
 * the step. Values never change in place, so that the unchanged parts are known by their identity.
 */
export function retrace(before: unknown, after: unknown, node: OriginNode | undefined, source: FieldSource): OriginNode {
  if (node !== undefined && (before === after || isSameScalar(before, after))) return node;
  if (isMapping(after)) {
    const old = isMapping(before) ? before : undefined;
    const fields = Object.keys(after).map((key) => {
      const isOld = old !== undefined && Object.hasOwn(old, key);
      const child = isOld ? node?.fields?.get(key) : undefined;
      return [key, retrace(isOld ? old[key] : undefined, after[key], child, source.field(key, after[key]))] as const;
    });
    return { origin: (old === undefined ? undefined : node?.origin) ?? source.origin, fields: new Map(fields) };
  }
  if (Array.isArray(after)) {
    const old: readonly unknown[] | undefined = Array.isArray(before) ? before : undefined;
    const pairs = pairItems(old ?? [], after);
    const items = after.map((item, index) => {
      const match = pairs[index];
      const child = match === undefined ? undefined : node?.items?.[match];
      return retrace(match === undefined ? undefined : old?.[match], item, child, source.item(after, index));
    });
    return { origin: (old === undefined ? undefined : node?.origin) ?? source.origin, items };
  }
  return { origin: source.origin };
}

function isSameScalar(a: unknown, b: unknown): boolean {
  if (a === undefined || isMapping(a) || isMapping(b) || Array.isArray(a) || Array.isArray(b)) return false;
  return isNull(a) === isNull(b) && scalarText(a) === scalarText(b);
}
