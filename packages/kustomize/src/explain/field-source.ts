// SPDX-License-Identifier: Apache-2.0
import { isMapping, isNull, scalarText } from "../mapping.ts";
import type { FieldOrigin, OriginNode } from "./field-origin.ts";
import { pairItems } from "./pair-items.ts";

/** Tells where the values come from that a step of a build gives to a resource: a place in it, and the origin that holds there. */
export interface FieldSource {
  readonly origin: FieldOrigin;
  field(key: string, value: unknown): FieldSource;
  item(list: readonly unknown[], index: number): FieldSource;
}

/** One origin for everything. */
export function constantSource(origin: FieldOrigin): FieldSource {
  const source: FieldSource = { origin, field: () => source, item: () => source };
  return source;
}

/** The origins of what lies at the same place in another value, such as a patch. */
export function treeSource(value: unknown, node: OriginNode): FieldSource {
  return {
    origin: node.origin,
    field(key) {
      const child = node.fields?.get(key);
      return child === undefined || !isMapping(value) ? constantSource(node.origin) : treeSource(value[key], child);
    },
    item(list, index) {
      if (!Array.isArray(value)) return constantSource(node.origin);
      const match = pairItems(value, list)[index];
      const child = match === undefined ? undefined : node.items?.[match];
      return child === undefined || match === undefined ? constantSource(node.origin) : treeSource((value as unknown[])[match], child);
    },
  };
}

/** The name that a field holds leads to the object of that name. */
export function referenceSource(originOfName: (name: string) => FieldOrigin | undefined, fallback: FieldOrigin): FieldSource {
  const at = (value: unknown): FieldSource => {
    const named = isNull(value) ? undefined : originOfName(scalarText(value));
    return {
      origin: named === undefined ? fallback : { ...named, by: "reference" },
      field: (_, child) => at(child),
      item: (list, index) => at(list[index]),
    };
  };
  return at(undefined);
}
