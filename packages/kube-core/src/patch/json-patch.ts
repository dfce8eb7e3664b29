// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../error.ts";
import type { JsonObject } from "../json-object.ts";
import { isJsonObject, setKey } from "../json-object.ts";
import { deepEqual, stringifyJson } from "../json.ts";
import { goTypeName } from "../go-print.ts";

export interface JsonPatchOptions {
  /** How many bytes of JSON all `copy` operations together may add: 3 MiB unless told. */
  readonly maxCopyBytes?: number;
}

const MAX_COPY_BYTES = 3 * 1024 * 1024;
const MAX_DEPTH = 1000;

/**
 * Applies a JSON patch (RFC 6902). The document is not changed; what the patch leaves alone is shared with it.
 *
 * As in the API server, `replace` may set a field that is absent, and `-1` is the last place of a list.
 *
 * @param operations the parsed patch
 * @throws {KubeCoreError} INVALID_PATCH when it is no list of operations; PATCH_PATH_MISSING, PATCH_TEST_FAILED, PATCH_TOO_LARGE
 * @see evanphx/json-patch v4 Patch.Apply: the texts are its own
 */
export function applyJsonPatch(document: unknown, operations: unknown, options: JsonPatchOptions = {}): unknown {
  if (!Array.isArray(operations)) {
    throw new KubeCoreError("INVALID_PATCH", `json: cannot unmarshal ${jsonTypeName(operations)} into Go value of type jsonpatch.Patch`);
  }
  const state: State = { document, copiedBytes: 0, maxCopyBytes: options.maxCopyBytes ?? MAX_COPY_BYTES };
  for (const operation of operations) applyOperation(state, operation);
  return state.document;
}

/** The name of a value's type in Go's JSON errors. */
export function jsonTypeName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (isJsonObject(value)) return "object";
  const name = goTypeName(value);
  return name === "int64" || name === "float64" ? "number" : name === "<nil>" ? "null" : name;
}

interface State {
  document: unknown;
  copiedBytes: number;
  readonly maxCopyBytes: number;
}

function applyOperation(state: State, operation: unknown): void {
  if (!isJsonObject(operation)) {
    throw new KubeCoreError("INVALID_PATCH", `json: cannot unmarshal ${jsonTypeName(operation)} into Go value of type jsonpatch.Operation`);
  }
  const kind = ownText(operation, "op") ?? "unknown";
  switch (kind) {
    case "add":
      state.document = add(state.document, pathOf(operation, kind, "path"), valueOf(operation) ?? null);
      return;
    case "remove":
      state.document = remove(state.document, pathOf(operation, kind, "path"));
      return;
    case "replace":
      state.document = replace(state.document, pathOf(operation, kind, "path"), valueOf(operation));
      return;
    case "move":
      state.document = move(state.document, pathOf(operation, kind, "from"), () => pathOf(operation, kind, "path"));
      return;
    case "copy":
      copy(state, pathOf(operation, kind, "from"), () => pathOf(operation, kind, "path"));
      return;
    case "test":
      test(state.document, pathOf(operation, kind, "path"), valueOf(operation));
      return;
    default:
      throw new KubeCoreError("INVALID_PATCH", `Unexpected kind: ${kind}`);
  }
}

