// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, Schema } from "@flux-ts/kube-core";
import { canonicalQuantity, ExactNumber, formatQuantity, isJsonObject, setKey, tryParseQuantity } from "@flux-ts/kube-core";
import { DecodeProblem } from "./decode-problem.ts";
import { goType, jsonKind, structName } from "./go-types.ts";
import { base64Problem, isTime, timeProblem } from "./go-values.ts";

/** A decoded object, and the paths that its type does not know. */
export interface Decoded {
  readonly object: KubeObject;
  /** `spec.foo`, `spec.containers[0].bar`, in document order. */
  readonly unknownFields: readonly string[];
}

const QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/**
 * Reads a JSON value as a built-in type, as if it went through Go's structs: what the type does not know falls away,
 * so do nulls and the empty values that are not written; quantities, times and base64 become canonical.
 * Parts that need no change are shared with the value.
 *
 * @param known an object of the same type that was decoded before: parts that are its very own are taken as they are
 * @throws {DecodeProblem} at the first value of a wrong type
 */
export function decodeBuiltin(schema: Schema, kind: string, value: Readonly<Record<string, unknown>>, known?: KubeObject): Decoded {
  const walk = new Walk(kind);
  const object = walk.struct(schema, value, known) as unknown as KubeObject; // a struct of the object's own schema
  return { object, unknownFields: walk.unknownFields };
}

interface MapKey {
  readonly key: string;
}

/** One descent. */
class Walk {
  readonly unknownFields: string[] = [];
  /** Where it is: names of fields, indexes, and keys of maps. */
  readonly #path: (string | number | MapKey)[] = [];
  readonly #kind: string;
  /** The structs it is inside of, innermost last. */
  readonly #structs: Schema[] = [];

  constructor(kind: string) {
    this.#kind = kind;
  }

  struct(schema: Schema, value: Readonly<Record<string, unknown>>, known?: unknown): Readonly<Record<string, unknown>> {
    const properties = schema.properties;
    if (!properties || schema["x-kubernetes-preserve-unknown-fields"]) return value;
    const isNamed = schema["x-name"] !== undefined;
    if (isNamed) this.#structs.push(schema);
    const before = isJsonObject(known) ? known : undefined;
    let copy: Record<string, unknown> | undefined;
    let count = 0;
    for (const key in value) {
      const field = value[key];
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      this.#path.push(key);
      let kept: unknown;
      if (!property) {
        if (field !== undefined) this.unknownFields.push(this.#where());
      } else if (field !== null && field !== undefined) {
        const same = before !== undefined && Object.hasOwn(before, key) ? before[key] : undefined;
        kept = typeof field === "object" && field === same ? field : this.value(property, field, same);
        if (isLeftOut(schema, property, key, kept)) kept = undefined;
      } else if (field === null && schema.required?.includes(key) && property.type === "array") kept = null;
      this.#path.pop();
      if (copy === undefined && (kept !== field || kept === undefined)) {
        copy = {};
        let index = 0;
        for (const earlier in value) {
          if (index++ >= count) break;
          setKey(copy, earlier, value[earlier]);
        }
      }
      if (copy !== undefined && kept !== undefined) setKey(copy, key, kept);
      count++;
    }
    if (isNamed) this.#structs.pop();
    return copy ?? value;
  }

  value(schema: Schema, value: unknown, known?: unknown): unknown {
    if (schema["x-kubernetes-int-or-string"]) {
      if (typeof value === "string" || typeof value === "number" || value instanceof ExactNumber) return value;
      throw this.#wrong(value, "intstr.IntOrString");
    }
    switch (schema.type) {
      case "string":
        return this.#string(schema, value);
      case "boolean":
        if (typeof value === "boolean") return value;
        throw this.#wrong(value, "bool");
      case "integer":
        return this.#integer(schema, value);
      case "number":
        if (typeof value === "number" || value instanceof ExactNumber) return value;
        throw this.#wrong(value, "float64");
      case "array":
        return this.#array(schema, value, known);
      case "object":
        if (!isJsonObject(value)) {
          if (schema["x-kubernetes-preserve-unknown-fields"] && !schema.properties) return value;
          throw this.#wrong(value, goType(schema));
        }
        return typeof schema.additionalProperties === "object"
          ? this.#map(schema.additionalProperties, value)
          : this.struct(schema, value, known);
      default:
        return value;
    }
  }

