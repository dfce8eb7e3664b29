// SPDX-License-Identifier: Apache-2.0
import { parseDurationNs } from "../../duration.ts";
import { goQuote } from "../../go-quote.ts";
import type { JsonObject } from "../../json-object.ts";
import { isJsonObject } from "../../json-object.ts";
import { deepEqual, stringifyJson } from "../../json.ts";
import { jsonKind, toDouble, toInteger } from "../json-kind.ts";
import type { Schema } from "../schema.ts";
import { evaluationError } from "./cel-error.ts";
import { escapeName, withTypeAndMeta } from "./declaration.ts";
import { JsonList, JsonMap } from "./json-values.ts";
import { isDate, parseTimestamp, utc } from "./time.ts";
import type { CelList, CelValue } from "./values.ts";
import { CelDuration, CelMap, CelOpaque, CelTimestamp } from "./values.ts";

/**
 * A value of JSON as its schema declares it.
 *
 * @throws {CelError} EVALUATION: the value is not what the schema says
 * @see k8s.io/apiserver pkg/cel/common UnstructuredToVal
 */
export function readTyped(value: unknown, schema: Schema): CelValue {
  const kind = jsonKind(value);
  if (kind === "null") {
    if (schema.nullable === true) return null;
    throw evaluationError("invalid data, got null for schema with nullable=false");
  }
  if (schema["x-kubernetes-int-or-string"] === true) {
    if (typeof value === "string") return value;
    if (kind === "integer") return toInteger(value);
    throw evaluationError("invalid data, expected XIntOrString value to be either a string or integer");
  }
  switch (schema.type) {
    case "object":
      if (isJsonObject(value)) return readObject(value, schema);
      throw evaluationError("invalid data, expected a map for the provided schema with type=object");
    case "array":
      if (Array.isArray(value)) return readList(value, schema);
      throw evaluationError("invalid data, expected an array for the provided schema with type=array");
    case "string":
      if (typeof value === "string") return readString(value, schema.format);
      throw wrongData("string", kind);
    case "number":
      if (kind === "integer" || kind === "number") return toDouble(value);
      throw wrongData("float", kind);
    case "integer":
      if (kind === "integer") return toInteger(value);
      throw wrongData("int", kind);
    case "boolean":
      if (typeof value === "boolean") return value;
      throw wrongData("bool", kind);
    default:
      // Not visible to expressions: it can only be compared, as part of what holds it.
      return new CelOpaque("unknown", value, stringifyJson(value, { sortKeys: true }));
  }
}

/** How Go names the types of decoded JSON. */
const GO_TYPES: Readonly<Record<string, string>> = {
  array: "[]interface {}",
  object: "map[string]interface {}",
  integer: "int64",
  number: "float64",
  boolean: "bool",
  null: "<nil>",
};

function wrongData(wanted: string, found: string): Error {
  return evaluationError(`invalid data, expected ${wanted}, got ${GO_TYPES[found] ?? found}`);
}

function readObject(object: JsonObject, schema: Schema): CelMap {
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  if (isEmbedded || schema.properties !== undefined) return new SchemaObject(object, isEmbedded ? withTypeAndMeta(schema) : schema);
  const { additionalProperties } = schema;
  if (typeof additionalProperties === "object") return new JsonMap(object, (field) => readTyped(field, additionalProperties));
  return new SchemaObject(object, { ...schema, properties: {} });
}

/** An object with the fields of a schema, under the names that expressions use. */
class SchemaObject extends CelMap {
  readonly #object: JsonObject;
  readonly #fields = new Map<string, { readonly property: string; readonly schema: Schema }>();

  constructor(object: JsonObject, schema: Schema) {
    super();
    this.#object = object;
    for (const [property, sub] of Object.entries(schema.properties ?? {})) {
      if (Object.hasOwn(object, property)) this.#fields.set(escapeName(property) ?? property, { property, schema: sub });
    }
  }

  override get isObject(): boolean {
    return true;
  }

  get size(): number {
    return this.#fields.size;
  }

  get(key: CelValue): CelValue | undefined {
    const field = typeof key === "string" ? this.#fields.get(key) : undefined;
    return field === undefined ? undefined : readTyped(this.#object[field.property], field.schema);
  }

  keys(): Iterable<CelValue> {
    return this.#fields.keys();
  }
}

function readList(items: readonly unknown[], schema: Schema): CelList {
  const itemSchema = schema.items ?? {};
  const read = (item: unknown): CelValue => readTyped(item, itemSchema);
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      return new KeyedList(items, read, (item) => stringifyJson(item, { sortKeys: true }));
    case "map": {
      const keys = schema["x-kubernetes-list-map-keys"] ?? [];
      return new KeyedList(items, read, (item) => stringifyJson(keys.map((key) => (isJsonObject(item) ? (item[key] ?? null) : null))));
    }
    default:
      return new JsonList(items, read);
  }
}

