// SPDX-License-Identifier: Apache-2.0
import type { Fields, Infer, InferFields, OptionalField, Typed } from "./infer.ts";
import type { Schema, SchemaRule } from "./schema.ts";

/** What every schema may say of its values. */
export interface AnyOptions<T> {
  readonly description?: string;
  /** Filled in by the API server where the field is absent. */
  readonly default?: T;
  readonly nullable?: boolean;
  readonly rules?: readonly SchemaRule[];
}

export interface StringOptions extends AnyOptions<string> {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** RE2, not anchored. */
  readonly pattern?: string;
  readonly format?: string;
}

export interface NumberOptions extends AnyOptions<number> {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly format?: string;
}

export interface ArrayOptions<T> extends AnyOptions<readonly T[]> {
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface MapOptions<T> extends AnyOptions<Readonly<Record<string, T>>> {
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

export interface ObjectOptions<F extends Fields> extends AnyOptions<Partial<InferFields<F>>> {
  /** Keep fields that the schema does not name. */
  readonly preserveUnknownFields?: boolean;
}

/** Fields that must be there, and `optional()` ones that need not. */
export function object<const F extends Fields>(fields: F, options: ObjectOptions<F> = {}): Typed<InferFields<F>> {
  const required = Object.keys(fields).filter((name) => !isOptional(fields[name]));
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, isOptional(field) ? field.optional : field])),
    ...(required.length > 0 ? { required: required.sort() } : {}),
    ...(options.preserveUnknownFields ? { "x-kubernetes-preserve-unknown-fields": true } : {}),
    ...shared(options),
  };
}

/** Marks a field of `object()` that may be absent. */
export function optional<S extends Schema>(schema: S): OptionalField<S> {
  return { optional: schema };
}

export function string(options: StringOptions = {}): Typed<string> {
  const { minLength, maxLength, pattern, format } = options;
  return { type: "string", ...defined({ minLength, maxLength, pattern, format }), ...shared(options) };
}

/** A string that is one of these. */
export function oneOf<const V extends string>(values: readonly V[], options: AnyOptions<V> = {}): Typed<V> {
  return { type: "string", enum: values, ...shared(options) };
}

/** A 64-bit integer; one that a `number` cannot hold is an `ExactNumber` at run time, so bound it where it matters. */
export function integer(options: NumberOptions = {}): Typed<number> {
  return { type: "integer", ...bounds(options), ...shared(options) };
}

export function number(options: NumberOptions = {}): Typed<number> {
  return { type: "number", ...bounds(options), ...shared(options) };
}

export function boolean(options: AnyOptions<boolean> = {}): Typed<boolean> {
  return { type: "boolean", ...shared(options) };
}

/** A list that is replaced as a whole by server-side apply. */
export function array<S extends Schema>(items: S, options: ArrayOptions<Infer<S>> = {}): Typed<readonly Infer<S>[]> {
  const { minItems, maxItems } = options;
  return { type: "array", items, ...defined({ minItems, maxItems }), ...shared(options) };
}

/** A list whose items are told apart by these fields, and merged by server-side apply. */
export function listMap<S extends Schema>(
  keys: readonly (keyof Infer<S> & string)[],
  items: S,
  options: ArrayOptions<Infer<S>> = {},
): Typed<readonly Infer<S>[]> {
  return { ...array(items, options), "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": keys };
}

/** A list without duplicates, of scalars. */
export function set<S extends Schema>(items: S, options: ArrayOptions<Infer<S>> = {}): Typed<readonly Infer<S>[]> {
  return { ...array(items, options), "x-kubernetes-list-type": "set" };
}

/** Any keys, values of one schema. */
export function mapOf<S extends Schema>(values: S, options: MapOptions<Infer<S>> = {}): Typed<Readonly<Record<string, Infer<S>>>> {
  const { minProperties, maxProperties } = options;
  return { type: "object", additionalProperties: values, ...defined({ minProperties, maxProperties }), ...shared(options) };
}

export function intOrString(options: AnyOptions<number | string> & { readonly pattern?: string } = {}): Typed<number | string> {
  return {
    "x-kubernetes-int-or-string": true,
    anyOf: [{ type: "integer" }, { type: "string" }],
    ...defined({ pattern: options.pattern }),
    ...shared(options),
  };
}

/** Any JSON. */
export function anyValue(options: AnyOptions<unknown> = {}): Typed<unknown> {
  return { "x-kubernetes-preserve-unknown-fields": true, ...shared(options) };
}

/** An object with any fields. */
export function anyObject(options: AnyOptions<Readonly<Record<string, unknown>>> = {}): Typed<Readonly<Record<string, unknown>>> {
  return { type: "object", "x-kubernetes-preserve-unknown-fields": true, ...shared(options) };
}

/** RFC 3339. */
export function time(options: AnyOptions<string> = {}): Typed<string> {
  return string({ format: "date-time", ...options });
}

/** A Go duration of hours, minutes, seconds and milliseconds, such as `1h30m`; `units` without `h` where upstream forbids hours. */
export function duration(options: AnyOptions<string> & { readonly units?: "ms|s|m|h" | "ms|s|m" } = {}): Typed<string> {
  const { units = "ms|s|m|h", ...rest } = options;
  return string({ pattern: `^([0-9]+(\\.[0-9]+)?(${units}))+$`, ...rest });
}

/** The same schema under another description: for schemas that several fields share. */
export function described<S extends Schema>(schema: S, description: string): S {
  return { ...schema, description };
}

function isOptional(field: Schema | OptionalField | undefined): field is OptionalField {
  return field !== undefined && "optional" in field;
}

function bounds(options: NumberOptions): Schema {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = options;
  return defined({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format });
}

function shared(options: AnyOptions<unknown>): Schema {
  const { description, nullable, rules } = options;
  return defined({ description, nullable, default: options.default, "x-kubernetes-validations": rules });
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Only entries that are undefined go, which is what the type says.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
