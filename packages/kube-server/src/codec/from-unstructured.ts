// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, isJsonObject, tryParseQuantity, type JsonObject } from "@flux-ts/kube-core";
import { structType, type TypeField, type TypeRef } from "../builtin/type-table.ts";
import { goTypeOf } from "./go-types.ts";
import { base64Problem, isTime, timeProblem } from "./go-values.ts";
import { quantityProblem } from "./decode-builtin.ts";

/**
 * Why a value cannot become a Go struct when it comes as maps and lists rather than as text: the first reason, field by field as Go declares
 * them. What a strategic merge patch makes of an object is read that way.
 *
 * @param typeName of the type table, e.g. `apps.v1.Deployment`
 * @returns undefined when it can
 * @see apimachinery runtime/converter.go fromUnstructured
 */
export function unstructuredProblem(typeName: string, value: JsonObject): string | undefined {
  return ofStruct(typeName, value);
}

function ofStruct(name: string, value: unknown): string | undefined {
  if (!isJsonObject(value)) return `cannot restore struct from: ${kindOf(value)}`;
  for (const field of structType(name).own) {
    const problem = field.inline && field.ref.kind === "struct" ? ofStruct(field.ref.name, value) : ofField(field, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function ofField(field: TypeField, owner: JsonObject): string | undefined {
  const value = Object.hasOwn(owner, field.name) ? owner[field.name] : undefined;
  return value === undefined || value === null ? undefined : ofRef(field.ref, value);
}

function ofRef(ref: TypeRef, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (ref.kind) {
    case "struct":
      return ofStruct(ref.name, value);
    case "list":
      if (!Array.isArray(value)) return `cannot restore slice from ${kindOf(value)}`;
      return firstOf(value, (item) => ofRef(ref.items, item));
    case "map":
      if (!isJsonObject(value)) return `cannot restore map from ${kindOf(value)}`;
      return firstOf(Object.values(value), (item) => ofRef(ref.values, item));
    case "scalar":
      return ofScalar(ref, value);
  }
}

function firstOf(items: readonly unknown[], check: (item: unknown) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function ofScalar(ref: TypeRef & { readonly kind: "scalar" }, value: unknown): string | undefined {
  const from = kindOf(value);
  switch (ref.scalar) {
    case "s":
      if (from === "string") return undefined;
      // Go converts a whole number to a text, though not here; from others it does not know how.
      return from === "int64" ? `cannot convert int64 to ${goTypeOf(ref)}` : "unrecognized type: string";
    case "b":
      return from === "bool" ? undefined : "unrecognized type: bool";
    case "i":
    case "l": {
      if (from === "int64" || (from === "float64" && Number.isInteger(Number(value)))) return undefined;
      const type = goTypeOf(ref);
      return from === "float64" ? `cannot convert float64 to ${type}` : `unrecognized type: ${ref.scalar === "i" ? "int32" : "int64"}`;
    }
    case "f":
      return from === "float64" || from === "int64" ? undefined : "unrecognized type: float64";
    case "y":
      if (from !== "string") return `cannot restore slice from ${from}`;
      return asJson(base64Problem(String(value)));
    case "q":
      return tryParseQuantity(value) === undefined ? quantityProblem(value) : undefined;
    case "t":
    case "u": {
      if (from !== "string") return `json: cannot unmarshal ${jsonKindOf(from)} into Go value of type string`;
      return isTime(String(value), ref.scalar === "u") ? undefined : timeProblem(String(value), ref.scalar === "u");
    }
    case "x":
      if (from === "string" || from === "int64") return undefined;
      return `json: cannot unmarshal ${jsonKindOf(from)} into Go value of type int32`;
    default:
      return undefined;
  }
}

function asJson(problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `error decoding from json: ${problem}`;
}

/** The kind of a value in Go, as reflection names it. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "slice";
  if (value instanceof ExactNumber) return value.isInteger ? "int64" : "float64";
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    default:
      return "map";
  }
}

function jsonKindOf(kind: string): string {
  return kind === "slice" ? "array" : kind === "map" ? "object" : kind === "int64" || kind === "float64" ? "number" : kind;
}
