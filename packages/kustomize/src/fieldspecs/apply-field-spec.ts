// SPDX-License-Identifier: Apache-2.0
import { parseApiVersion, stringifyYaml } from "@flux-ts/kube-core";
import { KustomizeError, withPrefix } from "../kustomize-error.ts";
import type { FieldSpec } from "../kustomization.ts";
import type { Mapping } from "../mapping.ts";
import { get, isMapping, isNull, scalarText, setKey, spelledText } from "../mapping.ts";
import { isSelected } from "../resource-id.ts";
import { splitPath } from "./split-path.ts";
import { plainValue } from "../plain-value.ts";
import { requireTextKey } from "../text-key.ts";

/** What a field that is not there is created as. */
export type CreatedKind = "scalar" | "mapping";

/** What to put in place of a field's value; the same value for no change. */
export type SetField = (value: unknown) => unknown;

/** Whether a spec is for objects of this version and kind. */
export function isForObject(spec: FieldSpec, object: Mapping): boolean {
  if (spec.kind !== "" && spec.kind !== scalarText(get(object, "kind"))) return false;
  if (spec.group === "" && spec.version === "") return true;
  const { group, version } = parseApiVersion(scalarText(get(object, "apiVersion")));
  return isSelected({ group, version, kind: scalarText(get(object, "kind")) }, spec);
}

/**
 * Changes what a field spec points to. Lists on the way are entered: every item is followed. Fields that are not there
 * are created as mappings (the last one as `created`) when the spec says so, else left alone.
 *
 * @returns the object with the change; the same object when nothing changed
 * @throws {KustomizeError} CANNOT_APPLY when a scalar stands on the way
 * @see kustomize filters/fieldspec
 */
export function applyFieldSpec(object: Mapping, spec: FieldSpec, set: SetField, created?: CreatedKind): Mapping {
  if (!isForObject(spec, object)) return object;
  const walk: Walk = {
    path: spec.parts ?? splitPath(spec.path),
    creates: spec.create && created !== undefined,
    created: created ?? "scalar",
    set,
  };
  try {
    // A mapping stays one: only what is below it changes.
    return visit(object, 0, walk) as Mapping;
  } catch (error) {
    throw withPrefix(`considering field '${spec.path}' of object ${describe(object)}`, error);
  }
}

interface Walk {
  readonly path: readonly string[];
  readonly creates: boolean;
  readonly created: CreatedKind;
  readonly set: SetField;
}

function visit(value: unknown, depth: number, walk: Walk): unknown {
  const part = walk.path[depth];
  if (part === undefined) return walk.set(value);
  if (isNull(value)) return value;
  if (Array.isArray(value)) return visitItems(value, depth, walk);
  if (isMapping(value)) return visitField(value, part, depth, walk);
  throw new KustomizeError("CANNOT_APPLY", "expected sequence or mapping node");
}

/** Upstream looks fields up by a part of a path, of which some stand for items of lists. */
function requireFieldName(name: string, mapping: Mapping): void {
  const first = name.charCodeAt(0);
  const isDigit = first >= 48 && first <= 57;
  // * + - [
  if (!isDigit && first !== 42 && first !== 43 && first !== 45 && first !== 91) return;
  if (/^[-+]?\d+$|^-$|^\[.*\]$/.test(name)) throw withPrefix(`fieldName: ${name}`, wrongKind("SequenceNode", mapping));
  if (name === "*") throw new KustomizeError("CANNOT_APPLY", "wildcard is not supported in PathGetter");
}

function visitItems(items: readonly unknown[], depth: number, walk: Walk): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const changed = visit(items[index], depth, walk);
    if (changed !== items[index]) {
      copy ??= [...items];
      copy[index] = changed;
    }
  }
  return copy ?? items;
}

function visitField(mapping: Mapping, part: string, depth: number, walk: Walk): unknown {
  const isList = part.endsWith("[]");
  const name = isList ? part.slice(0, -2) : part;
  if (name === "") throw new KustomizeError("CANNOT_APPLY", "cannot set or create an empty field name");
  requireFieldName(name, mapping);
  const isLast = depth + 1 >= walk.path.length;
  const creates = walk.creates && !isList;
  const kind = creates ? (isLast ? walk.created : "mapping") : isList ? "list" : undefined;
  const exists = Object.hasOwn(mapping, name);
  if (!exists && !creates) return mapping;
  let child = exists ? mapping[name] : undefined;
  // A null where something is wanted becomes it, empty.
  if ((!exists || isNull(child)) && kind !== undefined)
    child = kind === "list" ? [] : kind === "mapping" ? {} : exists ? spelledText(child) : "";
  const changed = visit(child, depth + 1, walk);
  return exists && changed === mapping[name] ? mapping : setKey(mapping, name, changed);
}

function describe(object: Mapping): string {
  const metadata = get(object, "metadata");
  const { group, version } = parseApiVersion(scalarText(get(object, "apiVersion")));
  const part = (text: string, none: string): string => (text === "" ? none : text);
  return (
    `${part(scalarText(get(object, "kind")), "[noKind]")}.${part(version, "[noVer]")}.${part(group, "[noGrp]")}/` +
    `${part(scalarText(get(metadata, "name")), "[noName]")}.${part(scalarText(get(metadata, "namespace")), "[noNs]")}`
  );
}

/** Sets an entry of the mapping that the spec points to, as text. */
export function setEntry(key: string, value: unknown): SetField {
  return (mapping) => {
    if (!isMapping(mapping) && !isNull(mapping)) throw wrongKind("MappingNode", mapping);
    if (!isMapping(mapping) || !Object.hasOwn(mapping, key)) requireTextKey(key);
    if (!isMapping(mapping)) return setKey({}, key, value);
    return mapping[key] === value && Object.hasOwn(mapping, key) ? mapping : setKey(mapping, key, value);
  };
}

/** Sets the scalar that the spec points to. */
export function setScalar(value: unknown): SetField {
  return (old) => {
    if (Array.isArray(old) || isMapping(old)) throw wrongKind("ScalarNode", old);
    return value;
  };
}

export function wrongKind(expected: string, found: unknown): KustomizeError {
  const kind = Array.isArray(found) ? "SequenceNode" : isMapping(found) ? "MappingNode" : "ScalarNode";
  const contents = stringifyYaml(plainValue(found)).trimEnd();
  return new KustomizeError("CANNOT_APPLY", `wrong node kind: expected ${expected} but got ${kind}: node contents:\n${contents}`);
}
