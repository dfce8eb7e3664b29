// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../json-object.ts";
import { compareText, isJsonObject } from "../json-object.ts";
import { dns1035LabelProblems, dns1123LabelProblems, labelKeyProblems, labelValueProblems, pathSegmentProblems } from "../names.ts";
import type { FieldError } from "./field-error.ts";
import { childPath, elementPath, invalidValue, requiredValue, tooLong } from "./field-error.ts";
import { DROPPED, mapFields, mapItems } from "./map-fields.ts";
import { decodeObjectMeta } from "./object-meta.ts";
import type { Schema } from "./schema.ts";
import { withSortedKeys } from "./sorted-keys.ts";

export interface Coerced<T> {
  readonly value: T;
  /** Fields of metadata that ObjectMeta does not have, sorted, from the root: `spec.template.metadata.foo`. */
  readonly unknownFields: readonly string[];
  /** The first field of another type than Kubernetes gives it. */
  readonly error?: FieldError;
}

/**
 * Makes `apiVersion`, `kind` and `metadata` of embedded resources, and of the root when `isRoot`, what Kubernetes knows.
 *
 * @param dropsInvalid drop fields of another type instead of telling them
 * @see apiextensions-apiserver pkg/apiserver/schema/objectmeta CoerceWithOptions
 */
export function coerceEmbedded<T>(
  schema: Schema,
  value: T,
  {
    isRoot = true,
    dropsInvalid = false,
    base = "",
  }: { readonly isRoot?: boolean; readonly dropsInvalid?: boolean; readonly base?: string } = {},
): Coerced<T> {
  const run: Run = { dropsInvalid, unknownFields: [], error: undefined };
  const root = isRoot ? { ...schema, "x-kubernetes-embedded-resource": true } : schema;
  const coerced = coerce(run, root, value, base);
  const error = run.error === undefined ? {} : { error: run.error };
  // Only fields of metadata change, so the value keeps its type.
  return { value: coerced as T, unknownFields: run.unknownFields.sort(compareText), ...error };
}

interface Run {
  readonly dropsInvalid: boolean;
  readonly unknownFields: string[];
  error: FieldError | undefined;
}

function coerce(run: Run, schema: Schema | undefined, value: unknown, path: string): unknown {
  if (schema === undefined || run.error !== undefined) return value;
  if (Array.isArray(value)) return mapItems(value, (item, index) => coerce(run, schema.items, item, elementPath(path, index)));
  if (!isJsonObject(value)) return value;
  return mapFields(value, (field, key) => {
    const own = schema["x-kubernetes-embedded-resource"] === true ? coerceTypeAndMeta(run, key, field, path) : field;
    if (own === DROPPED) return own;
    const property = schema.properties !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (property !== undefined) return coerce(run, property, own, childPath(path, key));
    const { additionalProperties } = schema;
    return typeof additionalProperties === "object" ? coerce(run, additionalProperties, own, elementPath(path, key)) : own;
  });
}

function coerceTypeAndMeta(run: Run, key: string, value: unknown, path: string): unknown {
  if ((key === "apiVersion" || key === "kind") && typeof value !== "string") {
    if (run.dropsInvalid) return DROPPED;
    run.error ??= invalidValue(childPath(path, key), withSortedKeys(value), "must be a string");
    return value;
  }
  if (key !== "metadata") return value;
  const { metadata, unknownFields, error } = decodeObjectMeta(value);
  if (error !== undefined && !run.dropsInvalid) {
    run.error ??= invalidValue(childPath(path, "metadata"), withSortedKeys(value), error);
    return value;
  }
  if (error !== undefined && !isJsonObject(value)) return value;
  run.unknownFields.push(...unknownFields.map((field) => childPath(childPath(path, "metadata"), field)));
  return metadata;
}

/**
 * Checks `apiVersion`, `kind` and `metadata` of embedded resources, and of the root when `isRoot`.
 *
 * @see objectmeta.Validate
 */
export function validateEmbedded(
  schema: Schema,
  value: unknown,
  { isRoot = false, base = "" }: { readonly isRoot?: boolean; readonly base?: string } = {},
): FieldError[] {
  const errors: FieldError[] = [];
  walk(isRoot ? { ...schema, "x-kubernetes-embedded-resource": true } : schema, value, base, errors);
  return errors;
}

function walk(schema: Schema | undefined, value: unknown, path: string, errors: FieldError[]): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(schema.items, item, elementPath(path, index), errors);
    return;
  }
  if (!isJsonObject(value)) return;
  if (schema["x-kubernetes-embedded-resource"] === true) validateResource(value, path, errors);
  const { properties, additionalProperties } = schema;
  for (const key of Object.keys(value)) {
    const property = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property !== undefined) walk(property, value[key], childPath(path, key), errors);
    else if (typeof additionalProperties === "object") walk(additionalProperties, value[key], elementPath(path, key), errors);
  }
}

