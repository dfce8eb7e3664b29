// SPDX-License-Identifier: Apache-2.0
import type { Schema } from "@flux-ts/kube-core";

/** `io.k8s.api.apps.v1.DeploymentSpec` → `DeploymentSpec`; undefined for a type without a name. */
export function structName(schema: Schema): string | undefined {
  return schema["x-name"]?.split(".").at(-1);
}

/** The Go type that a schema stands for, as decoding errors print it. @see encoding/json UnmarshalTypeError */
export function goType(schema: Schema): string {
  const name = schema["x-name"]?.split(".");
  if (name && name.length >= 2) return `${name.at(-2) ?? ""}.${name.at(-1) ?? ""}`;
  switch (schema.type) {
    case "string":
      return schema.format === "byte" ? "[]uint8" : "string";
    case "boolean":
      return "bool";
    case "integer":
      return schema.format === "int64" ? "int64" : "int32";
    case "number":
      return "float64";
    case "array":
      return `[]${schema.items ? goType(schema.items) : "interface {}"}`;
    default:
      return typeof schema.additionalProperties === "object"
        ? `map[string]${goType(schema.additionalProperties)}`
        : "map[string]interface {}";
  }
}

/** `object`, `array`, `string`, `number`, `bool`: the kind of a JSON value, as decoding errors print it. */
export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "number";
  return value !== null && typeof value === "object" && "isInteger" in value ? "number" : "object";
}
