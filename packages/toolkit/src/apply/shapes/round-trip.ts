// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, formatQuantity, tryParseQuantity } from "@flux-ts/kube-core";
import { BUILT_IN_KINDS, BUILT_IN_SHAPES } from "./built-in-shapes.ts";

/** A field of a Go struct. */
interface Field {
  readonly name: string;
  /** `=` always written, `?` omitempty, `~` omitzero. */
  readonly flag: string;
  readonly type: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** What a value of a Go type cannot hold. */
class Mismatch extends Error {}

/**
 * What Go makes of an object of a built-in kind that it reads into its type and writes again: fields that the type does
 * not have are gone, and fields that it writes although they are empty (`strategy: {}`, `resources: {}`) are there.
 *
 * Flux sends built-in kinds after such a round trip, so these fields become its own in `managedFields`.
 *
 * @returns undefined when Go has no type for the kind, or a value does not fit the type: Flux then sends the object as it is
 * @see apimachinery runtime/converter.go
 */
export function roundTrip(object: JsonObject): JsonObject | undefined {
  const kind = `${String(object["apiVersion"])}/${String(object["kind"])}`;
  if (!Object.hasOwn(BUILT_IN_KINDS, kind)) return undefined;
  try {
    return convertStruct(BUILT_IN_KINDS[kind] ?? 0, object);
  } catch (error) {
    if (error instanceof Mismatch) return undefined;
    throw error;
  }
}

/** Whether Go has a type for this kind. */
export function isBuiltIn(apiVersion: string, kind: string): boolean {
  return Object.hasOwn(BUILT_IN_KINDS, `${apiVersion}/${kind}`);
}

/** Whether objects of this kind say nothing about how they are: a ConfigMap, a Role. Custom kinds may. */
export function isWithoutStatus(apiVersion: string, kind: string): boolean {
  const key = `${apiVersion}/${kind}`;
  if (!Object.hasOwn(BUILT_IN_KINDS, key)) return false;
  return !fieldsOf(BUILT_IN_KINDS[key] ?? 0).some(({ name }) => name === "status");
}

function fieldsOf(shape: number): readonly Field[] {
  const line = BUILT_IN_SHAPES[shape] ?? "";
  if (line === "") return [];
  return line.split(" ").map((word) => {
    const at = word.search(/[=?~]/);
    return { name: word.slice(0, at), flag: word.slice(at, at + 1), type: word.slice(at + 1) };
  });
}

function convertStruct(shape: number, value: unknown): JsonObject {
  if (!isJsonObject(value)) throw new Mismatch();
  const out: Record<string, unknown> = {};
  for (const { name, flag, type } of fieldsOf(shape)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const converted = given === undefined || given === null ? zeroOf(type) : convert(type, given);
    if (flag === "?" && isEmpty(type, converted)) continue;
    if (flag === "~" && isZero(type, converted)) continue;
    out[name] = converted;
  }
  return out;
}

function convert(type: string, value: unknown): unknown {
  const inner = type.slice(1);
  switch (type[0]) {
    case "*":
      return convert(inner, value);
    case "[":
      if (!Array.isArray(value)) throw new Mismatch();
      return value.map((item: unknown) => convertItem(inner, item));
    case "{": {
      if (!isJsonObject(value)) throw new Mismatch();
      // A null prototype, so that no key of the user's is anything but a key.
      const out = Object.create(null) as Record<string, unknown>;
      for (const [key, item] of Object.entries(value)) out[key] = convertItem(inner, item);
      return out;
    }
    case "#":
      return convertStruct(Number(inner), value);
    default:
      return convertScalar(type, value);
  }
}

function convertItem(type: string, value: unknown): unknown {
  return value === null || value === undefined ? zeroOf(type) : convert(type, value);
}

function convertScalar(type: string, value: unknown): unknown {
  switch (type) {
    case "s":
      if (typeof value === "string") return value;
      break;
    case "b":
      if (typeof value === "boolean") return value;
      break;
    case "i":
      return convertInteger(value);
    case "f":
      if (typeof value === "number" || value instanceof ExactNumber) return value;
      break;
    case "B":
      if (typeof value === "string" && isBase64(value)) return value.replace(/[\r\n]/g, "");
      break;
    case "q":
      return convertQuantity(value);
    case "I":
      if (typeof value === "string" || (typeof value === "number" && Number.isInteger(value))) return value;
      break;
    case "t":
      if (typeof value === "string" && TIME.test(value)) return value;
      break;
    default:
      return value;
  }
  throw new Mismatch();
}

const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$/;

function convertQuantity(value: unknown): string {
  const quantity = tryParseQuantity(typeof value === "string" ? value.trim() : value);
  if (quantity === undefined) throw new Mismatch();
  return formatQuantity(quantity);
}

function convertInteger(value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (value instanceof ExactNumber) {
    if (value.isInteger) return value;
    const number = value.valueOf();
    if (Number.isInteger(number)) return number;
  }
  throw new Mismatch();
}

/** Go's decoder ignores line breaks, and wants the padding. */
function isBase64(text: string): boolean {
  const plain = text.replace(/[\r\n]/g, "");
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}

/** What Go writes for a field that has no value; null for a pointer, a list, a map and bytes. */
function zeroOf(type: string): unknown {
  switch (type[0]) {
    case "s":
      return "";
    case "b":
      return false;
    case "i":
    case "f":
      return 0;
    case "q":
      return "0";
    case "I":
      return 0;
    case "#":
      return convertStruct(Number(type.slice(1)), {});
    default:
      return null;
  }
}

/** Structs are never empty. */
function isEmpty(type: string, value: unknown): boolean {
  switch (type[0]) {
    case "s":
    case "B":
      return value === "" || value === null;
    case "b":
      return value === false;
    case "i":
    case "f":
      return Number(value) === 0;
    case "[":
      return value === null || (Array.isArray(value) && value.length === 0);
    case "{":
      return value === null || (isJsonObject(value) && Object.keys(value).length === 0);
    case "#":
    case "q":
    case "I":
    case "t":
      return false;
    default:
      return value === null;
  }
}

function isZero(type: string, value: unknown): boolean {
  if (value === null) return true;
  if (type.startsWith("#") && isJsonObject(value)) {
    const zero = zeroOf(type) as JsonObject;
    const keys = Object.keys(value);
    return keys.length === Object.keys(zero).length && keys.every((key) => isSameZero(value[key], zero[key]));
  }
  return value === zeroOf(type);
}

function isSameZero(value: unknown, zero: unknown): boolean {
  if (value === zero) return true;
  if (!isJsonObject(value) || !isJsonObject(zero)) return false;
  const keys = Object.keys(value);
  return keys.length === Object.keys(zero).length && keys.every((key) => isSameZero(value[key], zero[key]));
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
