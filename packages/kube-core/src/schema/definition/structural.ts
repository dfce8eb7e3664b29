// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "../../json.ts";
import { compareText } from "../../json-object.ts";
import type { FieldError } from "../field-error.ts";
import { childPath, elementPath, fieldErrorMessage, forbidden, invalidValue, requiredValue } from "../field-error.ts";
import { compilePattern } from "../pattern-cache.ts";
import type { Schema } from "../schema.ts";

type Level = "root" | "item" | "field";

/**
 * Checks that a schema is structural: every field that a value validation speaks of is specified outside of it, and
 * types, defaults and extensions stand only outside of `allOf`, `anyOf`, `oneOf` and `not`.
 *
 * @param path where the schema stands, for the errors: `spec.validation.openAPIV3Schema`
 * @returns errors sorted by their text
 * @see apiextensions-apiserver pkg/apiserver/schema ValidateStructural
 */
export function validateStructural(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  checkInvariants(schema, "root", path, errors);
  checkComplete(schema, schema, path, path, errors);
  return errors.sort((left, right) => compareText(fieldErrorMessage(left), fieldErrorMessage(right)));
}

/** Why a schema cannot be read as a structural one at all; undefined when it can. @see NewStructural */
export function structuralObstacle(schema: Schema): string | undefined {
  // These fields are no part of a structural schema, but may stand in what a user wrote.
  const raw = schema as Readonly<Record<string, unknown>>;
  for (const field of ["id", "$schema", "$ref", "patternProperties", "dependencies", "additionalItems", "definitions"]) {
    const value = raw[field];
    if (value === undefined || value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0)) continue;
    return `OpenAPIV3Schema '${field === "$schema" ? "schema" : field}' is not supported`;
  }
  if (Array.isArray(raw["items"])) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  if (raw["x-kubernetes-preserve-unknown-fields"] === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  }
  for (const child of childSchemas(schema)) {
    const obstacle = structuralObstacle(child);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

/** All schemas directly below. */
export function childSchemas(schema: Schema): Schema[] {
  const { items, additionalProperties, not } = schema;
  return [
    ...(items === undefined || Array.isArray(items) ? [] : [items]),
    ...Object.values(schema.properties ?? {}),
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(not === undefined ? [] : [not]),
  ];
}

function checkInvariants(schema: Schema, level: Level, path: string, errors: FieldError[]): void {
  const { type, items, properties, additionalProperties } = schema;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const preserves = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const isIntOrString = schema["x-kubernetes-int-or-string"] === true;
  if (type === "array" && items === undefined) errors.push(requiredValue(childPath(path, "items"), "must be specified"));
  if (items !== undefined) checkInvariants(items, "item", childPath(path, "items"), errors);
  for (const [name, property] of Object.entries(properties ?? {})) checkInvariants(property, "field", propertyPath(path, name), errors);
  if (additionalProperties !== undefined) {
    const at = childPath(path, "additionalProperties");
    if (level === "root") errors.push(forbidden(at, "must not be used at the root"));
    if (typeof additionalProperties === "object") checkInvariants(additionalProperties, "field", at, errors);
  }
  if (isIntOrString && preserves) {
    errors.push(
      invalidValue(childPath(path, "x-kubernetes-preserve-unknown-fields"), true, "must be false if x-kubernetes-int-or-string is true"),
    );
  }
  if (isIntOrString && isEmbedded) {
    errors.push(
      invalidValue(childPath(path, "x-kubernetes-embedded-resource"), true, "must be false if x-kubernetes-int-or-string is true"),
    );
  }
  checkValidations(schema, path, errors, {
    skipsAnyOf: isIntOrStringBranch(schema),
    skipsFirstAllOf: schema.allOf?.[0] !== undefined && isIntOrStringBranch(schema.allOf[0]),
  });
  checkType(schema, level, path, errors);
  if (isEmbedded && additionalProperties !== undefined) {
    errors.push(forbidden(childPath(path, "additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set"));
  }
  checkMeta(schema, level, path, errors);
  if (isEmbedded && !preserves && Object.keys(properties ?? {}).length === 0) {
    const detail = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(requiredValue(childPath(path, "properties"), detail));
  }
}

function checkType(schema: Schema, level: Level, path: string, errors: FieldError[]): void {
  const at = childPath(path, "type");
  const type = schema.type ?? "";
  if (schema["x-kubernetes-embedded-resource"] === true && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(type === "" ? requiredValue(at, detail) : invalidValue(at, type, detail));
  } else if (type === "" && schema["x-kubernetes-int-or-string"] !== true && schema["x-kubernetes-preserve-unknown-fields"] !== true) {
    const where = { root: "at the root", item: "for specified array items", field: "for specified object fields" }[level];
    errors.push(requiredValue(at, `must not be empty ${where}`));
  }
  if (level === "root" && type !== "" && type !== "object") errors.push(invalidValue(at, type, "must be object at the root"));
}

/** At the root and in embedded resources `metadata` may restrict `name` and `generateName` only. */
function checkMeta(schema: Schema, level: Level, path: string, errors: FieldError[]): void {
  const checks = level === "root" || schema["x-kubernetes-embedded-resource"] === true;
  const property = (name: string): Schema | undefined =>
    schema.properties !== undefined && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  for (const name of ["kind", "apiVersion"]) {
    const found = property(name);
    if (!checks || found === undefined || found.type === "string") continue;
    errors.push(invalidValue(childPath(propertyPath(path, name), "type"), found.type ?? "", "must be string"));
  }
  const metadata = property("metadata");
  if (metadata === undefined) return;
  const at = propertyPath(path, "metadata");
  if (checks && metadata.type !== "object") errors.push(invalidValue(childPath(at, "type"), metadata.type ?? "", "must be object"));
  if (level !== "root") return;
  const { type: _type, default: _default, properties, ...rest } = metadata;
  const names = Object.keys(properties ?? {});
  const isRestricted = Object.keys(rest).length > 0 || names.some((name) => name !== "name" && name !== "generateName");
  if (isRestricted) {
    errors.push(forbidden(at, "must not specify anything other than name and generateName, but metadata is implicitly specified"));
  }
}

const INT_OR_STRING: readonly Schema[] = [{ type: "integer" }, { type: "string" }];

/** Whether `anyOf` is the one that may hold types: integer or string. */
export function isIntOrStringBranch(schema: Schema): boolean {
  return deepEqual(schema.anyOf ?? [], INT_OR_STRING);
}

function checkValidations(
  schema: Schema,
  path: string,
  errors: FieldError[],
  { skipsAnyOf = false, skipsFirstAllOf = false }: { readonly skipsAnyOf?: boolean; readonly skipsFirstAllOf?: boolean } = {},
): void {
  if (!skipsAnyOf) {
    for (const [index, branch] of (schema.anyOf ?? []).entries()) checkNested(branch, elementPath(childPath(path, "anyOf"), index), errors);
  }
  for (const [index, branch] of (schema.allOf ?? []).entries()) {
    checkNested(branch, elementPath(childPath(path, "allOf"), index), errors, skipsFirstAllOf && index === 0);
  }
  for (const [index, branch] of (schema.oneOf ?? []).entries()) checkNested(branch, elementPath(childPath(path, "oneOf"), index), errors);
  if (schema.not !== undefined) checkNested(schema.not, childPath(path, "not"), errors);
  const { pattern } = schema;
  if (pattern === undefined || pattern === "") return;
  const compiled = compilePattern(pattern);
  if (typeof compiled !== "string") return;
  errors.push(invalidValue(childPath(path, "pattern"), pattern, `must be a valid regular expression, but isn't: ${compiled}`));
}

const FORBIDDEN_IN_VALIDATIONS: readonly (readonly [keyof Schema, string])[] = [
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

/** A schema inside `allOf`, `anyOf`, `oneOf` or `not`. */
function checkNested(schema: Schema, path: string, errors: FieldError[], skipsAnyOf = false): void {
  checkValidations(schema, path, errors, { skipsAnyOf });
  if (schema.items !== undefined) checkNested(schema.items, childPath(path, "items"), errors);
  for (const [name, property] of Object.entries(schema.properties ?? {})) checkNested(property, propertyPath(path, name), errors);
  if (schema.type !== undefined) errors.push(forbidden(childPath(path, "type"), "must be empty to be structural"));
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) {
    errors.push(forbidden(childPath(path, "additionalProperties"), "must be undefined to be structural"));
  }
  for (const [field, detail] of FORBIDDEN_IN_VALIDATIONS) {
    const value = schema[field];
    const isEmpty =
      value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
    // A default of false or "" is one all the same.
    if (field === "default" ? value !== undefined && value !== null : !isEmpty) errors.push(forbidden(childPath(path, field), detail));
  }
  if (Object.hasOwn(schema.properties ?? {}, "metadata")) {
    errors.push(forbidden(propertyPath(path, "metadata"), "must not be specified in a nested context"));
  }
}

/** Every field and item that `validation` speaks of must be specified in `schema`. */
function checkComplete(validation: Schema, schema: Schema, path: string, at: string, errors: FieldError[]): void {
  const branches: (readonly [Schema, string])[] = [
    ...(validation.not === undefined ? [] : [[validation.not, childPath(at, "not")] as const]),
    ...(["allOf", "anyOf", "oneOf"] as const).flatMap((kind) =>
      (validation[kind] ?? []).map((branch, index) => [branch, elementPath(childPath(at, kind), index)] as const),
    ),
  ];
  for (const [branch, branchPath] of branches) checkNestedComplete(branch, schema, path, branchPath, errors);
}

function checkNestedComplete(validation: Schema, schema: Schema | undefined, path: string, at: string, errors: FieldError[]): void {
  if (schema === undefined) {
    errors.push(requiredValue(path, `because it is defined in ${at}`));
    return;
  }
  checkComplete(validation, schema, path, at, errors);
  if (validation.items !== undefined) {
    checkNestedComplete(validation.items, schema.items, childPath(path, "items"), childPath(at, "items"), errors);
  }
  for (const [name, property] of Object.entries(validation.properties ?? {})) {
    const found = schema.properties !== undefined && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const where = propertyPath(at, name);
    if (found === undefined) errors.push(requiredValue(propertyPath(path, name), `because it is defined in ${where}`));
    else checkNestedComplete(property, found, propertyPath(path, name), where, errors);
  }
}

/** `…properties[name]` */
export function propertyPath(path: string, name: string): string {
  return elementPath(childPath(path, "properties"), name);
}
