// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "./exact-number.ts";

/** A JSON object: string keys only, whatever they are called. Read it through {@link getKey}, write it through {@link setKey}. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object: not an array, not null, not a number that needs a class. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** The value of an own key; undefined when there is none, also for `__proto__`, `constructor` and their like. */
export function getKey(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a key that may have any name on an object still being built: `__proto__` becomes a plain key. */
export function setKey(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

/** A shallow copy that keeps a key named `__proto__`. */
export function copyObject(object: JsonObject): Record<string, unknown> {
  // A spread defines properties, it does not assign them, so `__proto__` stays a plain key.
  return { ...object };
}

/** The same object without one key; the object itself when it has no such key. */
export function withoutKey(object: JsonObject, key: string): JsonObject {
  if (!Object.hasOwn(object, key)) return object;
  const copy = copyObject(object);
  delete copy[key];
  return copy;
}

/** Order of bytes in UTF-8, as Go sorts strings; JavaScript's own order differs beyond U+FFFF. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rankUnit(a) - rankUnit(b);
  }
  return left.length - right.length;
}

/** Moves surrogates (code points from U+10000) behind U+E000–U+FFFF. */
function rankUnit(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
