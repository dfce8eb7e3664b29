// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, isJsonObject, setKey, stringifyJson } from "@flux-ts/kube-core";

/** A field of a Go struct: its name, and its JSON; undefined leaves it out. */
export type StructField = readonly [name: string, json: string | undefined];

/** The JSON of a Go struct: fields in the order of their declaration. Text is not yet escaped as `json.Marshal` does, see {@link escapeHtml}. */
export function structJson(fields: readonly StructField[]): string {
  return `{${fields.flatMap(([name, json]) => (json === undefined ? [] : [`"${name}":${json}`])).join(",")}}`;
}

/** `[]` of values that are JSON already; null for none at all. */
export function listJson(items: readonly string[] | undefined): string {
  return items === undefined ? "null" : `[${items.join(",")}]`;
}

/** The same, left out when there are none: `omitempty`. */
export function filledListJson(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : `[${items.join(",")}]`;
}

export function textJson(text: string): string {
  return JSON.stringify(text);
}

/** Left out when empty. */
export function filledTextJson(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : JSON.stringify(text);
}

/** Left out when 0. */
export function filledNumberJson(value: number): string | undefined {
  return value === 0 ? undefined : String(value);
}

/** Left out when there is no entry. Keys in the order of their bytes, as Go writes a map. */
export function filledMapJson(map: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return map === undefined || Object.keys(map).length === 0 ? undefined : mapJson(map);
}

/** A value without a Go struct: keys of its maps in the order of their bytes. A bigint is the int64 that `--set` makes. */
export function mapJson(value: unknown): string {
  return stringifyJson(withoutBigints(value), { sortKeys: true });
}

function withoutBigints(value: unknown): unknown {
  return mapNumbers(value, (number) => (typeof number === "bigint" ? new ExactNumber(String(number), true) : number));
}

/** A value with other numbers; itself, and each part of it, where none is another. */
export function mapNumbers(value: unknown, change: (number: ExactNumber | bigint) => unknown): unknown {
  if (value instanceof ExactNumber || typeof value === "bigint") return change(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => mapNumbers(item, change));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const field = mapNumbers(value[key], change);
    if (field === value[key]) continue;
    copy ??= { ...value };
    setKey(copy, key, field);
  }
  return copy ?? value;
}

/** Whole texts of JSON: `<`, `>`, `&` and the separators of lines are escaped within strings, as `json.Marshal` does. */
export function escapeHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
