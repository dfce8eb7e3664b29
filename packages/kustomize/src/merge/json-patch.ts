// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, parseYaml, stringifyJson, YamlError } from "@flux-ts/kube-core";
import { KustomizeError } from "../kustomize-error.ts";
import type { Mapping } from "../mapping.ts";
import { isMapping, mappingOf, setKey, dropKey } from "../mapping.ts";
import { plainValue } from "../plain-value.ts";

/** One operation of an RFC 6902 patch. */
export interface JsonPatchOperation {
  readonly op: string;
  readonly path: string | undefined;
  readonly from: string | undefined;
  readonly value: unknown;
}

/**
 * Reads an RFC 6902 patch. A text that starts with `[` must be JSON; any other is YAML.
 *
 * @throws {KustomizeError} INVALID_RESOURCE when it is no list of operations
 * @see evanphx/json-patch v4, DecodePatch; kustomize PatchTransformer
 */
export function parseJsonPatch(source: string): readonly JsonPatchOperation[] {
  const value = source.startsWith("[") ? parseStrictJson(source) : parseAnyYaml(source);
  if (value === null) return [];
  if (!Array.isArray(value)) {
    throw new KustomizeError(
      "INVALID_RESOURCE",
      `decoding ${stringifyJson(plainValue(value), { sortKeys: true })}: json: cannot unmarshal ${isMapping(value) ? "object" : typeof value} into Go value of type jsonpatch.Patch`,
    );
  }
  return (value as unknown[]).map((operation) => {
    if (!isMapping(operation)) throw invalid("cannot unmarshal value into Go value of type jsonpatch.Operation");
    const text = (key: string): string | undefined => (typeof operation[key] === "string" ? operation[key] : undefined);
    return { op: text("op") ?? "unknown", path: text("path"), from: text("from"), value: operation["value"] ?? null };
  });
}

function parseStrictJson(source: string): unknown {
  try {
    JSON.parse(source);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause));
  }
  // JSON is YAML, whose reader keeps long numbers.
  return parseAnyYaml(source);
}

function parseAnyYaml(source: string): unknown {
  try {
    return parseYaml(source, { flavour: "sigs", severalDocuments: "first" });
  } catch (cause) {
    if (cause instanceof YamlError) throw invalid(cause.message);
    throw cause;
  }
}

function invalid(message: string): KustomizeError {
  return new KustomizeError("INVALID_RESOURCE", `cannot read a JSON 6902 patch: ${message}`);
}

/**
 * Applies an RFC 6902 patch. As upstream: `replace` of a key that is not there adds it, and indices may count from the
 * end. Every number of the document goes through a float.
 *
 * @throws {KustomizeError} CANNOT_APPLY
 */
export function applyJsonPatch(document: Mapping, patch: readonly JsonPatchOperation[]): Mapping {
  let current: unknown = toJson(document);
  for (const operation of patch) current = applyOperation(current, operation);
  if (!isMapping(current)) throw cannot("the patch leaves no object");
  return toJson(current) as Mapping;
}

function applyOperation(document: unknown, { op, path, from, value }: JsonPatchOperation): unknown {
  if (path === undefined) throw cannot(`${op} operation failed to decode path: missing value`);
  switch (op) {
    case "add":
      return change(document, path, op, (parent, key) => addTo(parent, key, value, path));
    case "remove":
      return change(document, path, op, (parent, key) => removeFrom(parent, key, path));
    case "replace":
      if (path === "") {
        if (!isMapping(value) && !Array.isArray(value)) throw cannot("replace operation value must be object or array");
        return value;
      }
      return change(document, path, op, (parent, key) => replaceIn(parent, key, value, path));
    case "move": {
      const source = requireFrom(from, op);
      const moved = read(document, source, op);
      const without = change(document, source, op, (parent, key) => removeFrom(parent, key, source));
      return change(without, path, op, (parent, key) => addTo(parent, key, moved, path));
    }
    case "copy": {
      const copied = read(document, requireFrom(from, op), op);
      return change(document, path, op, (parent, key) => addTo(parent, key, copied ?? null, path));
    }
    case "test": {
      const found = path === "" ? document : read(document, path, op);
      if (isSame(found ?? null, value)) return document;
      throw cannot(`testing value ${path} failed: test failed`);
    }
    default:
      throw cannot(`Unexpected kind: ${op}`);
  }
}

function cannot(message: string): KustomizeError {
  return new KustomizeError("CANNOT_APPLY", message);
}