function validateResource(object: JsonObject, path: string, errors: FieldError[]): void {
  for (const field of ["apiVersion", "kind"]) {
    const at = childPath(path, field);
    if (!Object.hasOwn(object, field)) {
      errors.push(requiredValue(at));
      continue;
    }
    const value = object[field];
    if (typeof value !== "string") errors.push(invalidValue(at, value, "must be a string"));
    else if (value === "") errors.push(invalidValue(at, value, "must not be empty"));
    else {
      const detail = field === "kind" ? kindProblem(value) : apiVersionProblem(value);
      if (detail !== undefined) errors.push(invalidValue(at, value, detail));
    }
  }
  if (!Object.hasOwn(object, "metadata")) return;
  const at = childPath(path, "metadata");
  const { metadata, error } = decodeObjectMeta(object["metadata"]);
  if (error !== undefined) errors.push(invalidValue(at, withSortedKeys(object["metadata"]), error));
  else validateMeta(metadata, at, errors);
}

function kindProblem(kind: string): string | undefined {
  const problems = dns1035LabelProblems(kind.toLowerCase());
  return problems.length > 0 ? `may have mixed case, but should otherwise match: ${problems.join(",")}` : undefined;
}

function apiVersionProblem(apiVersion: string): string | undefined {
  return apiVersion.split("/").length > 2 ? `unexpected GroupVersion string: ${apiVersion}` : undefined;
}

/** @see apimachinery api/validation ValidateObjectMeta */
function validateMeta(metadata: JsonObject, path: string, errors: FieldError[]): void {
  const text = (field: string): string => (typeof metadata[field] === "string" ? metadata[field] : "");
  const tell = (field: string, value: unknown, problems: readonly string[]): void => {
    for (const detail of problems) errors.push(invalidValue(childPath(path, field), value, detail));
  };
  if (text("generateName") !== "")
    tell(
      "generateName",
      text("generateName"),
      pathSegmentProblems(text("generateName")).filter((problem) => problem.includes("contain")),
    );
  tell("name", text("name"), text("name") === "" ? [] : pathSegmentProblems(text("name")));
  if (text("namespace") !== "") tell("namespace", text("namespace"), dns1123LabelProblems(text("namespace")));
  const generation = metadata["generation"];
  if (typeof generation === "number" && generation < 0) tell("generation", generation, ["must be greater than or equal to 0"]);
  for (const [key, value] of Object.entries((metadata["labels"] ?? {}) as Record<string, string>)) {
    tell("labels", key, labelKeyProblems(key));
    tell("labels", value, labelValueProblems(value));
  }
  validateAnnotations((metadata["annotations"] ?? {}) as Record<string, string>, childPath(path, "annotations"), errors);
  validateOwners((metadata["ownerReferences"] ?? []) as readonly JsonObject[], childPath(path, "ownerReferences"), errors);
  validateFinalizers((metadata["finalizers"] ?? []) as readonly string[], childPath(path, "finalizers"), errors);
}

const MAX_ANNOTATIONS_BYTES = 256 * 1024;

function validateAnnotations(annotations: Readonly<Record<string, string>>, path: string, errors: FieldError[]): void {
  const encoder = new TextEncoder();
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const detail of labelKeyProblems(key.toLowerCase())) errors.push(invalidValue(path, key, detail));
    size += encoder.encode(key).length + encoder.encode(value).length;
  }
  if (size > MAX_ANNOTATIONS_BYTES) errors.push(tooLong(path, MAX_ANNOTATIONS_BYTES));
}

function validateOwners(owners: readonly JsonObject[], path: string, errors: FieldError[]): void {
  let controller: string | undefined;
  for (const owner of owners) {
    const text = (field: string): string => (typeof owner[field] === "string" ? owner[field] : "");
    for (const field of ["apiVersion", "kind", "name", "uid"]) {
      if (text(field) !== "") continue;
      errors.push(invalidValue(childPath(path, field), "", field === "apiVersion" ? "version must not be empty" : "must not be empty"));
    }
    if (text("apiVersion") === "v1" && text("kind") === "Event") {
      errors.push(invalidValue(path, owner, "/v1, Kind=Event is disallowed from being an owner"));
    }
    if (owner["controller"] !== true) continue;
    const name = `${text("kind")}/${text("name")}`;
    if (controller === undefined) controller = name;
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalidValue(path, owners, detail));
    }
  }
}

function validateFinalizers(finalizers: readonly string[], path: string, errors: FieldError[]): void {
  for (const finalizer of finalizers) for (const detail of labelKeyProblems(finalizer)) errors.push(invalidValue(path, finalizer, detail));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    errors.push(invalidValue(path, finalizers, "finalizer foregroundDeletion and orphan cannot be both set"));
  }
}
