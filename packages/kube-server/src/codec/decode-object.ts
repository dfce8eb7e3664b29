// SPDX-License-Identifier: Apache-2.0
import type { FieldError, KubeObject } from "@flux-ts/kube-core";
import { isJsonObject, parseApiVersion, parseJson, stringifyJson } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import { apiVersionOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { warn } from "../request/context.ts";
import type { FieldValidation } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, invalid, quote } from "../status-errors.ts";
import type { Body } from "./body.ts";
import { unrecognized } from "./body.ts";
import { decodeBuiltin } from "./decode-builtin.ts";
import { decodeCustom } from "./decode-custom.ts";
import { DecodeProblem } from "./decode-problem.ts";

/** An object of the resource's kind: unknown fields dropped, defaults filled in. */
export interface DecodedObject {
  readonly object: KubeObject;
  /** `unknown field "spec.foo"`, `duplicate field "spec.bar"`. */
  readonly strictProblems: readonly string[];
}

type JsonFields = Readonly<Record<string, unknown>>;

/**
 * Reads the body of a create or update.
 * @throws {ApiError} 400 for another kind, wrong types, and with `Strict` for anything that would be dropped
 */
export function decodeBody(
  plane: Plane,
  definition: ResourceDefinition,
  request: RequestContext,
  body: Body,
  validation: FieldValidation,
): KubeObject {
  const value = body.value;
  if (!isJsonObject(value)) throw badRequest(`the object provided is unrecognized (must be of type ${definition.kind}): it is no object`);
  if (definition.isCustom) requireNamed(definition, value, body.text);
  const kind = textOf(value["kind"]) || definition.kind;
  const version = parseApiVersion(textOf(value["apiVersion"]) || apiVersionOf(definition)).version;
  const cannotHandle = (why: string): Error =>
    badRequest(`${kind} in version ${quote(version)} cannot be handled as a ${definition.kind}: ${why}`);
  try {
    if (!definition.isCustom && ODD_NUMBER.test(body.text)) requireSpelledNumbers(plane, definition, body.text);
    const { object, strictProblems } = decodeValue(plane, definition, value);
    const problems = [...body.strictProblems, ...strictProblems];
    if (problems.length > 0 && validation === "Strict") throw new DecodeProblem(`strict decoding error: ${problems.join(", ")}`);
    if (validation === "Warn") for (const problem of problems) warn(request, problem);
    return object;
  } catch (error) {
    throw error instanceof DecodeProblem ? cannotHandle(error.message) : error;
  }
}

/** A number with a fraction or an exponent, or of more digits than a double holds: perhaps only in a string. */
const ODD_NUMBER = /[:[,\s]-?\d+(?:\.\d|[eE]|\d{15})/;

/**
 * An integer must be spelled as one, and errors show it as it was spelled.
 * @throws {DecodeProblem} `cannot unmarshal number 1e3 into …`
 * @see encoding/json, which reads integers with strconv.ParseInt
 */
function requireSpelledNumbers(plane: Plane, definition: ResourceDefinition, text: string): void {
  if (!text.trimStart().startsWith("{")) return; // YAML becomes JSON first
  const value = parseJson(text, { keepsNumbers: true });
  if (isJsonObject(value)) decodeValue(plane, definition, value);
}

/**
 * Reads a value as the resource's kind, with its defaults.
 * @param known the object as it was before, in the same version: parts that are its very own need no reading
 * @throws {DecodeProblem} for another kind, and for values of wrong types
 * @throws {ApiError} 400 for another version of the kind
 */
export function decodeValue(plane: Plane, definition: ResourceDefinition, value: JsonFields, known?: KubeObject): DecodedObject {
  const named = requireKind(plane, definition, value);
  if (definition.isCustom) return decodeCustom(definition, named);
  const { object, unknownFields } = decodeBuiltin(definition.schema, definition.kind, named, known);
  const whole = object.metadata === undefined ? { ...object, metadata: {} } : object;
  return {
    object: definition.strategy.applyDefaults?.(whole, known) ?? whole,
    strictProblems: unknownFields.map((field) => `unknown field ${quote(field)}`),
  };
}

/** A custom resource must say what it is: there is no type to go by. @throws {ApiError} 400 */
function requireNamed(definition: ResourceDefinition, value: JsonFields, text: string): void {
  const shown = text === "" ? stringifyJson(value) : text.trim();
  for (const [key, name] of [
    ["kind", "Kind"],
    ["apiVersion", "apiVersion"],
  ] as const) {
    if (!textOf(value[key])) throw unrecognized(definition.kind, `Object '${name}' is missing in '${shown}'`, shown);
  }
}

/** Fills in kind and apiVersion, or refuses others. */
function requireKind(plane: Plane, definition: ResourceDefinition, value: JsonFields): JsonFields {
  const expected = apiVersionOf(definition);
  const apiVersion = textOf(value["apiVersion"]) || expected;
  const kind = textOf(value["kind"]) || definition.kind;
  if (apiVersion === expected && kind === definition.kind) {
    if (value["apiVersion"] === apiVersion && value["kind"] === kind) return value;
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = value;
    return { kind, apiVersion, ...rest };
  }
  const { group, version } = parseApiVersion(apiVersion);
  const wrongVersion = (): Error =>
    badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  if (definition.isCustom) {
    if (apiVersion !== expected) throw wrongVersion();
    const name = isJsonObject(value["metadata"]) ? textOf(value["metadata"]["name"]) : "";
    const error: FieldError = { type: "FieldValueInvalid", field: "kind", value: kind, detail: `must be ${definition.kind}` };
    throw invalid({ group, name: kind }, name, [error]);
  }
  if (group === definition.group && kind === definition.kind && REGISTERED_VERSIONS[group]?.includes(version)) throw wrongVersion();
  const other = plane.registry
    .all()
    .find(
      (candidate) =>
        !candidate.isCustom && apiVersionOf(candidate) === apiVersion && (candidate.kind === kind || candidate.listKind === kind),
    );
  if (other?.kind === kind) decodeBuiltin(other.schema, other.kind, value);
  if (other || (apiVersion === "v1" && (kind === "List" || kind === "Status"))) {
    throw new DecodeProblem(
      `converting (${version}.${kind}) to (${internalPackage(definition.group)}.${definition.kind}): unknown conversion`,
    );
  }
  throw new DecodeProblem(`no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Versions that the API server can read but does not take at this endpoint. */
const REGISTERED_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  "apiextensions.k8s.io": ["v1", "v1beta1"],
  apps: ["v1", "v1beta1", "v1beta2"],
  autoscaling: ["v1", "v2", "v2beta1", "v2beta2"],
  batch: ["v1", "v1beta1"],
  "networking.k8s.io": ["v1", "v1beta1"],
  policy: ["v1", "v1beta1"],
  "rbac.authorization.k8s.io": ["v1", "v1beta1", "v1alpha1"],
};

/** The Go package of a group's internal types. */
export function internalPackage(group: string): string {
  return group === "" ? "core" : (group.split(".", 1)[0] ?? group);
}
