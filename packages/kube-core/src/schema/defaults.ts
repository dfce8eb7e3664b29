// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, setKey } from "../json-object.ts";
import { fieldSchema } from "./correlation.ts";
import { DROPPED, mapFields, mapItems } from "./map-fields.ts";
import type { Schema } from "./schema.ts";

/**
 * Fills in the defaults of a structural schema where a field is absent, or null though it must not be. Defaults are
 * shared with the schema: never change them.
 *
 * @returns the value itself when nothing was filled in
 * @see apiextensions-apiserver pkg/apiserver/schema/defaulting Default
 */
export function defaultValue<T>(schema: Schema, value: T): T {
  // Defaults add fields that the schema has: the value keeps its type.
  return fill(schema, value) as T;
}

/**
 * Drops null where the schema neither allows it nor has a default for it. Comes before {@link defaultValue}.
 *
 * @see defaulting.PruneNonNullableNullsWithoutDefaults
 */
export function dropNulls<T>(schema: Schema, value: T): T {
  return drop(schema, value) as T;
}

function fill(schema: Schema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) {
    const { items } = schema;
    return mapItems(value, (item) => fill(items, isForbiddenNull(items, item) ? (items?.default ?? null) : item));
  }
  if (!isJsonObject(value)) return value;
  const filled = mapFields(value, (field, key) => {
    const found = fieldSchema(schema, key);
    return fill(found, isForbiddenNull(found, field) && found?.default !== undefined ? found.default : field);
  });
  const { properties } = schema;
  if (properties === undefined) return filled;
  let complete: Record<string, unknown> | undefined;
  for (const key in properties) {
    const property = properties[key];
    if (property?.default === undefined || property.default === null || Object.hasOwn(value, key)) continue;
    complete ??= { ...filled };
    setKey(complete, key, fill(property, property.default));
  }
  return complete ?? filled;
}

function isForbiddenNull(schema: Schema | undefined, value: unknown): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

function drop(schema: Schema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return mapItems(value, (item) => drop(schema?.items, item));
  if (!isJsonObject(value)) return value;
  return mapFields(value, (field, key) => {
    const found = schema === undefined ? undefined : fieldSchema(schema, key);
    const hasDefault = found?.default !== undefined && found.default !== null;
    return isForbiddenNull(found, field) && !hasDefault ? DROPPED : drop(found, field);
  });
}
