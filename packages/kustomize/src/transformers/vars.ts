// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, parseApiVersion } from "@flux-ts/kube-core";
import { lookup, splitFieldPath } from "../field-path.ts";
import { applyFieldSpec } from "../fieldspecs/apply-field-spec.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { FieldSpec, Var } from "../kustomization.ts";
import type { Mapping } from "../mapping.ts";
import { isMapping, isNull, isScalar, setKey } from "../mapping.ts";
import { plainValue } from "../plain-value.ts";
import type { Resource } from "../resource.ts";
import type { ResourceMap } from "../resource-map.ts";
import { formatId, idKey, resourceId } from "../resource-id.ts";

/** A var with its defaults filled in. */
export function withDefaults(variable: Var): Var {
  const { objref, fieldref } = variable;
  const { group, version } = objref.apiVersion === "" ? objref : splitVersion(objref.apiVersion, objref.group);
  return {
    ...variable,
    objref: { ...objref, group, version },
    fieldref: fieldref.fieldPath === "" ? { fieldPath: "metadata.name" } : fieldref,
  };
}

function splitVersion(apiVersion: string, group: string): { readonly group: string; readonly version: string } {
  const parts = apiVersion.split("/");
  if (parts.length === 2) return { group: parts[0] ?? "", version: parts[1] ?? "" };
  return { group, version: parts[0] ?? "" };
}

/**
 * Notes on each resource which vars take their value from it, and adds the vars to those that are known.
 *
 * @throws {KustomizeError} CONFLICT when a name is taken, or a var's reference fits several resources
 */
export function registerVars(vars: readonly Var[], known: ReadonlyMap<string, Var>, resources: ResourceMap): ReadonlyMap<string, Var> {
  const out = new Map(known);
  for (const raw of vars) {
    const variable = withDefaults(raw);
    const matches = referenced(variable, resources.list);
    const [match] = matches;
    if (matches.length > 1) {
      throw new KustomizeError("CONFLICT", `found ${matches.length} resId matches for var ${variable.name} (unable to disambiguate)`);
    }
    if (match !== undefined) match.vars = [...match.vars, variable.name];
    if (out.has(variable.name)) throw alreadyKnown(variable);
    out.set(variable.name, variable);
  }
  return out;
}

export function mergeVars(first: ReadonlyMap<string, Var>, second: ReadonlyMap<string, Var>): ReadonlyMap<string, Var> {
  const out = new Map(first);
  for (const [name, variable] of second) {
    if (out.has(name)) throw alreadyKnown(variable);
    out.set(name, variable);
  }
  return out;
}

function alreadyKnown(variable: Var): KustomizeError {
  return new KustomizeError("CONFLICT", `var '${variable.name}' already encountered`);
}

function referenced({ objref }: Var, resources: readonly Resource[]): Resource[] {
  const apiVersion = objref.group === "" ? objref.version : `${objref.group}/${objref.version}`;
  const target = resourceId(apiVersion, objref.kind, objref.name, objref.namespace);
  const isExact = objref.namespace !== "";
  return resources.filter((resource) =>
    resource.allIds.some((id) =>
      isExact
        ? idKey(id) === idKey({ ...target, isClusterScoped: false })
        : id.name === target.name && id.group === target.group && id.version === target.version && id.kind === target.kind,
    ),
  );
}

/**
 * Replaces `$(NAME)` where vars may stand.
 *
 * @returns the names of vars that were not used
 * @throws {KustomizeError} CANNOT_APPLY when a var has no value
 */
export function resolveVars(resources: ResourceMap, vars: ReadonlyMap<string, Var>, fieldSpecs: readonly FieldSpec[]): readonly string[] {
  if (vars.size === 0) return [];
  const values = new Map<string, unknown>();
  for (const [name, variable] of [...vars].toSorted(([a], [b]) => (a < b ? -1 : 1))) values.set(name, valueOf(variable, resources.list));
  const used = new Set<string>();
  const mapping = (name: string): unknown => {
    const value = values.get(name);
    if (value === undefined || isNull(value) || isMapping(value) || Array.isArray(value)) return `$(${name})`;
    used.add(name);
    return value;
  };
  const set = (value: unknown): unknown => replaceIn(value, mapping);
  for (const resource of resources.list) {
    for (const spec of fieldSpecs) resource.object = applyFieldSpec(resource.object, spec, set);
  }
  return [...values.keys()].filter((name) => !used.has(name));
}

function valueOf(variable: Var, resources: readonly Resource[]): unknown {
  const resource = resources.find(({ vars }) => vars.includes(variable.name));
  if (resource === undefined) {
    throw new KustomizeError("CANNOT_APPLY", `var '${describe(variable)}' cannot be mapped to a field in the set of known resources`);
  }
  const path = splitFieldPath(variable.fieldref.fieldPath).flatMap(splitIndex);
  let value: unknown;
  try {
    value = lookup(resource.object, path);
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
  }
  if (value === undefined) {
    throw new KustomizeError("CANNOT_APPLY", `field specified in var '${describe(variable)}' not found in corresponding resource`, {
      object: formatId(resource.id),
    });
  }
  return plainValue(value);
}

/** A var as upstream's messages print it. */
function describe({ name, objref: { group, version, kind, apiVersion }, fieldref: { fieldPath } }: Var): string {
  const parsed = apiVersion === "" ? { group, version } : parseApiVersion(apiVersion);
  return `{${name} ${kind || "[noKind]"}.${parsed.version || "[noVer]"}.${parsed.group || "[noGrp]"} {${fieldPath}}}`;
}

/** `ports[0]` → `ports`, `0`. */
function splitIndex(part: string): string[] {
  const match = /^(.*)\[(\d+)\]$/.exec(part);
  if (match === null) return [part];
  const [, name = "", index = ""] = match;
  return name === "" ? [index] : [name, index];
}

function replaceIn(value: unknown, mapping: (name: string) => unknown): unknown {
  if (isNull(value)) return value;
  if (Array.isArray(value)) {
    return (value as unknown[]).map((item) => {
      if (typeof item !== "string") throw new KustomizeError("CANNOT_APPLY", "invalid value type expect a string");
      return expand(item, mapping);
    });
  }
  if (isMapping(value)) {
    let out: Mapping = value;
    for (const [key, item] of Object.entries(value)) if (typeof item === "string") out = setKey(out, key, expand(item, mapping));
    return out;
  }
  return isScalar(value) && typeof value === "string" ? expand(value, mapping) : value;
}

/** `$(NAME)` becomes the value, of its own type when nothing else is there; `$$` stands for `$`. */
function expand(text: string, mapping: (name: string) => unknown): unknown {
  if (!text.includes("$")) return text;
  let out = "";
  for (let index = 0; index < text.length; index++) {
    const next = text.charAt(index + 1);
    if (text.charAt(index) !== "$" || next === "") {
      out += text.charAt(index);
      continue;
    }
    const close = next === "(" ? text.indexOf(")", index + 2) : -1;
    if (close >= 0) {
      const name = text.slice(index + 2, close);
      const value = mapping(name);
      if (text === `$(${name})`) return value;
      out += value instanceof ExactNumber ? value.text : String(value);
      index = close;
      continue;
    }
    out += next === "$" ? "$" : `$${next}`;
    index++;
  }
  return out;
}