  #string(schema: Schema, value: unknown): unknown {
    if (schema.format === "quantity") {
      if (typeof value !== "string" && typeof value !== "number" && !(value instanceof ExactNumber)) throw new DecodeProblem(QUANTITY);
      const quantity = tryParseQuantity(value);
      if (quantity === undefined) throw new DecodeProblem(QUANTITY);
      return typeof value === "string" ? formatQuantity(quantity) : canonicalQuantity(String(value));
    }
    if (typeof value !== "string") throw this.#wrong(value, goType(schema));
    if (schema.format === "byte") {
      const problem = base64Problem(value);
      if (problem !== undefined) throw new DecodeProblem(problem);
      return value.replaceAll(/[\r\n]/g, "");
    }
    if (schema.format === "date-time" || schema.format === "micro-time") {
      const isMicro = schema.format === "micro-time";
      if (!isTime(value)) throw new DecodeProblem(timeProblem(value, isMicro));
    }
    return value;
  }

  #integer(schema: Schema, value: unknown): unknown {
    const isWide = schema.format === "int64";
    if (typeof value === "number") {
      const limit = isWide ? 2 ** 63 : 2 ** 31;
      if (Number.isInteger(value) && value >= -limit && value < limit) return value;
      throw new DecodeProblem(this.#text(`number ${formatNumber(value)}`, isWide ? "int64" : "int32"));
    }
    if (value instanceof ExactNumber) {
      const exact = value.toBigInt();
      const limit = isWide ? 1n << 63n : 1n << 31n;
      if (exact !== undefined && exact >= -limit && exact < limit) return Number.isSafeInteger(Number(exact)) ? Number(exact) : value;
      throw new DecodeProblem(this.#text(`number ${value.text}`, isWide ? "int64" : "int32"));
    }
    throw this.#wrong(value, isWide ? "int64" : "int32");
  }

  #array(schema: Schema, value: unknown, known: unknown): unknown {
    if (!Array.isArray(value)) throw this.#wrong(value, goType(schema));
    const items = schema.items;
    if (!items) return value;
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      const same: unknown = Array.isArray(known) ? known[index] : undefined;
      if (typeof item === "object" && item !== null && item === same) continue;
      this.#path.push(index);
      const kept = item === null ? zeroOf(items) : this.value(items, item, same);
      this.#path.pop();
      if (kept !== item) (copy ??= [...(value as unknown[])])[index] = kept;
    }
    return copy ?? value;
  }

  #map(values: Schema, value: Readonly<Record<string, unknown>>): unknown {
    let copy: Record<string, unknown> | undefined;
    for (const key in value) {
      const field = value[key];
      this.#path.push({ key });
      const kept = field === null ? zeroOf(values) : this.value(values, field);
      this.#path.pop();
      if (kept !== field) setKey((copy ??= { ...value }), key, kept);
    }
    return copy ?? value;
  }

  #where(): string {
    let text = "";
    for (const step of this.#path) {
      if (typeof step === "number") text += `[${step}]`;
      else text += `${text === "" ? "" : "."}${typeof step === "string" ? step : step.key}`;
    }
    return text;
  }

  /** Without indexes and keys of maps, as Go's errors have it. */
  #fields(): string {
    return this.#path.filter((step) => typeof step === "string").join(".");
  }

  #wrong(value: unknown, type: string): DecodeProblem {
    return new DecodeProblem(this.#text(jsonKind(value), type));
  }

  #text(what: string, type: string): string {
    const inner = this.#structs.at(-1);
    return `json: cannot unmarshal ${what} into Go struct field ${(inner && structName(inner)) ?? this.#kind}.${this.#fields()} of type ${type}`;
  }
}

/** A float as Go prints the source text of a number. */
function formatNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) >= 1e21 ? BigInt(value).toString() : String(value);
}

/** Null inside a list or map is the zero value of its type. */
function zeroOf(schema: Schema): unknown {
  switch (schema.type) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "integer":
    case "number":
      return 0;
    default:
      return schema.type === "object" && schema.properties ? {} : null;
  }
}

function isLeftOut(parent: Schema, property: Schema, key: string, value: unknown): boolean {
  const mark = property["x-omit-zero"];
  // An empty list here says something: forget who owns what.
  if (key === "managedFields") return false;
  if (mark === false) return false;
  if (typeof value !== "object") return mark === true && (value === "" || value === 0 || value === false);
  if (Array.isArray(value)) return value.length === 0 && (mark === true || !parent.required?.includes(key));
  if (isJsonObject(value)) {
    if (property.properties) return mark === true && Object.keys(value).length === 0;
    if (typeof property.additionalProperties !== "object") return false;
    return Object.keys(value).length === 0 && (mark === true || !parent.required?.includes(key));
  }
  return false;
}
