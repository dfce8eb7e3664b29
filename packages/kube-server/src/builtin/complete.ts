// SPDX-License-Identifier: Apache-2.0
import { canonicalQuantity, isJsonObject, setKey, tryParseQuantity, type JsonObject } from "@flux-ts/kube-core";
import { TYPE_DEFAULTS } from "./defaults/type-defaults.ts";
import { isEmbeddedStruct, structType, type StructType, type TypeField, type TypeRef } from "./type-table.ts";

/**
 * What becomes of a decoded object when Kubernetes writes it out again: each part has the defaults of its type, and
 * fields that are always written are there with their zero value (`status: {}`, `rules: null`).
 *
 * @param typeName of the type table, e.g. `apps.v1.Deployment`
 * @param known an object that is complete: parts that are its very own are taken as they are
 * @returns the object itself where nothing changes; unchanged parts are shared
 */
export function complete<T extends JsonObject>(typeName: string, object: T, known?: JsonObject): T {
  // The walk keeps the shape it was given; it only adds fields that the type always has.
  return completeStruct(structType(typeName), object, known) as T;
}

/** What Go writes for a value of this type that nobody has set: the fields that are always there. */
export function zeroStruct(typeName: string): JsonObject {
  return withZeros(structType(typeName), {}, bareStruct);
}

function completeStruct(type: StructType, value: JsonObject, known: unknown): JsonObject {
  const old = isJsonObject(known) ? known : undefined;
  let changed: Record<string, unknown> | undefined;
  let gone: Set<string> | undefined;
  for (const key in value) {
    const field = type.fields.get(key);
    if (!field) continue;
    const before = value[key];
    const same = old !== undefined && Object.hasOwn(old, key) ? old[key] : undefined;
    if (typeof before === "object" && before !== null && before === same) continue;
    const after = completeField(field, before, same);
    if (after === before) continue;
    if (after === undefined) (gone ??= new Set()).add(key);
    else (changed ??= { ...value })[key] = after;
  }
  const kept = changed ?? value;
  const whole = gone === undefined ? kept : without(kept, gone);
  return withZeros(type, withDefaults(type, whole), defaultedStruct);
}

/** With what the type's defaults add, which has defaults of its own. */
function withDefaults(type: StructType, whole: JsonObject): JsonObject {
  const defaulted = TYPE_DEFAULTS.get(type.name)?.(whole) ?? whole;
  if (defaulted === whole) return whole;
  let changed: Record<string, unknown> | undefined;
  for (const key in defaulted) {
    const given = defaulted[key];
    if (typeof given !== "object" || given === null || (Object.hasOwn(whole, key) && whole[key] === given)) continue;
    const field = type.fields.get(key);
    const after = field && completeField(field, given, undefined);
    if (after !== undefined && after !== given) (changed ??= { ...defaulted })[key] = after;
  }
  return changed ?? defaulted;
}

/** What stands for a struct that is missing. */
type MissingStruct = (type: StructType) => JsonObject;

/** A struct is always there in Go, so its type's defaults run whether anybody wrote it or not. */
const defaultedStruct: MissingStruct = (type) => completeStruct(type, {}, undefined);
const bareStruct: MissingStruct = (type) => withZeros(type, {}, bareStruct);

/** A copy rather than deletions, which would make it slow to read. */
function without(value: JsonObject, gone: ReadonlySet<string>): JsonObject {
  const rest: Record<string, unknown> = {};
  for (const key in value) if (!gone.has(key)) setKey(rest, key, value[key]);
  return rest;
}

function withZeros(type: StructType, value: JsonObject, missing: MissingStruct): JsonObject {
  let changed: Record<string, unknown> | undefined;
  for (const field of type.always) if (!Object.hasOwn(value, field.name)) (changed ??= { ...value })[field.name] = zeroOf(field, missing);
  return changed ?? value;
}

function completeField(field: TypeField, value: unknown, known: unknown): unknown {
  if (typeof value !== "object") return value;
  if (value === null && !field.pointer)
    return field.omit === "never" || isEmbeddedStruct(field) ? zeroOf(field, defaultedStruct) : undefined;
  if (field.omit === "never" && Array.isArray(value) && value.length === 0) return null;
  const completed = completeValue(field.ref, value, known);
  const leftOut = field.omit === "zero" && !field.pointer && isJsonObject(completed) && Object.keys(completed).length === 0;
  return leftOut ? undefined : completed;
}

function completeValue(ref: TypeRef, value: unknown, known: unknown): unknown {
  switch (ref.kind) {
    case "struct":
      return isJsonObject(value) ? completeStruct(structType(ref.name), value, known) : value;
    case "list":
      return Array.isArray(value) ? completeItems(ref.items, value, known) : value;
    case "map":
      if (!isJsonObject(value)) return value;
      return ref.alias === "core.v1.ResourceList" ? inThousandths(value) : completeValues(ref.values, value);
    case "scalar":
      return value;
  }
}

function completeItems(ref: TypeRef, items: readonly unknown[], known: unknown): readonly unknown[] {
  if (ref.kind === "scalar") return items;
  let changed: unknown[] | undefined;
  items.forEach((item, index) => {
    const same: unknown = Array.isArray(known) ? known[index] : undefined;
    const after = item === same ? item : completeValue(ref, item, same);
    if (after !== item) (changed ??= [...items])[index] = after;
  });
  return changed ?? items;
}

function completeValues(ref: TypeRef, values: JsonObject): JsonObject {
  if (ref.kind === "scalar") return values;
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(values)) {
    const after = completeValue(ref, values[key], undefined);
    if (after !== values[key]) setKey((changed ??= { ...values }), key, after);
  }
  return changed ?? values;
}

/** Amounts of resources finer than a thousandth are rounded up to one. @see kubernetes pkg/apis/core/v1 SetDefaults_ResourceList */
function inThousandths(values: JsonObject): JsonObject {
  let changed: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(values)) {
    const quantity = typeof value === "string" && /[un]$/.test(value) ? tryParseQuantity(value) : undefined;
    if (quantity === undefined) continue;
    const thousandths = quantity.nanos / NANOS + (quantity.nanos % NANOS > 0n ? 1n : 0n);
    setKey((changed ??= { ...values }), key, canonicalQuantity(`${thousandths}m`));
  }
  return changed ?? values;
}

/** In a thousandth. */
const NANOS = 1_000_000n;

/** What Go writes for a field that was not set. */
function zeroOf(field: TypeField, missing: MissingStruct): unknown {
  const { ref, pointer } = field;
  if (pointer || ref.kind === "list" || ref.kind === "map") return null;
  if (ref.kind === "struct") return missing(structType(ref.name));
  switch (ref.scalar) {
    case "s":
      return "";
    case "b":
      return false;
    case "i":
    case "l":
    case "f":
    case "x":
      return 0;
    case "q":
      return "0";
    case "d":
      return "0s";
    default:
      return null;
  }
}
