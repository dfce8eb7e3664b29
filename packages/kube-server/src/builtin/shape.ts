// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type JsonObject } from "@flux-ts/kube-core";

const NOTHING: JsonObject = Object.freeze({});
const NONE: readonly unknown[] = Object.freeze([]);

// Every write asks these of hundreds of places. The keys are ours, none that objects inherit, so a plain read is enough: it
// takes a third of the time of asking first whether the key is the object's own.

/** The object at a place that may be empty; an empty one when there is none. */
export function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isJsonObject(value) ? value : NOTHING;
}

/** Like {@link objectAt}, but undefined when there is none: for fields whose presence matters. */
export function objectIn(parent: JsonObject, key: string): JsonObject | undefined {
  const value = parent[key];
  return isJsonObject(value) ? value : undefined;
}

/** The list at a place that may be empty. */
export function listAt(parent: JsonObject, key: string): readonly unknown[] {
  const value = parent[key];
  return Array.isArray(value) ? value : NONE;
}

/** The objects of a list; what is no object counts as an empty one, so that places keep their index. */
export function objectsAt(parent: JsonObject, key: string): readonly JsonObject[] {
  const list = listAt(parent, key);
  return list.every(isJsonObject) ? list : list.map((item) => (isJsonObject(item) ? item : NOTHING));
}

/** The text at a place; `""` when there is none. */
export function textAt(parent: JsonObject, key: string): string {
  const value = parent[key];
  return typeof value === "string" ? value : "";
}

/** The strings of a list. */
export function textsAt(parent: JsonObject, key: string): readonly string[] {
  const list = listAt(parent, key);
  return list.every((item) => typeof item === "string") ? list : list.map((item) => (typeof item === "string" ? item : ""));
}

/** The number at a place, if there is one. */
export function numberAt(parent: JsonObject, key: string): number | undefined {
  const value = parent[key];
  return typeof value === "number" ? value : undefined;
}

/** Whether a place holds `true`. */
export function isTrueAt(parent: JsonObject, key: string): boolean {
  return parent[key] === true;
}

/** Whether a place holds anything but null. */
export function hasAt(parent: JsonObject, key: string): boolean {
  const value = parent[key];
  return value !== undefined && value !== null;
}

/** The object with defaults for the keys that it lacks; itself when it lacks none. */
export function fill(object: JsonObject, defaults: JsonObject): JsonObject {
  let filled: Record<string, unknown> | undefined;
  for (const key of Object.keys(defaults)) if (!hasAt(object, key)) (filled ??= { ...object })[key] = defaults[key];
  return filled ?? object;
}

/** The object with one key set; itself when it is set to that already. The key is one of ours, never the user's. */
export function put(object: JsonObject, key: string, value: unknown): JsonObject {
  return Object.hasOwn(object, key) && object[key] === value ? object : { ...object, [key]: value };
}

/** The object without one key; itself when it has none. */
export function drop(object: JsonObject, key: string): JsonObject {
  if (!Object.hasOwn(object, key)) return object;
  const { [key]: _, ...rest } = object;
  return rest;
}
