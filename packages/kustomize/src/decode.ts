// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "@flux-ts/kube-core";
import { KustomizeError } from "./kustomize-error.ts";
import type { Mapping } from "./mapping.ts";
import { isMapping, mappingOf } from "./mapping.ts";

/** How strict a reader of configuration is. */
export interface DecodeMode {
  /** Whether a field that is not known is an error (the kustomization file) or left out (plugins' configuration). */
  readonly refusesUnknown: boolean;
  /** Whether numbers and booleans become text where text is asked for (plugins' configuration). */
  readonly coerces: boolean;
}

/** Reads one value; `path` says where it stands. Null is the type's zero value. */
export type Decoder<T> = (value: unknown, path: string, mode: DecodeMode) => T;

function mismatch(value: unknown, path: string, type: string): KustomizeError {
  const kind = Array.isArray(value)
    ? "array"
    : isMapping(value)
      ? "object"
      : value instanceof ExactNumber
        ? "number"
        : value === true || value === false
          ? "bool"
          : typeof value;
  return new KustomizeError(
    "INVALID_KUSTOMIZATION",
    `invalid Kustomization: json: cannot unmarshal ${kind} into Go struct field ${path} of type ${type}`,
  );
}

export const text: Decoder<string> = (value, path, mode) => {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (mode.coerces && (typeof value === "number" || typeof value === "boolean")) return String(value);
  throw mismatch(value, path, "string");
};

/** Text that may be absent, which is not the same as empty. */
export const optionalText: Decoder<string | undefined> = (value, path, mode) =>
  value === null || value === undefined ? undefined : text(value, path, mode);

export const flag: Decoder<boolean> = (value, path) => {
  if (value === null || value === undefined) return false;
  if (typeof value === "boolean") return value;
  throw mismatch(value, path, "bool");
};

export const integer: Decoder<number> = (value, path) => {
  if (value === null || value === undefined) return 0;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw mismatch(value, path, "int64");
};

/** Undefined when absent. */
export function list<T>(item: Decoder<T>): Decoder<readonly T[] | undefined> {
  return (value, path, mode) => {
    if (value === null || value === undefined) return undefined;
    if (!Array.isArray(value)) throw mismatch(value, path, "[]");
    return (value as unknown[]).map((one) => item(one, path, mode));
  };
}

/** Text by key; undefined when absent. */
export const textMap: Decoder<Mapping | undefined> = (value, path, mode) => {
  if (value === null || value === undefined) return undefined;
  if (!isMapping(value)) throw mismatch(value, path, "map[string]string");
  return mappingOf(Object.entries(value).map(([key, child]) => [key, text(child, path, mode)]));
};

export const anyMap: Decoder<Mapping | undefined> = (value, path) => {
  if (value === null || value === undefined) return undefined;
  if (!isMapping(value)) throw mismatch(value, path, "map[string]interface {}");
  return value;
};

/** Undefined when absent. */
export function optional<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path, mode) => (value === null || value === undefined ? undefined : decoder(value, path, mode));
}

type Fields<T> = { readonly [K in keyof T]: Decoder<T[K]> };

/**
 * Reads an object field by field. Names match without regard to case when no field has the very name, as Go's JSON does.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION on a field that is not known, unless the mode leaves them out
 */
export function struct<T extends object>(name: string, fields: Fields<T>): Decoder<T> {
  const byName = new Map<string, keyof T & string>();
  const byLowerCase = new Map<string, keyof T & string>();
  for (const key of Object.keys(fields) as (keyof T & string)[]) {
    byName.set(key, key);
    byLowerCase.set(key.toLowerCase(), key);
  }
  return (value, path, mode) => {
    if (value !== null && value !== undefined && !isMapping(value)) throw mismatch(value, path, name);
    const found = new Map<string, unknown>();
    for (const [key, child] of Object.entries(value ?? {})) {
      const field = byName.get(key) ?? byLowerCase.get(key.toLowerCase());
      if (field !== undefined) found.set(field, child);
      else if (mode.refusesUnknown)
        throw new KustomizeError("INVALID_KUSTOMIZATION", `invalid Kustomization: json: unknown field "${key}"`);
    }
    const out: Partial<T> = {};
    for (const key of byName.values()) {
      const decoded = fields[key](found.get(key), path === "" ? `${name}.${key}` : `${path}.${key}`, mode);
      if (decoded !== undefined) out[key] = decoded;
    }
    // Every decoder has run, and those that give undefined are of optional fields.
    return out as T;
  };
}
