// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "../../exact-number.ts";
import { goQuote } from "../../go-quote.ts";
import { compareText, isJsonObject } from "../../json-object.ts";
import { parseJson, stringifyJson } from "../../json.ts";
import type { ListType } from "./merge-type.ts";

/**
 * One step of a path, as it is written in FieldsV1: `f:spec` (a field), `k:{"name":"a"}` (the item of a list by its
 * keys, sorted), `v:"x"` (the item of a set), `i:0` (a position). Equal steps are equal strings.
 */
export type PathElement = string;

/** `f`, with which nearly all steps begin. */
const FIELD = 0x66;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The name of a field's step; undefined for the others. */
export function fieldNameOf(element: PathElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

/** Why an item of a list cannot be told apart from the others. */
export class ItemProblem {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** The step that names an item of a list that is merged item by item. */
export function itemElement(list: ListType, item: unknown): PathElement | ItemProblem {
  if (list.keys.length === 0) return setElement(item);
  if (item === null) return new ItemProblem("associative list with keys may not have a null element");
  if (!isJsonObject(item)) return new ItemProblem("associative list with keys may not have non-map elements");
  let fields = "";
  for (const key of list.keys) {
    const value = Object.hasOwn(item, key) ? item[key] : list.element.map?.defaultOf(key);
    if (value === undefined) continue;
    fields += `${fields === "" ? "" : ","}${quoteKey(key)}:${writeValue(value)}`;
  }
  if (fields === "") {
    const names = `[${list.keys.map(goQuote).join(" ")}]`;
    return new ItemProblem(
      `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`,
    );
  }
  return `k:{${fields}}`;
}

function setElement(item: unknown): PathElement | ItemProblem {
  if (item === null) return new ItemProblem("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) return new ItemProblem("not supported: associative list with lists as elements");
  if (isJsonObject(item)) return new ItemProblem("associative list without keys has an element that's a map type");
  return `v:${writeValue(item)}`;
}

/** Plain names and values, which nearly all are, need no escapes. */
const PLAIN = /^[\w ./:*@+=%,;!?$()[\]{}|~^#-]*$/;

function quoteKey(key: string): string {
  return PLAIN.test(key) ? `"${key}"` : JSON.stringify(key);
}

function writeValue(value: unknown): string {
  if (typeof value === "string" && PLAIN.test(value)) return `"${value}"`;
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  return stringifyJson(value, { sortKeys: true, escapeHtml: true });
}

/**
 * The same step in its one spelling; undefined for a kind of step that is not known, which is left out.
 *
 * @throws {SyntaxError} when the step is malformed
 */
export function normalizeElement(text: string): PathElement | undefined {
  if (text.length < 2 || text[1] !== ":") throw new SyntaxError(`not a path element: ${goQuote(text)}`);
  const rest = text.slice(2);
  switch (text[0]) {
    case "f":
      return text;
    case "v":
      return `v:${writeValue(parseJson(rest))}`;
    case "k": {
      const keys = parseJson(rest);
      if (!isJsonObject(keys)) throw new SyntaxError(`not a path element: ${goQuote(text)}`);
      const fields = Object.keys(keys)
        .sort(compareText)
        .map((key) => `${quoteKey(key)}:${writeValue(keys[key])}`);
      return `k:{${fields.join(",")}}`;
    }
    case "i":
      if (!/^[+-]?\d+$/.test(rest)) throw new SyntaxError(`not a path element: ${goQuote(text)}`);
      return `i:${BigInt(rest.replace("+", ""))}`;
    default:
      return undefined;
  }
}

/** The step as messages show it: `.spec`, `[name="a"]`, `[="x"]`, `[0]`. */
export function printElement(element: PathElement): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${rest}`;
    case "k": {
      const keys = parseJson(rest) as Readonly<Record<string, unknown>>;
      const fields = Object.keys(keys).sort(compareText);
      return `[${fields.map((key) => `${key}=${printValue(keys[key])}`).join(",")}]`;
    }
    case "v":
      return `[=${printValue(parseJson(rest))}]`;
    default:
      return `[${rest}]`;
  }
}

function printValue(value: unknown): string {
  if (typeof value === "string") return goQuote(value);
  if (value instanceof ExactNumber) return stringifyJson(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(",")}]`;
  if (isJsonObject(value))
    return Object.keys(value)
      .map((key) => `${key}=${printValue(value[key])}`)
      .join("");
  return String(value);
}

const RANK: Readonly<Record<string, number>> = { ".": 0, f: 1, k: 2, v: 3, i: 4 };

/** The order of steps in FieldsV1: the place itself, fields, keys, values, positions. */
export function compareElements(left: PathElement, right: PathElement): number {
  if (left.charCodeAt(0) === FIELD && right.charCodeAt(0) === FIELD) return compareText(left, right);
  const rank = (RANK[left[0] ?? ""] ?? 9) - (RANK[right[0] ?? ""] ?? 9);
  if (rank !== 0) return rank;
  return left[0] === "i" ? Number(left.slice(2)) - Number(right.slice(2)) : compareText(left, right);
}
