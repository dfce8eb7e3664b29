// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, SpelledScalar } from "@flux-ts/kube-core";

/** A mapping of a document: plain, never changed in place. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  if (typeof value !== "object" || value === null) return false;
  // Nearly every object is a plain one, and this is asked more often than anything else.
  if (Object.getPrototypeOf(value) === Object.prototype) return true;
  return !Array.isArray(value) && !(value instanceof SpelledScalar) && !(value instanceof ExactNumber);
}

/** Whether a value is null, however it is spelled, or absent. */
export function isNull(value: unknown): boolean {
  return value === null || value === undefined || (value instanceof SpelledScalar && value.value === null);
}

export function isScalar(value: unknown): boolean {
  return !isNull(value) && !Array.isArray(value) && !isMapping(value);
}

/** Null, an empty list or an empty mapping. */
export function isEmpty(value: unknown): boolean {
  if (isNull(value)) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMapping(value) && Object.keys(value).length === 0;
}

/** The value of a key; undefined without it. Keys such as `__proto__` and `constructor` are keys like any other. */
export function get(mapping: unknown, key: string): unknown {
  return isMapping(mapping) && Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

/** A copy with the key set. */
export function setKey(mapping: Mapping, key: string, value: unknown): Mapping {
  const copy: Record<string, unknown> = { ...mapping };
  if (key === "__proto__") Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  else copy[key] = value;
  return copy;
}

/** A copy without the key; the mapping itself when it has none. */
export function dropKey(mapping: Mapping, key: string): Mapping {
  if (!Object.hasOwn(mapping, key)) return mapping;
  const copy: Record<string, unknown> = { ...mapping };
  delete copy[key];
  return copy;
}

/** A mapping of these entries, in their order. */
export function mappingOf(entries: Iterable<readonly [string, unknown]>): Mapping {
  return Object.fromEntries(entries);
}

/** The text of a scalar as it stands in YAML; empty for null, lists and mappings. */
export function scalarText(value: unknown): string {
  if (typeof value === "string") return value;
  if (isNull(value) || Array.isArray(value) || isMapping(value)) return "";
  return String(value);
}

/** The text of a scalar as it is spelled, that of a null too: `~`, `null`. */
export function spelledText(value: unknown): string {
  if (value instanceof SpelledScalar) return value.toString();
  return isNull(value) ? "null" : scalarText(value);
}
