// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, formatDuration, setKey } from "@flux-ts/kube-core";
import { structType, type Scalar, type StructType, type TypeField, type TypeRef } from "../type-table.ts";
import { readJson, readText } from "./text.ts";
import { ProtobufError, WireReader, type WireType } from "./wire-reader.ts";

const MAX_DEPTH = 64;
const SCHEMA_TYPE = "apiextensions.v1.JSONSchemaProps";

// Follows from the type alone, so it is kept beside it.
const numbers = new WeakMap<StructType, ReadonlyMap<number, TypeField>>();

/** The fields of one message, as its JSON would have them. @throws {ProtobufError} on a broken or too deep message */
export function decodeStruct(typeName: string, reader: WireReader, depth = 0): Record<string, unknown> {
  if (depth > MAX_DEPTH) throw new ProtobufError(`the protobuf message is nested more than ${MAX_DEPTH} levels deep`);
  const type = structType(typeName);
  const fields = fieldsByNumber(type);
  const result: Record<string, unknown> = {};
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    const field = fields.get(number);
    if (!field) reader.skip(wireType);
    else if (field.inline && field.ref.kind === "struct")
      Object.assign(result, decodeStruct(field.ref.name, new WireReader(reader.bytes()), depth + 1));
    else readField(result, field, reader, wireType, depth);
  }
  for (const field of type.own) if (isLeftOut(field, result[field.name])) delete result[field.name];
  return result;
}

function fieldsByNumber(type: StructType): ReadonlyMap<number, TypeField> {
  const known = numbers.get(type);
  if (known) return known;
  const fields = new Map(type.own.filter((field) => field.number > 0).map((field) => [field.number, field]));
  numbers.set(type, fields);
  return fields;
}

function readField(result: Record<string, unknown>, field: TypeField, reader: WireReader, wireType: WireType, depth: number): void {
  const { ref, name } = field;
  if (ref.kind === "list") {
    const list = (result[name] ??= []) as unknown[]; // only ever set here
    if (wireType === 2 && isNumeric(ref.items)) {
      const packed = new WireReader(reader.bytes());
      while (!packed.done) list.push(readValue(ref.items, packed, 0, depth));
    } else list.push(readValue(ref.items, reader, wireType, depth));
  } else if (ref.kind === "map") {
    const map = (result[name] ??= {}) as Record<string, unknown>; // only ever set here
    const { key, value } = readEntry(ref.values, new WireReader(reader.bytes()), depth);
    setKey(map, key, value);
  } else result[name] = readValue(ref, reader, wireType, depth);
}

function isNumeric(ref: TypeRef): boolean {
  return ref.kind === "scalar" && (ref.scalar === "i" || ref.scalar === "l" || ref.scalar === "b");
}

function readEntry(values: TypeRef, reader: WireReader, depth: number): { key: string; value: unknown } {
  let key = "";
  let value: unknown = readEmpty(values, depth);
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === 2) key = readText(reader.bytes());
    else if (number === 2)
      value = values.kind === "list" ? readItems(values.items, reader.bytes(), depth) : readValue(values, reader, wireType, depth);
    else reader.skip(wireType);
  }
  return { key, value };
}

/** A list as a map's value is a message of its own, with the items in field 1. */
function readItems(items: TypeRef, bytes: Uint8Array, depth: number): unknown[] {
  const reader = new WireReader(bytes);
  const list: unknown[] = [];
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1) list.push(readValue(items, reader, wireType, depth));
    else reader.skip(wireType);
  }
  return list;
}

/** The value of a map entry that has none on the wire. */
function readEmpty(ref: TypeRef, depth: number): unknown {
  if (ref.kind === "list") return [];
  if (ref.kind === "scalar" && (ref.scalar === "i" || ref.scalar === "l" || ref.scalar === "f")) return 0;
  if (ref.kind === "scalar" && ref.scalar === "b") return false;
  return readBytes(ref, new Uint8Array(), depth);
}

function readValue(ref: TypeRef, reader: WireReader, wireType: WireType, depth: number): unknown {
  if (wireType === 0) return readInteger(ref.kind === "scalar" ? ref.scalar : "l", reader.varint());
  if (wireType === 1) return reader.double();
  if (wireType !== 2) throw new ProtobufError(`proto: wrong wireType = ${wireType}`);
  return readBytes(ref, reader.bytes(), depth);
}

