// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "../schema.ts";
import type { CelType } from "./types.ts";
import { BOOL, BYTES, DOUBLE, DURATION, DYN, INT, listOf, mapOf, objectType, STRING, TIMESTAMP } from "./types.ts";

/** The type of a schema's values, and how large they can get. @see k8s.io/apiserver pkg/cel DeclType */
export interface Declared {
  readonly type: CelType;
  /** Of lists and maps their items, of text its characters. */
  readonly maxElements: number;
  /** The least that a value takes in JSON. */
  readonly minSize: number;
  readonly items?: Declared;
  /** By their name in expressions. */
  readonly fields?: ReadonlyMap<string, Declared>;
}

/** The largest request. */
export const MAX_REQUEST_BYTES = 3 * 1024 * 1024;
/** Scalars and objects have no size that Kubernetes would estimate by. */
const NO_SIZE = 0;

/**
 * Declares a schema to CEL; undefined for what expressions cannot see: values of any type, lists of such.
 *
 * @param isRoot the object has `apiVersion`, `kind` and `metadata`
 * @see k8s.io/apiserver pkg/cel/common SchemaDeclType
 */
export function declareSchema(schema: Schema, isRoot: boolean, name = "selfType"): Declared | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return { type: DYN, maxElements: schema.maxLength === undefined ? MAX_REQUEST_BYTES - 2 : maxText(schema.maxLength), minSize: 1 };
  }
  switch (schema.type) {
    case "array":
      return declareList(schema, name);
    case "object":
      return declareObject(isRoot ? withTypeAndMeta(schema) : schema, name);
    case "string":
      return declareString(schema);
    case "boolean":
      return { type: BOOL, maxElements: NO_SIZE, minSize: 4 };
    case "number":
      return { type: DOUBLE, maxElements: NO_SIZE, minSize: 1 };
    case "integer":
      return { type: INT, maxElements: NO_SIZE, minSize: 1 };
    default:
      return undefined;
  }
}

function isEmbedded(schema: Schema): boolean {
  return schema["x-kubernetes-embedded-resource"] === true;
}

function declareList(schema: Schema, name: string): Declared | undefined {
  const items = schema.items === undefined ? undefined : declareSchema(schema.items, isEmbedded(schema.items), `${name}.@idx`);
  if (items === undefined) return undefined;
  const maxElements =
    schema.maxItems === undefined ? Math.floor((MAX_REQUEST_BYTES - 2) / (items.minSize + 1)) : Math.max(0, schema.maxItems);
  return { type: listOf(items.type), maxElements, minSize: 2, items };
}

function declareObject(schema: Schema, name: string): Declared | undefined {
  const { additionalProperties } = schema;
  if (typeof additionalProperties === "object") {
    const values = declareSchema(additionalProperties, isEmbedded(additionalProperties), `${name}.@elem`);
    if (values === undefined) return undefined;
    const fitting = Math.floor((MAX_REQUEST_BYTES - 2) / (values.minSize + 6));
    const maxElements = schema.maxProperties === undefined ? fitting : Math.max(0, schema.maxProperties);
    return { type: mapOf(STRING, values.type), maxElements, minSize: 2, items: values };
  }
  const fields = new Map<string, Declared>();
  let minSize = 2;
  for (const [property, sub] of Object.entries(schema.properties ?? {})) {
    const declared = declareSchema(sub, isEmbedded(sub), `${name}.${property}`);
    if (declared === undefined) continue;
    const escaped = escapeName(property);
    if (escaped !== undefined) fields.set(escaped, declared);
    const isRequired = schema.required?.includes(property) === true && (sub.default === undefined || sub.default === null);
    if (isRequired) minSize += property.length + declared.minSize + 4;
  }
  const types = new Map([...fields].map(([field, { type }]) => [field, type] as const));
  return { type: objectType(name, types), maxElements: NO_SIZE, minSize, fields };
}

function declareString(schema: Schema): Declared {
  const { maxLength } = schema;
  switch (schema.format) {
    case "byte":
      return { type: BYTES, maxElements: maxLength === undefined ? MAX_REQUEST_BYTES - 2 : Math.max(0, maxLength), minSize: 2 };
    case "duration":
      return { type: DURATION, maxElements: 32, minSize: 4 };
    case "date":
      return { type: TIMESTAMP, maxElements: 12, minSize: 12 };
    case "date-time":
      return { type: TIMESTAMP, maxElements: 37, minSize: 21 };
    default:
  }
  const longest = Math.max(
    0,
    ...(schema.enum ?? []).map((value) => (typeof value === "string" ? new TextEncoder().encode(value).length : 0)),
  );
  const unbounded = (schema.enum?.length ?? 0) > 0 ? longest : MAX_REQUEST_BYTES - 2;
  return { type: STRING, maxElements: maxLength === undefined ? unbounded : maxText(maxLength), minSize: 2 };
}

/** Characters have up to four bytes. */
function maxText(maxLength: number): number {
  return Math.max(0, maxLength) * 4;
}

const TEXT: Schema = { type: "string" };

/** At the root of resources, `apiVersion`, `kind`, `metadata.name` and `metadata.generateName` can be used always. */
export function withTypeAndMeta(schema: Schema): Schema {
  const metadata: Schema = { type: "object", properties: { name: TEXT, generateName: TEXT } };
  return { ...schema, properties: { ...schema.properties, kind: TEXT, apiVersion: TEXT, metadata } };
}

const RESERVED = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(" "),
);

const ESCAPES: Readonly<Record<string, string>> = { __: "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__" };

/** The name of a property in expressions; undefined when it cannot have one. @see k8s.io/apiserver pkg/cel Escape */
export function escapeName(name: string): string | undefined {
  if (!/^[a-zA-Z_.\-/][\w.\-/]*$/.test(name)) return undefined;
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll(/__|[.\-/]/g, (part) => ESCAPES[part] ?? part);
}
