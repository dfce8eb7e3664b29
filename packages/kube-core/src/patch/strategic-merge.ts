// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../error.ts";
import { goPlain, goTypeName } from "../go-print.ts";
import type { JsonObject } from "../json-object.ts";
import { isJsonObject, setKey } from "../json-object.ts";
import { deepEqual } from "../json.ts";
import type { Schema } from "../schema/schema.ts";
import { mergeLists, orderAsGiven, removeScalars } from "./strategic-lists.ts";

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const DELETE_FROM_LIST = "$deleteFromPrimitiveList";
const ELEMENT_ORDER = "$setElementOrder";
const MAX_DEPTH = 1000;

/**
 * Applies a strategic merge patch: objects are merged, lists replaced or merged by their merge key, as the schema says.
 * Understands `$patch`, `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…`. Nothing passed in is changed.
 *
 * @param schema of the object, with its `x-kubernetes-patch-strategy` and `x-kubernetes-patch-merge-key`
 * @throws {KubeCoreError} STRATEGIC_MERGE_FORMAT (the server answers 400), STRATEGIC_MERGE_CONTENT (422), STRATEGIC_MERGE_FAILED (500)
 * @see apimachinery util/strategicpatch StrategicMergeMapPatch
 */
export function applyStrategicMerge(original: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  return mergeMap(original, patch, schema, 0);
}

function mergeMap(original: JsonObject, patch: JsonObject, schema: Schema | undefined, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw new KubeCoreError("STRATEGIC_MERGE_FAILED", `the patch nests deeper than ${MAX_DEPTH} levels`);
  if (Object.hasOwn(patch, DIRECTIVE)) return applyDirective(patch);
  const result = retainKeys(original, patch);
  const rest = new Map(Object.entries(patch));
  rest.delete(RETAIN_KEYS);
  for (const key of Object.keys(patch)) {
    if (key.startsWith(ELEMENT_ORDER)) applyElementOrder(result, rest, key, schema, depth);
  }
  for (const [key, value] of rest) mergeField(result, key, value, schema, depth);
  return result;
}

function applyDirective(patch: JsonObject): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === "delete") return {};
  if (directive !== "replace") throw badDirective(directive, patch);
  const { [DIRECTIVE]: _, ...rest } = patch;
  return rest;
}

function badDirective(directive: unknown, patch: JsonObject): KubeCoreError {
  return failed(`unknown patch type: ${goPlain(directive)} in map: ${goPlain(patch)}`);
}

/** A copy of the object, without what `$retainKeys` does not name. */
function retainKeys(original: JsonObject, patch: JsonObject): Record<string, unknown> {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return { ...original };
  const names = patch[RETAIN_KEYS];
  const badFormat = (): KubeCoreError => new KubeCoreError("STRATEGIC_MERGE_FORMAT", "invalid patch format of retainKeys");
  if (!Array.isArray(names)) throw badFormat();
  const kept = new Set<unknown>(names);
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key === RETAIN_KEYS || key.startsWith(DELETE_FROM_LIST) || key.startsWith(ELEMENT_ORDER);
    if (value !== null && !isDirective && !kept.has(key)) throw badFormat();
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => kept.has(key)));
}

/** Merges the list that the directive names and puts it in that order; the list needs no further merging then. */
function applyElementOrder(
  result: Record<string, unknown>,
  rest: Map<string, unknown>,
  directive: string,
  schema: Schema | undefined,
  depth: number,
): void {
  const order = rest.get(directive);
  rest.delete(directive);
  const key = nameAfter(directive, ELEMENT_ORDER, "setElementOrder list");
  if (!Array.isArray(order)) throw badArgument("[]interface {}", order);
  const ours = Object.hasOwn(result, key) ? result[key] : undefined;
  const theirs = rest.get(key);
  if (ours !== undefined && !Array.isArray(ours)) throw badArgument("[]interface {}", ours);
  if (theirs !== undefined && !Array.isArray(theirs)) throw badArgument("[]interface {}", theirs);
  const meta = listMeta(schema, key);
  checkOrder(theirs ?? [], order, meta.mergeKey);
  if (ours === undefined && theirs === undefined) return;
  const merged = ours === undefined ? withoutDirectives(theirs) : theirs === undefined ? ours : mergeSlice(ours, theirs, meta, depth);
  setKey(result, key, orderAsGiven(merged as readonly unknown[], order, ours ?? [], meta.mergeKey, theirs ?? []));
  rest.delete(key);
}

