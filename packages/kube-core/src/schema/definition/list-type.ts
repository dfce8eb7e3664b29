// SPDX-License-Identifier: Apache-2.0
import type { FieldError } from "../field-error.ts";
import { childPath, forbidden, invalidValue, notSupported, requiredValue } from "../field-error.ts";
import type { Schema } from "../schema.ts";
import { propertyPath } from "./structural.ts";

export interface ListTypeOptions {
  readonly requireAtomicSets: boolean;
  readonly requireListMapKeys: boolean;
}

const LIST_TYPES = ["atomic", "set", "map"];

/** Checks `x-kubernetes-list-type` and `x-kubernetes-list-map-keys`. */
export function checkListType(schema: Schema, path: string, options: ListTypeOptions, errors: FieldError[]): void {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const at = childPath(path, "x-kubernetes-list-type");
  if (listType !== undefined && schema.type !== "array") {
    const detail = "must be array if x-kubernetes-list-type is specified";
    errors.push(
      schema.type === undefined
        ? requiredValue(childPath(path, "type"), detail)
        : invalidValue(childPath(path, "type"), schema.type, detail),
    );
  } else if (options.requireAtomicSets && listType === "set" && hasSharedItems(schema))
    checkSetItems(schema.items, childPath(path, "items"), errors);
  if (listType !== undefined && !LIST_TYPES.includes(listType)) errors.push(notSupported(at, listType, LIST_TYPES));
  if (keys.length > 0 && listType !== "map") {
    const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    errors.push(listType === undefined ? requiredValue(at, detail) : invalidValue(at, listType, detail));
  }
  if (listType === "map") checkMapList(schema, path, errors);
  if (options.requireListMapKeys) errors.push(...itemProblems(schema, path));
}

/** Sets of lists or objects must take them as a whole. */
export function hasNonAtomicItems(schema: Schema): boolean {
  const errors: FieldError[] = [];
  if (schema["x-kubernetes-list-type"] === "set" && hasSharedItems(schema)) checkSetItems(schema.items, "", errors);
  return errors.length > 0;
}

/** Items of sets and map lists must not be nullable; keys must be required or have a default. */
export function itemProblems(schema: Schema, path: string): FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if ((listType !== "set" && listType !== "map") || !hasSharedItems(schema)) return [];
  const { items } = schema;
  const at = childPath(path, "items");
  const errors: FieldError[] = [];
  if (items.nullable === true)
    errors.push(forbidden(childPath(at, "nullable"), `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  if (listType === "set") return errors;
  for (const key of schema["x-kubernetes-list-map-keys"] ?? []) {
    const property = items.properties !== undefined && Object.hasOwn(items.properties, key) ? items.properties[key] : undefined;
    if (property === undefined) continue;
    if (items.required?.includes(key) !== true && (property.default === undefined || property.default === null)) {
      const detail = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
      errors.push(requiredValue(childPath(propertyPath(at, key), "default"), detail));
    }
    if (property.nullable === true) {
      const detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
      errors.push(forbidden(childPath(propertyPath(at, key), "nullable"), detail));
    }
  }
  return errors;
}

function hasSharedItems(schema: Schema): schema is Schema & { readonly items: Schema } {
  return schema.items !== undefined && !Array.isArray(schema.items);
}

function checkSetItems(items: Schema, path: string, errors: FieldError[]): void {
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = items["x-kubernetes-list-type"];
  if (items.type === "array" && listType !== undefined && listType !== "atomic") {
    errors.push(invalidValue(childPath(path, "x-kubernetes-list-type"), listType, detail));
  }
  // What is printed is the list type here too.
  if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic") {
    errors.push(invalidValue(childPath(path, "x-kubernetes-map-type"), listType ?? null, detail));
  }
}

function checkMapList(schema: Schema, path: string, errors: FieldError[]): void {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const keysPath = childPath(path, "x-kubernetes-list-map-keys");
  const itemsPath = childPath(path, "items");
  if (keys.length === 0) errors.push(requiredValue(keysPath, "must not be empty if x-kubernetes-list-type is map"));
  if (schema.items === undefined) errors.push(requiredValue(itemsPath, "must have a schema if x-kubernetes-list-type is map"));
  if (!hasSharedItems(schema)) return;
  const { items } = schema;
  if (items.type !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    errors.push(invalidValue(childPath(itemsPath, "type"), items.type ?? "", detail));
    return;
  }
  const seen = new Set<string>();
  for (const key of keys) {
    const property = items.properties !== undefined && Object.hasOwn(items.properties, key) ? items.properties[key] : undefined;
    if (property === undefined) errors.push(invalidValue(keysPath, keys, "entries must all be names of item properties"));
    else if (property.type === "array" || property.type === "object") {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      errors.push(invalidValue(childPath(propertyPath(itemsPath, key), "type"), items.type, detail));
    }
    if (seen.has(key)) errors.push(invalidValue(keysPath, keys, "must not contain duplicate entries"));
    seen.add(key);
  }
}
