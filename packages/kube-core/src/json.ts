// SPDX-License-Identifier: Apache-2.0
import { ExactNumber, sameNumber } from "./exact-number.ts";
import { compareText, isJsonObject } from "./json-object.ts";
import { JsonParser } from "./json-parser.ts";

export interface ParseJsonOptions {
  /** Called once for each key that an object holds twice, with its path (`spec.containers[0].name`). The last value wins. */
  readonly onDuplicateKey?: (path: string) => void;
  /** How deep objects and arrays may nest: 1000 unless told. */
  readonly maxDepth?: number;
  /** Every number as an `ExactNumber` with the text that it was written with, whatever its size. */
  readonly keepsNumbers?: boolean;
}

const MAX_DEPTH = 1000;

/** Numbers that `JSON.parse` would change: 16 digits and more, `-0`, exponents of three digits. Only as values, not inside strings. */
const UNSAFE_NUMBER = /(?:^|[:,[\s])-?(?:\d{16}|0(?![.\d])(?<=-0)|\d+(?:\.\d+)?[eE]\+?\d{3}|\d+\.\d*[eE]\+?\d{2})/;

/**
 * Parses JSON as Kubernetes does (Go's `encoding/json` with 64-bit integers).
 *
 * Integers within int64 are exact: plain numbers when safe, else `ExactNumber`; larger ones become floats. `-0` is 0.
 * A repeated key is taken from its last place, `__proto__` is a key like any other.
 *
 * @param text JSON, or its UTF-8 bytes (invalid sequences become U+FFFD)
 * @throws {SyntaxError} with Go's text: `invalid character 'x' looking for beginning of value`, `unexpected end of JSON input`, `exceeded max depth`
 * @see k8s.io/apimachinery/pkg/util/json, sigs.k8s.io/json
 */
export function parseJson(text: string | Uint8Array, options: ParseJsonOptions = {}): unknown {
  const source = typeof text === "string" ? text : new TextDecoder("utf-8", { ignoreBOM: true }).decode(text);
  const maxDepth = options.maxDepth ?? MAX_DEPTH;
  // Text that deep is longer than this, with its brackets alone.
  const isShallow = source.length < 2 * maxDepth || countNesting(source) <= maxDepth;
  const { keepsNumbers = false } = options;
  if (options.onDuplicateKey === undefined && !keepsNumbers && isShallow && !UNSAFE_NUMBER.test(source)) {
    try {
      return JSON.parse(source);
    } catch {
      // Told again below, in Go's words.
    }
  }
  return new JsonParser(source, maxDepth, options.onDuplicateKey, keepsNumbers).parse();
}

/** An upper bound of the nesting: brackets inside strings count too. */
function countNesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index) & ~0x20; // [ and {, ] and } differ in this bit
    if (unit === 0x5b) {
      if (++depth > deepest) deepest = depth;
    } else if (unit === 0x5d && depth > 0) depth--;
  }
  return deepest;
}

export interface StringifyJsonOptions {
  /** Sorts the keys of every object by their bytes, as Go sorts a map. Otherwise they keep their order. */
  readonly sortKeys?: boolean;
  /** Writes `<`, `>`, `&`, U+2028 and U+2029 as `\u003c` …, as Go's `json.Marshal` does. */
  readonly escapeHtml?: boolean;
  /** Spaces for each level; absent: one line. */
  readonly indent?: number;
}

/**
 * The JSON of a value, numbers as Go writes them: floats like `strconv` with exponents from 1e21 and below 1e-6,
 * `ExactNumber` integers as they stand. Undefined fields are left out.
 *
 * @throws {TypeError} on a cycle
 * @throws {RangeError} when the value nests too deep for the stack (several thousand levels; parsed values never do)
 * @see encoding/json
 */
export function stringifyJson(value: unknown, options: StringifyJsonOptions = {}): string {
  const needsOwnWriter = options.sortKeys === true || holdsExactNumber(value);
  const text = needsOwnWriter
    ? writeValue(value, { sortKeys: options.sortKeys === true, indent: options.indent ?? 0 }, "")
    : (JSON.stringify(value, undefined, options.indent) ?? "null");
  return options.escapeHtml === true ? text.replace(HTML, escapeUnit) : text;
}

const HTML = /[<>&\u2028\u2029]/g;

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function holdsExactNumber(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof ExactNumber) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && holdsExactNumber(item)) return true;
    return false;
  }
  const object = value as Record<string, unknown>;
  for (const key in object) {
    const field = object[key];
    if (typeof field === "object" && field !== null && holdsExactNumber(field)) return true;
  }
  return false;
}

interface Layout {
  readonly sortKeys: boolean;
  readonly indent: number;
}

function writeValue(value: unknown, layout: Layout, margin: string): string {
  if (value instanceof ExactNumber) return writeExact(value);
  if (Array.isArray(value)) {
    const inner = margin + " ".repeat(layout.indent);
    const items = value.map((item) => writeValue(item, layout, inner));
    return enclose("[", items, "]", layout, margin);
  }
  if (isJsonObject(value)) {
    const inner = margin + " ".repeat(layout.indent);
    const keys = Object.keys(value);
    if (layout.sortKeys) keys.sort(compareText);
    const fields: string[] = [];
    for (const key of keys) {
      const field = value[key];
      if (field === undefined || typeof field === "function") continue;
      fields.push(`${JSON.stringify(key)}:${layout.indent > 0 ? " " : ""}${writeValue(field, layout, inner)}`);
    }
    return enclose("{", fields, "}", layout, margin);
  }
  return JSON.stringify(value) ?? "null";
}

function enclose(open: string, parts: readonly string[], close: string, layout: Layout, margin: string): string {
  if (layout.indent === 0 || parts.length === 0) return open + parts.join(",") + close;
  const inner = margin + " ".repeat(layout.indent);
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
}

/** An integer in decimal digits; a float as JavaScript writes it, which is how Go's JSON writes it. */
function writeExact(value: ExactNumber): string {
  const integer = value.toBigInt();
  if (integer !== undefined) return integer.toString();
  return JSON.stringify(value.valueOf());
}

/**
 * Whether two JSON values are the same: keys in any order, lists in order, numbers by value. An undefined field equals
 * an absent one; null does not.
 */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return isNumeric(left) && isNumeric(right) && sameNumber(left, right);
  }
  if (left instanceof ExactNumber || right instanceof ExactNumber) return isNumeric(left) && isNumeric(right) && sameNumber(left, right);
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) if (!deepEqual(left[index], right[index])) return false;
    return true;
  }
  if (Array.isArray(right)) return false;
  return sameFields(left as Record<string, unknown>, right as Record<string, unknown>);
}

function sameFields(left: Record<string, unknown>, right: Record<string, unknown>): boolean {
  let count = 0;
  for (const key of Object.keys(left)) {
    const field = left[key];
    if (field === undefined) continue;
    count++;
    if (!Object.hasOwn(right, key) || !deepEqual(field, right[key])) return false;
  }
  for (const key of Object.keys(right)) if (right[key] !== undefined) count--;
  return count === 0;
}

function isNumeric(value: unknown): value is number | ExactNumber {
  return typeof value === "number" || value instanceof ExactNumber;
}
