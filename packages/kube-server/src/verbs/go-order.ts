// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type JsonObject, type Schema } from "@flux-ts/kube-core";

/** Tells where a patch was at work: there the object was taken apart. */
export interface Patched {
  readonly type: string;
  readonly value: unknown;
}

/**
 * A patched document as messages print it: what the patch took apart has its fields by name, the rest is written as Go writes the structs of
 * its type.
 *
 * @see evanphx/json-patch, which leaves alone what it need not look into
 */
export function inGoOrder(document: JsonObject, schema: Schema, { type, value }: Patched): JsonObject {
  return ordered(document, schema, type === "application/json-patch+json" ? pathsOf(value) : value, true);
}

function ordered(value: JsonObject, schema: Schema | undefined, touched: unknown, isRoot = false): JsonObject {
  const isApart = isRoot || isJsonObject(touched);
  const names = Object.keys(schema?.properties ?? {});
  const keys = isApart ? Object.keys(value).toSorted() : [...names, ...unknownKeys(value, names)];
  const result: Record<string, unknown> = {};
  for (const key of keys) {
    if (!Object.hasOwn(value, key)) continue;
    const inner = schema?.properties?.[key] ?? (typeof schema?.additionalProperties === "object" ? schema.additionalProperties : undefined);
    result[key] = orderedValue(value[key], inner, isJsonObject(touched) ? touched[key] : undefined);
  }
  return result;
}

function unknownKeys(value: JsonObject, known: readonly string[]): readonly string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .toSorted();
}

function orderedValue(value: unknown, schema: Schema | undefined, touched: unknown): unknown {
  if (Array.isArray(value)) {
    // What a merge patch puts in place of a list comes as it was sent.
    if (Array.isArray(touched)) return value;
    return value.map((item, index) => orderedValue(item, schema?.items, isJsonObject(touched) ? touched[String(index)] : undefined));
  }
  return isJsonObject(value) ? ordered(value, schema, touched) : value;
}

/** Paths of operations as a tree, as a merge patch would be one. */
function pathsOf(operations: unknown): JsonObject {
  const tree: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const operation of Array.isArray(operations) ? operations : []) {
    const path: unknown = isJsonObject(operation) ? operation["path"] : undefined;
    let at = tree;
    for (const step of typeof path === "string" ? path.split("/").slice(1, -1) : []) {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      const next = at[key];
      at = isTree(next) ? next : (at[key] = Object.create(null) as Record<string, unknown>);
    }
  }
  return tree;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value);
}
