// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "@flux-ts/kube-core";
import { structType, type Scalar, type StructType, type TypeField, type TypeRef } from "../builtin/type-table.ts";
import { typeNameOfSchema } from "../builtin/type-packages.ts";

/** A step into a map. */
export interface MapKey {
  readonly key: string;
}

/** A place in an object as Go has it. */
export interface GoPlace {
  /** The innermost struct: `Container`. */
  readonly struct: string | undefined;
  /** Names of fields, without indexes and keys of maps; embedded structs are steps of their own: `spec`, `volumes`, `VolumeSource`, `hostPath`. */
  readonly path: readonly string[];
  /** The type of what stands there; undefined where the table of types does not have it. */
  readonly ref: TypeRef | undefined;
}

/** Where a path leads, from the schema of the whole object. @see encoding/json UnmarshalTypeError */
export function goPlace(root: Schema, path: readonly (string | number | MapKey)[]): GoPlace {
  const names: string[] = [];
  let schema: Schema | undefined = root;
  let ref: TypeRef | undefined;
  let struct: string | undefined;
  for (const step of path) {
    if (typeof step === "string") {
      const field: GoField | undefined = schema && goField(schema, step);
      struct = schema?.["x-name"]?.split(".").at(-1) ?? struct;
      names.push(...(field?.path ?? [step]));
      ref = field?.ref;
      schema = schema?.properties?.[step];
    } else if (typeof step === "number") {
      ref = ref?.kind === "list" ? ref.items : undefined;
      schema = schema?.items;
    } else {
      ref = ref?.kind === "map" ? ref.values : undefined;
      schema = typeof schema?.additionalProperties === "object" ? schema.additionalProperties : undefined;
    }
  }
  return { struct, path: names, ref };
}

interface GoField {
  readonly path: readonly string[];
  readonly ref: TypeRef;
}

/** The field of the struct that a schema stands for; undefined where the table of types does not have it. */
function goField(schema: Schema, key: string): GoField | undefined {
  const name = typeNameOfSchema(schema["x-name"] ?? "");
  if (name === undefined) return undefined;
  const type = structType(name);
  return fieldOf(type, key) ?? (type.hasKind && (key === "kind" || key === "apiVersion") ? typeMeta(key) : undefined);
}

function typeMeta(key: string): GoField {
  return { path: ["TypeMeta", key], ref: { kind: "scalar", scalar: "s", name: "s" } };
}

function fieldOf(type: StructType, key: string): GoField | undefined {
  const own = type.own.find((field) => !field.inline && field.name === key);
  if (own) return { path: [key], ref: isUid(type, own) ? { kind: "scalar", scalar: "s", name: "types.UID" } : own.ref };
  for (const embedded of type.own) {
    if (!embedded.inline || embedded.ref.kind !== "struct") continue;
    const found = fieldOf(structType(embedded.ref.name), key);
    if (found) return { path: [embedded.ref.name.split(".").at(-1) ?? "", ...found.path], ref: found.ref };
  }
  return undefined;
}

/** Identities of objects have a type of their own; those of users are strings. */
function isUid(type: StructType, field: TypeField): boolean {
  return field.name === "uid" && /\.(ObjectMeta|OwnerReference|ObjectReference|Preconditions|BoundObjectReference)$/.test(type.name);
}

const GO_SCALARS: Readonly<Partial<Record<Scalar, string>>> = {
  s: "string",
  b: "bool",
  i: "int32",
  l: "int64",
  f: "float64",
  y: "[]uint8",
};

/** The Go type of a reference: `v1.PodSpec`, `[]v1.Container`, `map[string]string`. @see encoding/json UnmarshalTypeError */
export function goTypeOf(ref: TypeRef): string {
  switch (ref.kind) {
    case "scalar":
      return ref.name === ref.scalar ? (GO_SCALARS[ref.scalar] ?? "string") : inPackage(ref.name);
    case "struct":
      return inPackage(ref.name);
    case "list":
      return ref.alias === undefined ? `[]${goTypeOf(ref.items)}` : inPackage(ref.alias);
    case "map":
      return ref.alias === undefined ? `map[string]${goTypeOf(ref.values)}` : inPackage(ref.alias);
  }
}

/** `core.v1.PodSpec` → `v1.PodSpec`. */
function inPackage(name: string): string {
  return name.split(".").slice(-2).join(".");
}

/** `object`, `array`, `string`, `number`, `bool`: the kind of a JSON value, as decoding errors print it. */
export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "number";
  return value !== null && typeof value === "object" && "isInteger" in value ? "number" : "object";
}
