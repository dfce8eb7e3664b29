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
  /** What messages start with. */
  readonly prefix: string;
}

/** Where a value stands, as Go's messages name it. */
export interface Place {
  /** The struct of which it is a field. */
  readonly owner: string;
  /** The fields that lead to it, from the outermost on. */
  readonly path: string;
  /** The keys and indices that lead to it. */
  readonly at: readonly (string | number)[];
}

export const outermost: Place = { owner: "", path: "", at: [] };

/** Where decoding failed: the keys and indices of what an error that a decoder threw is about. */
export function placeOfError(error: KustomizeError): readonly (string | number)[] | undefined {
  return error.cause instanceof DecodePlace ? error.cause.at : undefined;
}

class DecodePlace {
  readonly at: readonly (string | number)[];

  constructor(at: readonly (string | number)[]) {
    this.at = at;
  }
}

/** Reads one value. Null is the type's zero value. */
export interface Decoder<T> {
  (value: unknown, place: Place, mode: DecodeMode): T;
  /** What Go calls the type. */
  readonly goType: string;
}

function decoder<T>(goType: string, read: (value: unknown, place: Place, mode: DecodeMode) => T): Decoder<T> {
  return Object.assign(read, { goType });
}

function mismatch(value: unknown, { owner, path, at }: Place, goType: string, { prefix }: DecodeMode): KustomizeError {
  const target = owner === "" ? "Go value" : `Go struct field ${owner}.${path}`;
  return new KustomizeError(
    "INVALID_KUSTOMIZATION",
    `${prefix}json: cannot unmarshal ${jsonType(value, goType)} into ${target} of type ${goType}`,
    { cause: new DecodePlace(at) },
  );
}

function jsonType(value: unknown, goType: string): string {
  if (Array.isArray(value)) return "array";
  if (isMapping(value)) return "object";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return goType === "int64" ? `number ${value instanceof ExactNumber ? value.text : String(value)}` : "number";
}

export const text: Decoder<string> = decoder("string", (value, place, mode) => {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (mode.coerces && (typeof value === "number" || typeof value === "boolean")) return String(value);
  throw mismatch(value, place, "string", mode);
});

/**
 * The same without making text of numbers and booleans. What Go embeds into a struct, its YAML reader does not find when it
 * looks for fields that are text.
 */
export function exact<T>(inner: Decoder<T>): Decoder<T> {
  return decoder(inner.goType, (value, place, mode) => inner(value, place, mode.coerces ? { ...mode, coerces: false } : mode));
}

export const flag: Decoder<boolean> = decoder("bool", (value, place, mode) => {
  if (value === null || value === undefined) return false;
  if (typeof value === "boolean") return value;
  throw mismatch(value, place, "bool", mode);
});

export const integer: Decoder<number> = decoder("int64", (value, place, mode) => {
  if (value === null || value === undefined) return 0;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw mismatch(value, place, "int64", mode);
});

/** Undefined when absent. */
export function list<T>(item: Decoder<T>): Decoder<readonly T[] | undefined> {
  return listOf(item, `[]${item.goType}`);
}

/** A list of what Go points to, which only its messages tell apart. */
export function pointers<T>(item: Decoder<T>): Decoder<readonly T[] | undefined> {
  return listOf(item, `[]*${item.goType}`);
}

function listOf<T>(item: Decoder<T>, goType: string): Decoder<readonly T[] | undefined> {
  return decoder(goType, (value, place, mode) => {
    if (value === null || value === undefined) return undefined;
    if (!Array.isArray(value)) throw mismatch(value, place, goType, mode);
    return (value as unknown[]).map((one, index) => item(one, { ...place, at: [...place.at, index] }, mode));
  });
}

/** Text by key; undefined when absent. */
export const textMap: Decoder<Mapping | undefined> = decoder("map[string]string", (value, place, mode) => {
  if (value === null || value === undefined) return undefined;
  if (!isMapping(value)) throw mismatch(value, place, "map[string]string", mode);
  return mappingOf(Object.entries(value).map(([key, child]) => [key, text(child, { ...place, at: [...place.at, key] }, mode)]));
});

export const anyMap: Decoder<Mapping | undefined> = decoder("map[string]interface {}", (value, place, mode) => {
  if (value === null || value === undefined) return undefined;
  if (!isMapping(value)) throw mismatch(value, place, "map[string]interface {}", mode);
  return value;
});

/** Undefined when absent. */
export function optional<T>(inner: Decoder<T>): Decoder<T | undefined> {
  return decoder(inner.goType, (value, place, mode) => (value === null || value === undefined ? undefined : inner(value, place, mode)));
}

type Fields<T> = { readonly [K in keyof T]: Decoder<T[K]> };

/**
 * Reads an object field by field. Names match without regard to case when no field has the very name, as Go's JSON does.
 *
 * @throws {KustomizeError} INVALID_KUSTOMIZATION on a field that is not known, unless the mode leaves them out
 */
export function struct<T extends object>(name: string, fields: Fields<T>): Decoder<T> {
  const goType = `types.${name}`;
  const byName = new Map<string, keyof T & string>();
  const byLowerCase = new Map<string, keyof T & string>();
  for (const key of Object.keys(fields) as (keyof T & string)[]) {
    byName.set(key, key);
    byLowerCase.set(key.toLowerCase(), key);
  }
  return decoder(goType, (value, place, mode) => {
    if (value !== null && value !== undefined && !isMapping(value)) throw mismatch(value, place, goType, mode);
    const found = new Map<string, unknown>();
    for (const [key, child] of Object.entries(value ?? {})) {
      const field = byName.get(key) ?? byLowerCase.get(key.toLowerCase());
      if (field !== undefined) found.set(field, child);
      else if (mode.refusesUnknown)
        throw new KustomizeError("INVALID_KUSTOMIZATION", `${mode.prefix}json: unknown field "${key}"`, {
          cause: new DecodePlace([...place.at, key]),
        });
    }
    const out: Partial<T> = {};
    for (const key of byName.values()) {
      const path = place.path === "" ? key : `${place.path}.${key}`;
      const decoded = fields[key](found.get(key), { owner: name, path, at: [...place.at, key] }, mode);
      if (decoded !== undefined) out[key] = decoded;
    }
    // Every decoder has run, and those that give undefined are of optional fields.
    return out as T;
  });
}

/** A decoder that makes something else of what another reads. */
export function mapped<T, U>(inner: Decoder<T>, change: (value: T) => U): Decoder<U> {
  return decoder(inner.goType, (value, place, mode) => change(inner(value, place, mode)));
}
