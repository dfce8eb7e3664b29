// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "@flux-ts/kube-core";
import { compareQuantities, deepEqual, isJsonObject, tryParseQuantity } from "@flux-ts/kube-core";

/**
 * Whether two values mean the same to their type: quantities by amount (`1Gi` is `1024Mi`), empty and absent lists and
 * maps alike.
 *
 * @see apimachinery api/equality Semantic.DeepEqual
 */
export function isSameBySchema(schema: Schema | undefined, left: unknown, right: unknown): boolean {
  if (deepEqual(left, right)) return true;
  if (schema?.format === "quantity") {
    const a = tryParseQuantity(left);
    const b = tryParseQuantity(right);
    return a !== undefined && b !== undefined && compareQuantities(a, b) === 0;
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    const a = Array.isArray(left) ? (left as readonly unknown[]) : [];
    const b = Array.isArray(right) ? (right as readonly unknown[]) : [];
    return a.length === b.length && a.every((item, index) => isSameBySchema(schema?.items, item, b[index]));
  }
  const isMap = typeof schema?.additionalProperties === "object";
  if (isMap && (left ?? right) !== undefined && (left === undefined || right === undefined)) {
    return Object.keys((left ?? right) as object).length === 0;
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isSameBySchema(fieldSchema(schema, key), valueOf(left, key), valueOf(right, key)));
}

function fieldSchema(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.properties && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  return typeof schema?.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

function valueOf(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
