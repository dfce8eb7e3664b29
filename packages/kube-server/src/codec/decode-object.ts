// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { isJsonObject, parseApiVersion, stringifyJson } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import { apiVersionOf } from "../registry.ts";
import type { RequestContext } from "../request/context.ts";
import { warn } from "../request/context.ts";
import type { FieldValidation } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import { badRequest, quote } from "../status-errors.ts";
import type { Body } from "./body.ts";
import { unrecognized } from "./body.ts";
import { decodeBuiltin, DecodeProblem } from "./decode-builtin.ts";
import { decodeCustom } from "./decode-custom.ts";

/** An object of the resource's kind: unknown fields dropped, defaults filled in. */
export interface DecodedObject {
  readonly object: KubeObject;
  /** `unknown field "spec.foo"`, `duplicate field "spec.bar"`. */
  readonly strictProblems: readonly string[];
}

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
  const named = requireKind(plane, definition, value, body.text);
  const { object, strictProblems } = decodeValue(definition, named);
  report(request, definition, [...body.strictProblems, ...strictProblems], validation);
  return object;
}

/** Reads a value as the resource's kind. @throws {ApiError} 400 for wrong types */
export function decodeValue(definition: ResourceDefinition, value: Readonly<Record<string, unknown>>): DecodedObject {
  if (definition.isCustom) return decodeCustom(definition, value);
  try {
    const { object, unknownFields } = decodeBuiltin(definition.schema, definition.kind, value);
    const whole = object.metadata === undefined ? { ...object, metadata: {} } : object;
    return {
      object: definition.strategy.applyDefaults?.(whole) ?? whole,
      strictProblems: unknownFields.map((field) => `unknown field ${quote(field)}`),
    };
  } catch (error) {
    if (error instanceof DecodeProblem) throw cannotHandle(definition, definition.kind, definition.version, error.message);
    throw error;
  }
}

/** What strict decoding found: an error, warnings, or nothing. */
function report(request: RequestContext, definition: ResourceDefinition, problems: readonly string[], validation: FieldValidation): void {
  if (problems.length === 0 || validation === "Ignore") return;
  if (validation === "Warn") {
    for (const problem of problems) warn(request, problem);
    return;
  }
  throw cannotHandle(definition, definition.kind, definition.version, `strict decoding error: ${problems.join(", ")}`);
}

export function cannotHandle(definition: ResourceDefinition, kind: string, version: string, why: string): Error {
  return badRequest(`${kind} in version ${quote(version)} cannot be handled as a ${definition.kind}: ${why}`);
}

/** Fills in kind and apiVersion, or refuses others. */
function requireKind(
  plane: Plane,
  definition: ResourceDefinition,
  value: Readonly<Record<string, unknown>>,
  text: string,
): Readonly<Record<string, unknown>> {
  const apiVersion = typeof value["apiVersion"] === "string" ? value["apiVersion"] : "";
  const kind = typeof value["kind"] === "string" ? value["kind"] : "";
  const expected = apiVersionOf(definition);
  if (definition.isCustom) {
    const shown = text === "" ? stringifyJson(value) : text.trim();
    if (kind === "") throw unrecognized(definition.kind, `Object 'Kind' is missing in '${shown}'`, shown);
    if (apiVersion === "") throw unrecognized(definition.kind, `Object 'apiVersion' is missing in '${shown}'`, shown);
    if (apiVersion !== expected)
      throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
    if (kind !== definition.kind) throw badRequest(`the kind in the data (${kind}) does not match the expected kind (${definition.kind})`);
    return value;
  }
  if ((apiVersion === expected || apiVersion === "") && (kind === definition.kind || kind === "")) {
    if (apiVersion !== "" && kind !== "") return value;
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = value;
    return { kind: definition.kind, apiVersion: expected, ...rest };
  }
  const { group, version } = parseApiVersion(apiVersion === "" ? expected : apiVersion);
  const found = kind === "" ? definition.kind : kind;
  if (group === definition.group && found === definition.kind && REGISTERED_VERSIONS[group]?.includes(version)) {
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  }
  const isKnown = plane.registry
    .all()
    .some((other) => !other.isCustom && apiVersionOf(other) === apiVersion && (other.kind === found || other.listKind === found));
  if (isKnown || (apiVersion === "v1" && (found === "List" || found === "Status"))) {
    throw cannotHandle(
      definition,
      found,
      version,
      `converting (${version}.${found}) to (${internalPackage(definition.group)}.${definition.kind}): unknown conversion`,
    );
  }
  throw cannotHandle(
    definition,
    found,
    version,
    `no kind ${quote(found)} is registered for version ${quote(apiVersion === "" ? expected : apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
  );
}

/** Versions that the API server can read but does not take at this endpoint. */
const REGISTERED_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  apiextensions: [],
  "apiextensions.k8s.io": ["v1", "v1beta1"],
  apps: ["v1", "v1beta1", "v1beta2"],
  autoscaling: ["v1", "v2", "v2beta1", "v2beta2"],
  batch: ["v1", "v1beta1"],
  "networking.k8s.io": ["v1", "v1beta1"],
  policy: ["v1", "v1beta1"],
  "rbac.authorization.k8s.io": ["v1", "v1beta1", "v1alpha1"],
};

/** The Go package of a group's internal types. */
function internalPackage(group: string): string {
  return group === "" ? "core" : (group.split(".", 1)[0] ?? group);
}
