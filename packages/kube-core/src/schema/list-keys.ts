// SPDX-License-Identifier: Apache-2.0
import { getKey, isJsonObject, setKey } from "../json-object.ts";
import { stringifyJson } from "../json.ts";
import type { FieldError } from "./field-error.ts";
import { childPath, duplicateValue, elementPath, invalidValue } from "./field-error.ts";
import type { Schema } from "./schema.ts";
import { withSortedKeys } from "./sorted-keys.ts";

/**
 * Checks that sets hold no item twice and map lists no key twice. Each duplicate is told once, where it first repeats.
 *
 * @see apiextensions-apiserver pkg/apiserver/schema/listtype
 */
export function validateListKeys(schema: Schema, value: unknown, path = ""): FieldError[] {
  const errors: FieldError[] = [];
  walk(schema, value, path, errors);
  return errors;
}

function walk(schema: Schema, value: unknown, path: string, errors: FieldError[]): void {
  if (Array.isArray(value)) {
    checkList(schema, value, path, errors);
    const { items } = schema;
    if (items !== undefined) for (const [index, item] of value.entries()) walk(items, item, elementPath(path, index), errors);
    return;
  }
  if (!isJsonObject(value)) return;
  const { properties, additionalProperties } = schema;
  for (const key of Object.keys(value)) {
    const property = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property !== undefined) walk(property, value[key], childPath(path, key), errors);
    else if (typeof additionalProperties === "object") walk(additionalProperties, value[key], elementPath(path, key), errors);
  }
}

function checkList(schema: Schema, list: readonly unknown[], path: string, errors: FieldError[]): void {
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      for (const index of repeated(list)) errors.push(duplicateValue(elementPath(path, index), withSortedKeys(list[index])));
      return;
    case "map": {
      const wrong = list.findIndex((item) => item !== null && !isJsonObject(item));
      if (wrong >= 0) {
        errors.push(invalidValue(elementPath(path, wrong), withSortedKeys(list[wrong]), "must be an object for an array of list-type map"));
        return;
      }
      const keys = list.map((item) => keyOf(item, schema["x-kubernetes-list-map-keys"] ?? []));
      for (const index of repeated(keys)) errors.push(duplicateValue(elementPath(path, index), withSortedKeys(keys[index])));
    }
  }
}

function keyOf(item: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const key: Record<string, unknown> = {};
  if (isJsonObject(item)) for (const name of names) if (Object.hasOwn(item, name)) setKey(key, name, getKey(item, name));
  return key;
}

/** Indexes at which a value appears for the second time. */
function repeated(values: readonly unknown[]): number[] {
  const counts = new Map<string, number>();
  const indexes: number[] = [];
  for (const [index, value] of values.entries()) {
    const text = stringifyJson(value, { sortKeys: true });
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    if (count === 2) indexes.push(index);
  }
  return indexes;
}
