// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../json-object.ts";
import { isJsonObject } from "../json-object.ts";
import type { JsonKind } from "./json-kind.ts";
import { jsonKind } from "./json-kind.ts";
import { DROPPED, mapFields, mapItems } from "./map-fields.ts";

export interface DecodedMeta {
  /** The metadata with the fields of ObjectMeta only, and without empty ones; the input itself when it was so. */
  readonly metadata: JsonObject;
  /** Fields that ObjectMeta does not have: `foo`, `ownerReferences[0].foo`. */
  readonly unknownFields: readonly string[];
  /** Go's words for the first field of another type; then `metadata` is without that field. */
  readonly error?: string;
}

type Shape = "string" | "int64" | "bool" | "time" | "raw" | { readonly map: true } | { readonly list: Shape } | Struct;
interface Struct {
  readonly struct: string;
  readonly fields: Readonly<Record<string, Shape>>;
  /** Fields that stay when they are empty. */
  readonly kept?: readonly string[];
}

const OWNER_REFERENCE: Struct = {
  struct: "OwnerReference",
  fields: { apiVersion: "string", kind: "string", name: "string", uid: "string", controller: "bool", blockOwnerDeletion: "bool" },
  kept: ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"],
};
const MANAGED_FIELDS_ENTRY: Struct = {
  struct: "ManagedFieldsEntry",
  fields: {
    manager: "string",
    operation: "string",
    apiVersion: "string",
    time: "time",
    fieldsType: "string",
    fieldsV1: "raw",
    subresource: "string",
  },
  kept: ["fieldsV1"],
};
const OBJECT_META: Struct = {
  struct: "ObjectMeta",
  fields: {
    name: "string",
    generateName: "string",
    namespace: "string",
    selfLink: "string",
    uid: "string",
    resourceVersion: "string",
    generation: "int64",
    creationTimestamp: "time",
    deletionTimestamp: "time",
    deletionGracePeriodSeconds: "int64",
    labels: { map: true },
    annotations: { map: true },
    ownerReferences: { list: OWNER_REFERENCE },
    finalizers: { list: "string" },
    managedFields: { list: MANAGED_FIELDS_ENTRY },
  },
  kept: ["deletionGracePeriodSeconds"],
};

/**
 * Reads metadata as Go decodes it into ObjectMeta: other fields go, and values of another type are an error.
 *
 * @param metadata what stands at `metadata`, of any type
 * @see apiextensions-apiserver pkg/apiserver/schema/objectmeta GetObjectMetaWithOptions
 */
export function decodeObjectMeta(metadata: unknown): DecodedMeta {
  const unknownFields: string[] = [];
  const run: Run = { unknownFields, error: undefined };
  const decoded = decode(run, OBJECT_META, metadata, "", "ObjectMeta");
  const object = isJsonObject(decoded) ? decoded : {};
  return { metadata: object, unknownFields, ...(run.error === undefined ? {} : { error: run.error }) };
}

interface Run {
  readonly unknownFields: string[];
  error: string | undefined;
}

function decode(run: Run, shape: Shape, value: unknown, path: string, struct: string): unknown {
  const kind = jsonKind(value);
  if (kind === "null") return DROPPED;
  const wrong = mismatch(shape, kind, value);
  if (wrong !== undefined) {
    run.error ??= typeof wrong === "string" ? wrong : typeError(kind, value, path, struct, wrong.type);
    return DROPPED;
  }
  if (typeof shape === "string") return value;
  if ("map" in shape) {
    return mapFields(value as JsonObject, (text) => {
      if (typeof text === "string") return text;
      if (text === null) return "";
      run.error ??= typeError(jsonKind(text), text, path, struct, "string");
      return DROPPED;
    });
  }
  if ("list" in shape) {
    const { list } = shape;
    return mapItems(value as readonly unknown[], (item, index) => {
      const decoded = decode(run, list, item, typeof list === "string" ? path : `${path}[${index}]`, struct);
      return decoded === DROPPED ? (typeof list === "string" ? "" : {}) : decoded;
    });
  }
  return mapFields(value as JsonObject, (field, key) => {
    const at = path === "" ? key : `${path}.${key}`;
    const fieldShape = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    if (fieldShape === undefined) {
      run.unknownFields.push(at);
      return DROPPED;
    }
    const decoded = decode(run, fieldShape, field, at, shape.struct);
    return isEmpty(decoded) && shape.kept?.includes(key) !== true ? DROPPED : decoded;
  });
}

function isEmpty(value: unknown): boolean {
  if (value === "" || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** What is wrong: the Go type that was wanted, or the whole text. */
function mismatch(shape: Shape, kind: JsonKind, value: unknown): { readonly type: string } | string | undefined {
  if (shape === "string") return kind === "string" ? undefined : { type: "string" };
  if (shape === "bool") return kind === "boolean" ? undefined : { type: "bool" };
  if (shape === "int64") return kind === "integer" ? undefined : { type: "int64" };
  if (shape === "raw") return undefined;
  if (shape === "time") {
    if (kind !== "string") return `json: cannot unmarshal ${goKind(kind)} into Go value of type string`;
    return isTime(value as string) || value === ""
      ? undefined
      : `parsing time "${value as string}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value as string}" as "2006"`;
  }
  if ("list" in shape)
    return kind === "array" ? undefined : { type: `[]${typeof shape.list === "string" ? "string" : `v1.${structName(shape.list)}`}` };
  if ("map" in shape) return kind === "object" ? undefined : { type: "map[string]string" };
  return kind === "object" ? undefined : { type: `v1.${shape.struct}` };
}

function structName(shape: Shape): string {
  return typeof shape === "object" && "struct" in shape ? shape.struct : "";
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text));
}

function typeError(kind: JsonKind, value: unknown, path: string, struct: string, type: string): string {
  const found = kind === "number" ? `number ${String(value)}` : goKind(kind);
  if (path === "") return `json: cannot unmarshal ${found} into Go value of type ${type}`;
  return `json: cannot unmarshal ${found} into Go struct field ${struct}.${path.replaceAll(/\[\d+\]/g, "")} of type ${type}`;
}

function goKind(kind: JsonKind): string {
  if (kind === "boolean") return "bool";
  return kind === "integer" ? "number" : kind;
}
