// SPDX-License-Identifier: Apache-2.0
import { Kustomization } from "@flux-ts/flux-api";
import type { JsonObject, Schema } from "@flux-ts/kube-core";
import { ExactNumber, getKey, isJsonObject, parseDuration } from "@flux-ts/kube-core";
import { CommandError } from "../command.ts";

/** What Go calls the structs that hold a field, where it names them in an error: by the path of the struct. */
const STRUCTS: Readonly<Record<string, string>> = {
  spec: "KustomizationSpec",
  "spec.commonMetadata": "CommonMetadata",
  "spec.decryption": "Decryption",
  "spec.decryption.secretRef": "LocalObjectReference",
  "spec.dependsOn": "DependencyReference",
  "spec.healthChecks": "NamespacedObjectKindReference",
  "spec.healthCheckExprs": "CustomHealthCheck",
  "spec.images": "Image",
  "spec.kubeConfig": "KubeConfigReference",
  "spec.patches": "Patch",
  "spec.patches.target": "Selector",
  "spec.postBuild": "PostBuild",
  "spec.postBuild.substituteFrom": "SubstituteReference",
  "spec.sourceRef": "CrossNamespaceSourceReference",
};

/**
 * The spec of a Kustomization as Go reads it from YAML: numbers and booleans are text where a text belongs, unknown fields and
 * nulls are left out. Only the spec is read; nothing but types is checked.
 *
 * @throws {CommandError} in Go's words for a value of another type; {KubeCoreError} for a duration that is none
 * @see sigs.k8s.io/yaml Unmarshal
 */
export function decodeKustomization(object: JsonObject): JsonObject {
  const spec = object["spec"];
  if (spec === undefined || spec === null) return object;
  return { ...object, spec: decode(spec, Kustomization.spec, "spec", "KustomizationSpec") };
}

/** @param struct what Go calls the struct that the field stands in */
function decode(value: unknown, schema: Schema, path: string, struct: string): unknown {
  const wrong = (type: string): CommandError =>
    new CommandError(`json: cannot unmarshal ${jsonType(value)} into Go struct field ${struct}.${path} of type ${type}`);
  switch (schema.type) {
    case "string":
      return decodeText(value, schema, wrong);
    case "boolean":
      if (typeof value !== "boolean") throw wrong("bool");
      return value;
    case "array":
      if (!Array.isArray(value)) throw wrong(`[]${STRUCTS[path] ?? "string"}`);
      return value.map((item) => decode(item, schema.items ?? {}, path, STRUCTS[path] ?? struct));
    case "object":
      if (!isJsonObject(value) || value instanceof ExactNumber) throw wrong(STRUCTS[path] ?? "map[string]string");
      return decodeFields(value, schema, path, struct);
    default:
      return value;
  }
}

/** Durations are no texts to Go: a number is not turned into one. */
function decodeText(value: unknown, { pattern }: Schema, wrong: (type: string) => CommandError): string {
  const isDuration = pattern?.includes("(ms|s|m|h)") === true;
  if (typeof value === "string") {
    if (isDuration) parseDuration(value);
    return value;
  }
  const isScalar = typeof value === "boolean" || typeof value === "number" || value instanceof ExactNumber;
  if (!isScalar || isDuration) throw wrong("string");
  return String(value);
}

function decodeFields(value: JsonObject, schema: Schema, path: string, struct: string): JsonObject {
  const inner = STRUCTS[path] ?? struct;
  const entries: [string, unknown][] = [];
  // Go reads keys in the order of their names, and tells the first that is wrong.
  for (const key of Object.keys(value).toSorted()) {
    const field = getKey(value, key);
    const known = schema.properties === undefined ? schema.additionalProperties : getKey(schema.properties, key);
    if (!isSchema(known)) continue;
    if (field !== null) entries.push([key, decode(field, known, schema.properties === undefined ? path : `${path}.${key}`, inner)]);
    // A null in a map of texts is an empty one.
    else if (schema.properties === undefined && known.type === "string") entries.push([key, ""]);
  }
  return Object.fromEntries(entries);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value instanceof ExactNumber) return "number";
  return value === null ? "null" : typeof value === "boolean" ? "bool" : typeof value;
}
