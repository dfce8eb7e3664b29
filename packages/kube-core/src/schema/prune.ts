// SPDX-License-Identifier: Apache-2.0
import { compareText, isJsonObject } from "../json-object.ts";
import { DROPPED, mapFields, mapItems } from "./map-fields.ts";
import type { Schema } from "./schema.ts";

export interface Pruned<T = unknown> {
  /** The value itself when nothing was pruned. */
  readonly value: T;
  /** Paths of what was pruned, sorted: `spec.list[0].x`. */
  readonly unknownFields: readonly string[];
}

const META_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Drops the fields that a structural schema does not specify. `apiVersion`, `kind` and `metadata` stay at the root (when
 * `isRoot`) and in embedded resources.
 *
 * @see apiextensions-apiserver pkg/apiserver/schema/pruning
 */
export function pruneValue<T>(schema: Schema, value: T, { isRoot = true }: { readonly isRoot?: boolean } = {}): Pruned<T> {
  const unknownFields: string[] = [];
  const root = isRoot ? { ...schema, "x-kubernetes-embedded-resource": true } : schema;
  const pruned = prune(root, value, "", unknownFields);
  // Pruning keeps what the value is: only fields that the schema does not know go.
  return { value: pruned as T, unknownFields: unknownFields.sort(compareText) };
}

function prune(schema: Schema | undefined, value: unknown, path: string, unknown: string[]): unknown {
  if (schema?.["x-kubernetes-preserve-unknown-fields"] === true) return keep(schema, value, path, unknown);
  if (Array.isArray(value)) return mapItems(value, (item, index) => prune(schema?.items, item, `${path}[${index}]`, unknown));
  if (!isJsonObject(value)) return value;
  return mapFields(value, (field, key) => {
    const at = path === "" ? key : `${path}.${key}`;
    if (schema?.["x-kubernetes-embedded-resource"] === true && META_FIELDS.has(key)) return field;
    const property = propertyOf(schema, key);
    if (property !== undefined) return prune(property, field, at, unknown);
    const additional = schema?.additionalProperties;
    if (additional !== undefined) return prune(typeof additional === "object" ? additional : undefined, field, at, unknown);
    if (!META_FIELDS.has(key) || path !== "") unknown.push(at);
    return DROPPED;
  });
}

/** Below `x-kubernetes-preserve-unknown-fields`: only what is specified is pruned. */
function keep(schema: Schema | undefined, value: unknown, path: string, unknown: string[]): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return mapItems(value, (item, index) => keep(schema.items, item, `${path}[${index}]`, unknown));
  if (!isJsonObject(value)) return value;
  return mapFields(value, (field, key) => {
    if (schema["x-kubernetes-embedded-resource"] === true && META_FIELDS.has(key)) return field;
    const property = propertyOf(schema, key);
    const additional = schema.additionalProperties;
    if (property === undefined && additional === undefined) return field;
    const specified = property ?? (typeof additional === "object" ? additional : undefined);
    return prune(specified, field, path === "" ? key : `${path}.${key}`, unknown);
  });
}

function propertyOf(schema: Schema | undefined, key: string): Schema | undefined {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
}