function ownText(operation: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(operation, key) ? operation[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

function pathOf(operation: JsonObject, kind: string, field: "path" | "from"): string {
  const path = ownText(operation, field);
  if (path !== undefined) return path;
  const isBrief = field === "path" && (kind === "add" || kind === "remove" || kind === "copy");
  const detail = isBrief ? "missing value" : `operation${field === "from" ? "," : ""} missing ${field} field: missing value`;
  throw new KubeCoreError("INVALID_PATCH", `${kind} operation failed to decode ${field}: ${detail}`);
}

/** Undefined: the operation has no value. */
function valueOf(operation: JsonObject): unknown {
  return Object.hasOwn(operation, "value") ? operation["value"] : undefined;
}

/** The steps of a pointer; undefined for the whole document. What stands before the first slash counts for nothing. */
function stepsOf(path: string): readonly string[] | undefined {
  const parts = path.split("/");
  return parts.length < 2 ? undefined : parts.slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

type Container = JsonObject | readonly unknown[];

/** The container that holds the last step, and that step; undefined when there is no such container. */
function find(
  document: unknown,
  path: string,
): { readonly steps: readonly string[]; readonly container: Container; readonly key: string } | undefined {
  const steps = stepsOf(path);
  if (steps === undefined) return undefined;
  let container: unknown = document;
  for (const step of steps.slice(0, -1)) {
    if (!isContainer(container)) return undefined;
    container = Array.isArray(container) ? container[indexOf(container, step) ?? -1] : own(container as JsonObject, step);
  }
  return isContainer(container) ? { steps, container, key: steps.at(-1) ?? "" } : undefined;
}

function isContainer(value: unknown): value is Container {
  return Array.isArray(value) || isJsonObject(value);
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The place in a list; undefined when there is none. Negative ones count from the end. */
function indexOf(list: readonly unknown[], key: string): number | undefined {
  const index = readIndex(key);
  if (index === undefined || index < -list.length || index >= list.length) return undefined;
  return index < 0 ? index + list.length : index;
}

function readIndex(key: string): number | undefined {
  return /^[+-]?\d{1,15}$/.test(key) ? Number(key) : undefined;
}

/** The document with the container at these steps (all but the last) replaced. */
function rebuild(document: unknown, steps: readonly string[], container: Container): unknown {
  const write = (value: unknown, depth: number): unknown => {
    if (depth === steps.length - 1) return container;
    const step = steps[depth] ?? "";
    if (Array.isArray(value)) {
      const index = indexOf(value, step) ?? 0;
      return value.with(index, write(value[index], depth + 1));
    }
    const object = { ...(value as JsonObject) };
    setKey(object, step, write(own(object, step), depth + 1));
    return object;
  };
  return write(document, 0);
}

function missing(message: string): KubeCoreError {
  return new KubeCoreError("PATCH_PATH_MISSING", `${message}: missing value`);
}

function invalidIndex(key: string): string {
  const index = readIndex(key);
  return index === undefined
    ? `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`
    : `Unable to access invalid index: ${index}: invalid index referenced`;
}

function add(document: unknown, path: string, value: unknown): unknown {
  const place = find(document, path);
  if (place === undefined) throw missing(`add operation does not apply: doc is missing path: "${path}"`);
  return insert(document, place, value, `error in add for path: '${path}'`);
}

type Place = NonNullable<ReturnType<typeof find>>;

function insert(document: unknown, { steps, container, key }: Place, value: unknown, failure: string): unknown {
  requireDepth(steps, value);
  if (!Array.isArray(container)) {
    const object = { ...(container as JsonObject) };
    setKey(object, key, value);
    return rebuild(document, steps, object);
  }
  if (key === "-") return rebuild(document, steps, [...container, value]);
  const index = readIndex(key);
  if (index === undefined) {
    throw new KubeCoreError("PATCH_PATH_MISSING", `${failure}: value was not a proper array index: '${key}': ${invalidIndex(key)}`);
  }
  const size = container.length + 1;
  if (index >= size || index < -size) throw new KubeCoreError("PATCH_PATH_MISSING", `${failure}: ${invalidIndex(key)}`);
  return rebuild(document, steps, container.toSpliced(index < 0 ? index + size : index, 0, value));
}

/** Operations could pile values up to a depth that no parser would let in. */
function requireDepth(steps: readonly string[], value: unknown): void {
  let level: readonly unknown[] = [value];
  for (let depth = steps.length; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new KubeCoreError("PATCH_TOO_LARGE", `the patched object would nest deeper than ${MAX_DEPTH} levels`);
    level = level.filter(isContainer).flatMap((container) => Object.values(container));
  }
}

function remove(document: unknown, path: string): unknown {
  const place = find(document, path);
  if (place === undefined) throw missing(`remove operation does not apply: doc is missing path: "${path}"`);
  return take(document, place, `error in remove for path: '${path}'`);
}

function take(document: unknown, { steps, container, key }: Place, failure: string): unknown {
  if (Array.isArray(container)) {
    const index = indexOf(container, key);
    if (index === undefined) throw new KubeCoreError("PATCH_PATH_MISSING", `${failure}: ${invalidIndex(key)}`);
    return rebuild(document, steps, container.toSpliced(index, 1));
  }
  if (!Object.hasOwn(container, key)) throw missing(`${failure}: Unable to remove nonexistent key: ${key}`);
  const object = { ...(container as JsonObject) };
  delete object[key];
  return rebuild(document, steps, object);
}

function replace(document: unknown, path: string, value: unknown): unknown {
  if (path === "") {
    if (!isContainer(value)) throw new KubeCoreError("INVALID_PATCH", "replace operation value must be object or array");
    return value;
  }
  const place = find(document, path);
  if (place === undefined) throw missing(`replace operation does not apply: doc is missing path: ${path}`);
  const { steps, container, key } = place;
  requireDepth(steps, value);
  if (Array.isArray(container)) {
    const index = indexOf(container, key);
    if (index === undefined) throw missing(`replace operation does not apply: doc is missing key: ${path}`);
    return rebuild(document, steps, container.with(index, value ?? null));
  }
  const object = { ...(container as JsonObject) };
  setKey(object, key, value ?? null);
  return rebuild(document, steps, object);
}

/** The value at a place; null where a field is absent. */
function read({ container, key }: Place, failure: string): unknown {
  if (!Array.isArray(container)) return own(container as JsonObject, key) ?? null;
  const index = indexOf(container, key);
  if (index === undefined) throw new KubeCoreError("PATCH_PATH_MISSING", `${failure}: ${invalidIndex(key)}`);
  return container[index];
}

function move(document: unknown, from: string, pathOfTarget: () => string): unknown {
  const source = find(document, from);
  if (source === undefined) throw missing(`move operation does not apply: doc is missing from path: ${from}`);
  const failure = `error in move for path: '${source.key}'`;
  const value = read(source, failure);
  const rest = take(document, source, failure);
  const path = pathOfTarget();
  const target = find(rest, path);
  if (target === undefined) throw missing(`move operation does not apply: doc is missing destination path: ${path}`);
  return insert(rest, target, value, `error in move for path: '${path}'`);
}

function copy(state: State, from: string, pathOfTarget: () => string): void {
  const source = find(state.document, from);
  if (source === undefined) throw missing(`copy operation does not apply: doc is missing from path: ${from}`);
  const value = read(source, `error in copy for from: '${from}'`);
  const path = pathOfTarget();
  const target = find(state.document, path);
  if (target === undefined) throw missing(`copy operation does not apply: doc is missing destination path: ${path}`);
  state.copiedBytes += stringifyJson(value).length;
  if (state.copiedBytes > state.maxCopyBytes) {
    throw new KubeCoreError(
      "PATCH_TOO_LARGE",
      `Unable to complete the copy, the accumulated size increase of copy operations is ${state.copiedBytes}, exceeding the limit ${state.maxCopyBytes}`,
    );
  }
  state.document = insert(state.document, target, value, "error while adding value during copy");
}

function test(document: unknown, path: string, expected: unknown): void {
  const failed = (): KubeCoreError => new KubeCoreError("PATCH_TEST_FAILED", `testing value ${path} failed: test failed`);
  if (path === "") {
    if (!deepEqual(document, expected)) throw failed();
    return;
  }
  const place = find(document, path);
  if (place === undefined) throw missing(`test operation does not apply: is missing path: ${path}`);
  const actual = read(place, `error in test for path: '${path}'`);
  if (!deepEqual(actual ?? null, expected ?? null)) throw failed();
}