function requireFrom(from: string | undefined, op: string): string {
  if (from === undefined) throw cannot(`${op} operation failed to decode from: missing value`);
  return from;
}

function missingPath(op: string, path: string): KustomizeError {
  // Upstream quotes the path for some operations only.
  const shown = op === "add" || op === "remove" ? `"${path}"` : path;
  const which = op === "move" || op === "copy" ? "doc is missing from path" : op === "test" ? "is missing path" : "doc is missing path";
  return cannot(`${op} operation does not apply: ${which}: ${shown}: missing value`);
}

function partsOf(path: string, op: string): string[] {
  const parts = path.split("/");
  if (parts.length < 2) throw missingPath(op, path);
  return parts.slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function child(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return parent[indexIn(parent, key, parent.length - 1)] as unknown;
  return isMapping(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
}

/** Replaces the parent of the place that a path points to. */
function change(document: unknown, path: string, op: string, edit: (parent: unknown, key: string) => unknown): unknown {
  const parts = partsOf(path, op);
  const visit = (value: unknown, depth: number): unknown => {
    if (!Array.isArray(value) && !isMapping(value)) throw missingPath(op, path);
    const key = parts[depth] ?? "";
    if (depth === parts.length - 1) return edit(value, key);
    const changed = visit(tryChild(value, key), depth + 1);
    if (!Array.isArray(value)) return setKey(value, key, changed);
    return value.with(indexIn(value, key, value.length - 1), changed) as unknown;
  };
  return visit(document, 0);
}

function tryChild(parent: unknown, key: string): unknown {
  try {
    return child(parent, key);
  } catch {
    return undefined;
  }
}

function read(document: unknown, path: string, op: string): unknown {
  const parts = partsOf(path, op);
  let value = document;
  for (const [depth, part] of parts.entries()) {
    if (!Array.isArray(value) && !isMapping(value)) throw missingPath(op, path);
    value = depth < parts.length - 1 ? tryChild(value, part) : child(value, part);
  }
  return value;
}

function indexIn(list: readonly unknown[], key: string, highest: number): number {
  if (!/^[-+]?\d+$/.test(key)) throw cannot(`value was not a proper array index: '${key}'`);
  const index = Number(key);
  const real = index < 0 ? index + highest + 1 : index;
  if (real < 0 || real > highest)
    throw cannot(`Unable to access invalid index: ${key}: invalid index referenced (the list has ${list.length} items)`);
  return real;
}

function addTo(parent: unknown, key: string, value: unknown, path: string): unknown {
  if (!Array.isArray(parent)) return setKey(parent as Mapping, key, value);
  if (key === "-") return [...(parent as unknown[]), value];
  try {
    return (parent as unknown[]).toSpliced(indexIn(parent, key, parent.length), 0, value);
  } catch (error) {
    throw error instanceof KustomizeError ? cannot(`error in add for path: '${path}': ${error.message}`) : error;
  }
}

function removeFrom(parent: unknown, key: string, path: string): unknown {
  if (Array.isArray(parent)) return (parent as unknown[]).toSpliced(indexIn(parent, key, parent.length - 1), 1);
  if (!isMapping(parent) || !Object.hasOwn(parent, key)) {
    throw cannot(`error in remove for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`);
  }
  return dropKey(parent, key);
}

function replaceIn(parent: unknown, key: string, value: unknown, path: string): unknown {
  if (!Array.isArray(parent)) return setKey(parent as Mapping, key, value);
  try {
    return (parent as unknown[]).with(indexIn(parent, key, parent.length - 1), value);
  } catch {
    throw cannot(`replace operation does not apply: doc is missing key: ${path}: missing value`);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof ExactNumber || b instanceof ExactNumber) return String(a) === String(b);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isMapping(a) || !isMapping(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}

/** The value as it comes out of JSON in Go: plain, its numbers floats. */
function toJson(value: unknown): unknown {
  const plain = plainValue(value);
  const round = (part: unknown): unknown => {
    if (part instanceof ExactNumber) return part.valueOf();
    if (Array.isArray(part)) return (part as unknown[]).map(round);
    return isMapping(part) ? mappingOf(Object.entries(part).map(([key, inner]) => [key, round(inner)])) : part;
  };
  return hasExactNumber(plain) ? round(plain) : plain;
}

function hasExactNumber(value: unknown): boolean {
  if (value instanceof ExactNumber) return true;
  if (Array.isArray(value)) return value.some(hasExactNumber);
  return isMapping(value) && Object.values(value).some(hasExactNumber);
}