function readInteger(scalar: Scalar, value: bigint): unknown {
  if (scalar === "b") return value !== 0n;
  if (scalar === "i") return Number(BigInt.asIntN(32, value));
  return exact(BigInt.asIntN(64, value));
}

function readBytes(ref: TypeRef, bytes: Uint8Array, depth: number): unknown {
  if (ref.kind === "struct") return decodeStruct(ref.name, new WireReader(bytes), depth + 1);
  if (ref.kind !== "scalar") throw new ProtobufError("proto: a list or map where a value should be");
  switch (ref.scalar) {
    case "y":
      return base64(bytes);
    case "t":
    case "u":
      return readTime(bytes, ref.scalar === "u" ? 6 : 0);
    case "d":
      return formatDuration(Number(readFields(bytes).get(1) ?? 0) / 1e6);
    case "q":
      return readText(readBytesField(bytes));
    case "x":
      return readIntOrString(bytes);
    case "r":
    case "v":
    case "j":
      return readJson(readBytesField(bytes));
    case "ja":
    case "jb":
    case "js":
      return readSchemaChoice(ref.scalar, bytes, depth);
    default:
      return readText(bytes);
  }
}

function readTime(bytes: Uint8Array, digits: 0 | 6): string | null {
  if (bytes.length === 0) return null;
  const fields = readFields(bytes);
  const seconds = fields.get(1) ?? 0;
  const nanos = fields.get(2) ?? 0;
  const ms = typeof seconds === "number" ? seconds * 1000 : Number.NaN;
  if (Number.isNaN(ms) || Math.abs(ms) > 8.64e15) throw new ProtobufError("proto: a time out of range");
  const whole = new Date(ms).toISOString().slice(0, 19);
  return digits === 0 ? `${whole}Z` : `${whole}.${String(Math.floor(Number(nanos) / 1000)).padStart(6, "0")}Z`;
}

/** The varint fields of a small message. */
function readFields(bytes: Uint8Array): Map<number, unknown> {
  const reader = new WireReader(bytes);
  const fields = new Map<number, unknown>();
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (wireType === 0) fields.set(number, exact(BigInt.asIntN(64, reader.varint())));
    else reader.skip(wireType);
  }
  return fields;
}

/** Field 1 of a message that wraps a string or bytes. */
function readBytesField(bytes: Uint8Array): Uint8Array {
  const reader = new WireReader(bytes);
  let found: Uint8Array = new Uint8Array();
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === 2) found = reader.bytes();
    else reader.skip(wireType);
  }
  return found;
}

function readIntOrString(bytes: Uint8Array): number | string {
  const reader = new WireReader(bytes);
  let isString = false;
  let number = 0;
  let string = "";
  while (!reader.done) {
    const tag = reader.tag();
    if (tag.number === 1 && tag.wireType === 0) isString = reader.varint() !== 0n;
    else if (tag.number === 2 && tag.wireType === 0) number = Number(BigInt.asIntN(32, reader.varint()));
    else if (tag.number === 3 && tag.wireType === 2) string = readText(reader.bytes());
    else reader.skip(tag.wireType);
  }
  return isString ? string : number;
}

/** JSONSchemaPropsOrArray (ja), OrBool (jb) and OrStringArray (js): a schema in one field, or what else it may be in the other. */
function readSchemaChoice(scalar: "ja" | "jb" | "js", bytes: Uint8Array, depth: number): unknown {
  const reader = new WireReader(bytes);
  const schemaField = scalar === "jb" ? 2 : 1;
  let schema: unknown;
  let allows = false;
  const list: unknown[] = [];
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (wireType === 0) allows = reader.varint() !== 0n;
    else if (wireType !== 2) reader.skip(wireType);
    else if (number === schemaField) schema = decodeStruct(SCHEMA_TYPE, new WireReader(reader.bytes()), depth + 1);
    else list.push(scalar === "js" ? readText(reader.bytes()) : decodeStruct(SCHEMA_TYPE, new WireReader(reader.bytes()), depth + 1));
  }
  return schema ?? (scalar === "jb" ? allows : list);
}

function isLeftOut(field: TypeField, value: unknown): boolean {
  if (value === undefined || field.pointer || field.omit === "never") return false;
  if (value === null) return true;
  if (field.ref.kind === "struct") return field.omit === "zero" && typeof value === "object" && Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}

function exact(value: bigint): number | ExactNumber {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : new ExactNumber(String(value), true);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