/** A set, or a list whose items are told apart by keys: equal in any order, and `+` merges. */
class KeyedList extends JsonList {
  readonly #keyOf: (item: unknown) => string;

  constructor(items: readonly unknown[], read: (item: unknown) => CelValue, keyOf: (item: unknown) => string) {
    super(items, read);
    this.#keyOf = keyOf;
  }

  override equals(other: CelList, isEqual: (left: CelValue, right: CelValue) => boolean): boolean {
    if (other.size !== this.size) return false;
    if (!(other instanceof JsonList)) return [...other].every((item) => [...this].some((own) => isEqual(own, item)));
    const own = new Map(this.items.map((item) => [this.#keyOf(item), item]));
    return other.items.every((item) => {
      const match = own.get(this.#keyOf(item));
      return match !== undefined && (deepEqual(match, item) || isEqual(this.read(match), other.read(item)));
    });
  }

  override concat(other: CelList): CelList | undefined {
    if (!(other instanceof JsonList)) return undefined;
    const merged = new Map(this.items.map((item) => [this.#keyOf(item), item]));
    for (const item of other.items) merged.set(this.#keyOf(item), item);
    return new KeyedList([...merged.values()], this.read, this.#keyOf);
  }
}

function readString(text: string, format: string | undefined): CelValue {
  switch (format) {
    case "duration":
      return readDuration(text);
    case "date": {
      const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
      if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || !isDate(year, month, day)) throw evaluationError(`Invalid date formatted string ${text}`);
      return new CelTimestamp(BigInt(utc(year, month, day)) * 1_000_000n);
    }
    case "date-time": {
      const nanos = text === "" ? 0n : (parseTimestamp(text) ?? parseTimestamp(`${text}Z`));
      if (nanos === undefined) throw evaluationError(`Invalid date-time formatted string ${text}: ${timeProblem(text)}`);
      return new CelTimestamp(nanos);
    }
    case "byte": {
      try {
        return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
      } catch {
        throw evaluationError(`Invalid byte formatted string ${text}`);
      }
    }
    default:
      return text;
  }
}

const LOCAL_TIME = "2006-01-02T15:04:05";

/** What Go says of a text that is no time: which part of the layout it could not read. */
function timeProblem(text: string): string {
  const problem = (rest: string, part: string): string =>
    `parsing time ${goQuote(text)} as ${goQuote(LOCAL_TIME)}: cannot parse ${goQuote(rest)} as ${goQuote(part)}`;
  let rest = text;
  for (const part of LOCAL_TIME.match(/\d+|\D/g) ?? []) {
    const isNumber = /^\d/.test(part);
    const fits = isNumber ? /^\d+/.exec(rest)?.[0].slice(0, part.length).length === part.length : rest.startsWith(part);
    if (!fits) return problem(rest, part);
    rest = rest.slice(part.length);
  }
  return `parsing time ${goQuote(text)}: ${rest === "" ? "day out of range" : `extra text: ${goQuote(rest)}`}`;
}

const UNIT_NANOS: readonly (readonly [RegExp, bigint])[] = [
  [/^(?:ns$|nano)/i, 1n],
  [/^(?:us$|µs$|micro)/i, 1000n],
  [/^(?:ms$|milli)/i, 1_000_000n],
  [/^(?:s$|sec)/i, 1_000_000_000n],
  [/^(?:m$|min)/i, 60_000_000_000n],
  [/^(?:h$|hr$|hour)/i, 3_600_000_000_000n],
  [/^(?:d$|day)/i, 86_400_000_000_000n],
  [/^(?:w$|wk$|week)/i, 604_800_000_000_000n],
];

/** A Go duration, or words such as `3 days`. */
function readDuration(text: string): CelDuration {
  try {
    return new CelDuration(parseDurationNs(text));
  } catch {
    // The other form is tried below.
  }
  let nanos: bigint | undefined;
  for (const [, digits = "0", unit = ""] of text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)) {
    const size = UNIT_NANOS.find(([pattern]) => pattern.test(unit))?.[1];
    if (size !== undefined) nanos = (nanos ?? 0n) + BigInt(digits) * size;
  }
  if (nanos === undefined) throw evaluationError(`Invalid duration ${text}: unable to parse ${text} as duration`);
  return new CelDuration(nanos);
}
