// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "../../json-object.ts";
import { getKey, isJsonObject } from "../../json-object.ts";
import { jsonKind, toDouble, toInteger } from "../json-kind.ts";
import type { CelValue } from "./values.ts";
import { CelList, CelMap, CelUint, scalarText } from "./values.ts";

/** Makes a value of JSON one of expressions. */
export type ValueReader = (value: unknown) => CelValue;

/** JSON without a schema: whole numbers are integers. */
export function readJson(value: unknown): CelValue {
  switch (jsonKind(value)) {
    case "integer":
      return toInteger(value);
    case "number":
      return toDouble(value);
    default:
      return readOther(value, readJson);
  }
}

/** JSON as protobuf's Struct holds it: every number is a double. */
export function readStruct(value: unknown): CelValue {
  const kind = jsonKind(value);
  return kind === "integer" || kind === "number" ? toDouble(value) : readOther(value, readStruct);
}

function readOther(value: unknown, read: ValueReader): CelValue {
  if (Array.isArray(value)) return new JsonList(value, read);
  if (isJsonObject(value)) return new JsonMap(value, read);
  return typeof value === "string" || typeof value === "boolean" ? value : null;
}

/** A list of JSON, read item by item. */
export class JsonList extends CelList {
  readonly items: readonly unknown[];
  readonly read: ValueReader;

  constructor(items: readonly unknown[], read: ValueReader) {
    super();
    this.items = items;
    this.read = read;
  }

  get size(): number {
    return this.items.length;
  }

  at(index: number): CelValue {
    return this.read(this.items[index]);
  }
}

/** A map of JSON, read field by field. */
export class JsonMap extends CelMap {
  readonly #object: JsonObject;
  readonly #read: ValueReader;

  constructor(object: JsonObject, read: ValueReader) {
    super();
    this.#object = object;
    this.#read = read;
  }

  get size(): number {
    return Object.keys(this.#object).length;
  }

  get(key: CelValue): CelValue | undefined {
    if (typeof key !== "string" || !Object.hasOwn(this.#object, key)) return undefined;
    return this.#read(getKey(this.#object, key));
  }

  keys(): Iterable<CelValue> {
    return Object.keys(this.#object);
  }
}

/** A value as JSON again: for results. Integers beyond 2^53 become the nearest double; what JSON cannot hold becomes its text. */
export function writeJson(value: CelValue): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof CelUint) return Number(value.value);
  if (value instanceof CelList) return [...value].map(writeJson);
  if (value instanceof CelMap)
    return Object.fromEntries([...value.keys()].map((key) => [scalarText(key), writeJson(value.get(key) ?? null)]));
  return scalarText(value);
}
