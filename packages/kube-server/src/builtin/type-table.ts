// SPDX-License-Identifier: Apache-2.0
import { TYPES } from "./generated/types.ts";

/**
 * A type of the Kubernetes API as its Go source declares it.
 *
 * The generated table (generated/types.ts) has one line for each type: `=` and a type for an alias, else fields with `;` between:
 * `name` + flags + `=number` + `:type` + annotations. A name that starts with `+` is an embedded struct, whose fields
 * belong to this one in JSON. Flags: `!` required in OpenAPI, `*` a pointer, `~` omitempty, `^` omitzero. The number is
 * protobuf's. Annotations: `@atomic`, `@set`, `@map(keys)`, `@atomic-map`, `@granular-map`, `%strategy|mergeKey`, `#default`.
 * Marks in place of a field: `@atomic` (the struct is one value for server-side apply), `@kind` (it has apiVersion and kind).
 */
export type TypeRef =
  | { readonly kind: "scalar"; readonly scalar: Scalar; readonly name: string }
  | { readonly kind: "list"; readonly items: TypeRef; readonly alias?: string }
  | { readonly kind: "map"; readonly values: TypeRef; readonly alias?: string }
  | { readonly kind: "struct"; readonly name: string };

/**
 * s string, b boolean, i int32, l int64, f float64, y bytes, t Time, u MicroTime, d Duration, q Quantity, x IntOrString,
 * r RawExtension, v FieldsV1, j JSON; ja, jb, js: JSONSchemaProps or an array of them, a boolean, an array of strings.
 */
export type Scalar = "s" | "b" | "i" | "l" | "f" | "y" | "t" | "u" | "d" | "q" | "x" | "r" | "v" | "j" | "ja" | "jb" | "js";

/** A field of a struct, as the generated line describes it. */
export interface TypeField {
  readonly name: string;
  readonly ref: TypeRef;
  /** An embedded struct: `ref` is a struct whose fields stand in this one. */
  readonly inline: boolean;
  readonly required: boolean;
  readonly pointer: boolean;
  /** When the zero value is left out of JSON: never, if empty (omitempty), or also as an empty struct (omitzero). */
  readonly omit: "never" | "empty" | "zero";
  /** Protobuf field number; 0 for none. */
  readonly number: number;
  readonly listType?: "atomic" | "set" | "map";
  readonly mapKeys?: readonly string[];
  readonly mapType?: "atomic" | "granular";
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly default?: string;
}

/** A struct of Kubernetes: its fields by their JSON names. */
export interface StructType {
  readonly name: string;
  readonly atomic: boolean;
  readonly hasKind: boolean;
  /** As declared, embedded ones as `inline`. */
  readonly own: readonly TypeField[];
  /** By name in JSON, those of embedded structs included. */
  readonly fields: ReadonlyMap<string, TypeField>;
  /** Those of them that are written whatever they hold. */
  readonly always: readonly TypeField[];
}

const FIELD = /^(\+?)([\w$-]+)([!*~^]*)(?:=(\d+))?:([^@%#]+)(.*)$/;
const SCALARS: ReadonlySet<string> = new Set<Scalar>([
  "s",
  "b",
  "i",
  "l",
  "f",
  "y",
  "t",
  "u",
  "d",
  "q",
  "x",
  "r",
  "v",
  "j",
  "ja",
  "jb",
  "js",
]);

// Parsed lines, kept: they are values and follow from the table alone, so nothing can tell who asked first.
const parsed = new Map<string, StructType>();
const aliases = new Map<string, TypeRef>();

/** The struct of that name, e.g. `core.v1.PodSpec`. @throws {Error} when the table has none: a fault of the table */
export function structType(name: string): StructType {
  const known = parsed.get(name);
  if (known) return known;
  const parts = lineOf(name)
    .split(";")
    .filter((part) => part !== "");
  const own = parts.filter((part) => !part.startsWith("@")).map(parseField);
  const fields = new Map<string, TypeField>();
  for (const field of own) {
    if (field.inline && field.ref.kind === "struct") for (const [key, inner] of structType(field.ref.name).fields) fields.set(key, inner);
    else fields.set(field.name, field);
  }
  const always = [...fields.values()].filter((field) => field.omit === "never" || isEmbeddedStruct(field));
  const type: StructType = { name, own, fields, always, atomic: parts.includes("@atomic"), hasKind: parts.includes("@kind") };
  parsed.set(name, type);
  return type;
}

/** Go's omitempty never leaves out a struct that is no pointer; a time is such a struct, and writes null. */
export function isEmbeddedStruct({ ref, pointer, omit }: TypeField): boolean {
  return !pointer && omit === "empty" && (ref.kind === "struct" || (ref.kind === "scalar" && (ref.scalar === "t" || ref.scalar === "u")));
}

/** Whether the table has this struct or alias. */
export function hasType(name: string): boolean {
  return Object.hasOwn(TYPES, name);
}

function lineOf(name: string): string {
  const line = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (line === undefined) throw new Error(`The table of built-in types has no ${name}; run tools/generate-builtin`);
  return line;
}

function parseField(text: string): TypeField {
  const [, plus, name = "", flags = "", number, type = "", notes = ""] = FIELD.exec(text) ?? [];
  const listType = /@(atomic|set|map)(?:\(([^)]*)\))?(?!-map)/.exec(notes);
  const mapType = /@(atomic|granular)-map/.exec(notes)?.[1];
  const patch = /%([^|#@]*)(?:\|([^#@]*))?/.exec(notes);
  const fallback = /#(.*)$/.exec(notes)?.[1];
  return {
    name,
    ref: parseRef(type),
    inline: plus === "+",
    required: flags.includes("!"),
    pointer: flags.includes("*"),
    omit: flags.includes("^") ? "zero" : flags.includes("~") ? "empty" : "never",
    number: Number(number ?? 0),
    ...(listType && !mapType ? { listType: listType[1] as "atomic" | "set" | "map" } : {}), // the three that the pattern knows
    ...(listType?.[2] ? { mapKeys: listType[2].split(",") } : {}),
    ...(mapType ? { mapType: mapType as "atomic" | "granular" } : {}), // as above
    ...(patch ? { patchStrategy: patch[1] ?? "" } : {}),
    ...(patch?.[2] ? { patchMergeKey: patch[2] } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function parseRef(text: string): TypeRef {
  if (text.startsWith("[]")) return { kind: "list", items: parseRef(text.slice(2)) };
  if (text.startsWith("{}")) return { kind: "map", values: parseRef(text.slice(2)) };
  if (SCALARS.has(text)) return { kind: "scalar", scalar: text as Scalar, name: text }; // just looked up
  const known = aliases.get(text);
  if (known) return known;
  const line = lineOf(text);
  if (!line.startsWith("=")) return { kind: "struct", name: text };
  const target = parseRef(line.slice(1));
  const ref: TypeRef =
    target.kind === "scalar" ? { ...target, name: text } : target.kind === "struct" ? target : { ...target, alias: target.alias ?? text };
  aliases.set(text, ref);
  return ref;
}