/** The patch's own items must stand in the order that it asks for. */
function checkOrder(items: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (order.length === 0 || items.length === 0) return;
  const kept = items.filter((item) => !(isJsonObject(item) && item[DIRECTIVE] === "delete"));
  let at = 0;
  let place = 0;
  while (at < kept.length && place < order.length) {
    const item = kept[at];
    if (isJsonObject(item) && Object.hasOwn(item, DIRECTIVE)) {
      at++;
      continue;
    }
    if (deepEqual(keyOf(item, mergeKey), keyOf(order[place], mergeKey))) at++;
    place++;
  }
  if (at < kept.length && place >= order.length) {
    throw failed(`The order in patch list:\n${goPlain(items)}\n doesn't match ${ELEMENT_ORDER} list:\n${goPlain(order)}\n`);
  }
}

function keyOf(item: unknown, mergeKey: string): unknown {
  if (mergeKey === "") return item;
  if (!isJsonObject(item)) throw badArgument("map[string]interface {}", item);
  if (!Object.hasOwn(item, mergeKey)) throw failed(`map: ${goPlain(item)} does not contain declared merge key: ${mergeKey}`);
  return item[mergeKey];
}

function mergeField(result: Record<string, unknown>, patchKey: string, value: unknown, schema: Schema | undefined, depth: number): void {
  const isRemoval = patchKey.startsWith(DELETE_FROM_LIST);
  const key = isRemoval ? nameAfter(patchKey, DELETE_FROM_LIST, "primitive list") : patchKey;
  if (value === null) {
    delete result[key];
    return;
  }
  const current = Object.hasOwn(result, key) ? result[key] : undefined;
  if (isJsonObject(value) && isJsonObject(current)) {
    const child = fieldSchema(schema, key);
    const isReplaced = strategyOf(child) === "replace";
    setKey(result, key, isReplaced ? value : mergeMap(current, value, child, depth + 1));
  } else if (Array.isArray(value) && Array.isArray(current)) {
    const meta = listMeta(schema, key);
    setKey(result, key, isRemoval ? removeScalars(current, value) : mergeSlice(current, value, meta, depth));
  } else if (!isRemoval) {
    const plain = withoutDirectives(withoutNulls(value));
    if (plain === undefined) delete result[key];
    else setKey(result, key, plain);
  }
}

interface ListMeta {
  readonly isMerged: boolean;
  /** `""`: items are scalars. */
  readonly mergeKey: string;
  readonly items: Schema | undefined;
}

function mergeSlice(
  current: readonly unknown[],
  value: readonly unknown[],
  { isMerged, mergeKey, items }: ListMeta,
  depth: number,
): readonly unknown[] {
  if (!isMerged) return value;
  return mergeLists(current, value, mergeKey, (ours, theirs) => mergeMap(ours, theirs, items, depth + 1));
}

function listMeta(schema: Schema | undefined, key: string): ListMeta {
  const field = fieldSchema(schema, key);
  return { isMerged: strategyOf(field) === "merge", mergeKey: field?.["x-kubernetes-patch-merge-key"] ?? "", items: field?.items };
}

/** `replace`, `merge` or `""`: what is left of the strategies beside `retainKeys`. */
function strategyOf(schema: Schema | undefined): string {
  const strategies = schema?.["x-kubernetes-patch-strategy"]?.split(",") ?? [];
  return strategies.find((strategy) => strategy !== "retainKeys") ?? "";
}

function fieldSchema(schema: Schema | undefined, key: string): Schema | undefined {
  const properties = schema?.properties;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  if (typeof schema?.additionalProperties === "object") return schema.additionalProperties;
  if (properties === undefined) return undefined;
  const name = schema?.["x-name"]?.split(".").at(-1) ?? "";
  throw failed(`unable to find api field in struct ${name} for the json field ${JSON.stringify(key)}`);
}

function nameAfter(key: string, prefix: string, what: string): string {
  const slash = key.indexOf("/");
  if (slash < 0 || key.slice(0, slash) !== prefix) throw new KubeCoreError("STRATEGIC_MERGE_FORMAT", `invalid patch format of ${what}`);
  return key.slice(slash + 1);
}

/** A new value without the objects that carry `$patch`; undefined when it is one itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isJsonObject(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return undefined;
  const result: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const kept = withoutDirectives(field);
    if (kept !== undefined) setKey(result, key, kept);
  }
  return result;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) if (field !== null) setKey(result, key, withoutNulls(field));
  return result;
}

function badArgument(expected: string, actual: unknown): KubeCoreError {
  return failed(`expected a ${expected}, but received a ${goTypeName(actual)}`);
}

function failed(message: string): KubeCoreError {
  return new KubeCoreError("STRATEGIC_MERGE_FAILED", message);
}
