// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, Schema } from "@flux-ts/kube-core";
import { canonicalQuantity, ExactNumber, formatQuantity, isJsonObject, setKey, tryParseQuantity } from "@flux-ts/kube-core";
import { DecodeProblem } from "./decode-problem.ts";
import { goPlace, goTypeOf, jsonKind, type MapKey } from "./go-types.ts";
import { base64Problem, isTime, timeProblem } from "./go-values.ts";

/** A decoded object, and the paths that its type does not know. */
export interface Decoded {
  readonly object: KubeObject;
  /** `spec.foo`, `spec.containers[0].bar`, in document order. */
  readonly unknownFields: readonly string[];
}

const FORMED_QUANTITY = /^[+-]?(?:\d+\.?\d*|\.\d+)[eEinumkKMGTP]*[-+]?\d*$/;
const QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/**
 * Reads a JSON value as a built-in type, as if it went through Go's structs: what the type does not know falls away,
 * so do nulls and the empty values that are not written; quantities, times and base64 become canonical.
 * Parts that need no change are shared with the value.
 *
 * @param known an object of the same type that was decoded before: parts that are its very own are taken as they are
 * @throws {DecodeProblem} at the first value that its own type cannot read (a quantity, a time); else for the first value of a wrong type
 * @see encoding/json, which goes on after an UnmarshalTypeError
 */
export function decodeBuiltin(schema: Schema, kind: string, value: Readonly<Record<string, unknown>>, known?: KubeObject): Decoded {
  const walk = new Walk(kind, schema);
  const object = walk.struct(schema, value, known) as unknown as KubeObject; // a struct of the object's own schema
  if (walk.problem) throw walk.problem;
  return { object, unknownFields: walk.unknownFields };
}

/** One descent. */
class Walk {
  readonly unknownFields: string[] = [];
  /** The first value of a wrong type. */
  problem: DecodeProblem | undefined;
  /** Where it is: names of fields, indexes, and keys of maps. */
  readonly #path: (string | number | MapKey)[] = [];
  readonly #kind: string;
  readonly #root: Schema;

  constructor(kind: string, root: Schema) {
    this.#kind = kind;
    this.#root = root;
  }

  struct(schema: Schema, value: Readonly<Record<string, unknown>>, known?: unknown): Readonly<Record<string, unknown>> {
    const properties = schema.properties;
    if (!properties || schema["x-kubernetes-preserve-unknown-fields"]) return value;
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
    return copy ?? value;
  }

  value(schema: Schema, value: unknown, known?: unknown): unknown {
    if (schema["x-kubernetes-int-or-string"]) {
      if (typeof value === "string") return value;
      // Its own reader takes what is no text for an int32, and what that finds ends it.
      if (typeof value !== "number" && !(value instanceof ExactNumber)) throw this.#problem(jsonKind(value), "int32");
      const exact = value instanceof ExactNumber ? value.toBigInt() : Number.isInteger(value) ? BigInt(value) : undefined;
      if (exact === undefined || exact < -(1n << 31n) || exact >= 1n << 31n) throw this.#problem(`number ${numberText(value)}`, "int32");
      return Number(exact);
    }
    switch (schema.type) {
      case "string":
        return this.#string(schema, value);
      case "boolean":
        return typeof value === "boolean" ? value : this.#wrong(value);
      case "integer":
        return this.#integer(schema, value);
      case "number":
        return typeof value === "number" || value instanceof ExactNumber ? value : this.#wrong(value);
      case "array":
        return this.#array(schema, value, known);
      case "object":
        if (!isJsonObject(value)) {
          if (schema["x-kubernetes-preserve-unknown-fields"] && !schema.properties) return value;
          return this.#wrong(value);
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
      if (quantity === undefined) throw new DecodeProblem(quantityProblem(value));
      return typeof value === "string" ? formatQuantity(quantity) : canonicalQuantity(String(value));
    }
    const isTimestamp = schema.format === "date-time" || schema.format === "micro-time";
    if (typeof value !== "string") {
      // A time reads a text itself, and what that finds ends it.
      if (isTimestamp) throw this.#problem(jsonKind(value), "string");
      return this.#wrong(value);
    }
    if (schema.format === "byte") {
      const problem = base64Problem(value);
      if (problem !== undefined) this.problem ??= new DecodeProblem(problem);
      return value.replaceAll(/[\r\n]/g, "");
    }
    if (isTimestamp) {
      const isMicro = schema.format === "micro-time";
      if (!isTime(value, isMicro)) throw new DecodeProblem(timeProblem(value, isMicro));
    }
    return value;
  }

  #integer(schema: Schema, value: unknown): unknown {
    const isWide = schema.format === "int64";
    if (typeof value === "number") {
      const limit = isWide ? 2 ** 63 : 2 ** 31;
      if (Number.isInteger(value) && value >= -limit && value < limit) return value;
      return this.#save(this.#problem(`number ${numberText(value)}`));
    }
    if (value instanceof ExactNumber) {
      const exact = value.toBigInt();
      const limit = isWide ? 1n << 63n : 1n << 31n;
      if (exact !== undefined && exact >= -limit && exact < limit) return Number.isSafeInteger(Number(exact)) ? Number(exact) : value;
      return this.#save(this.#problem(`number ${value.text}`));
    }
    return this.#wrong(value);
  }

  #array(schema: Schema, value: unknown, known: unknown): unknown {
    if (!Array.isArray(value)) return this.#wrong(value);
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

  /** Notes a value of a wrong type, and goes on without it. */
  #wrong(value: unknown): undefined {
    return this.#save(this.#problem(jsonKind(value)));
  }

  #save(problem: DecodeProblem): undefined {
    this.problem ??= problem;
    return undefined;
  }

  /** @param type the Go type; that of the place where it is, when absent */
  #problem(what: string, type?: string): DecodeProblem {
    const { struct = this.#kind, path, ref } = goPlace(this.#root, this.#path);
    const wanted = type ?? (ref === undefined ? "string" : goTypeOf(ref));
    return new DecodeProblem(`json: cannot unmarshal ${what} into Go struct field ${struct}.${path.join(".")} of type ${wanted}`);
  }
}

/** Why a value is no quantity. @see apimachinery api/resource ParseQuantity */
export function quantityProblem(value: unknown): string {
  return FORMED_QUANTITY.test(String(value)) ? "unable to parse quantity's suffix" : QUANTITY;
}

/** A number as its source has it. */
function numberText(value: number | ExactNumber): string {
  if (value instanceof ExactNumber) return value.text;
  return Number.isInteger(value) && Math.abs(value) >= 1e21 ? BigInt(value).toString() : String(value);
}

/** Null inside a list or map is the zero value of its type. */
function zeroOf(schema: Schema): unknown {
  switch (schema.type) {
    case "string":
      return schema.format === "quantity" ? "0" : "";
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
