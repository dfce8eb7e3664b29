// SPDX-License-Identifier: Apache-2.0
import { formatFloat } from "../format/float.ts";
import { stringOf } from "../format/stringer.ts";
import { FunctionError } from "../template-error.ts";
import { GoMap, Int, Slice, Struct, type Value } from "../values.ts";

const MAX_DEPTH = 1000;
const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

/** A value as BurntSushi/toml's encoder writes it: keys sorted, tables behind plain values and indented. @throws {FunctionError} */
export function writeToml(value: Value): string {
  if (value === null || value === undefined) throw new FunctionError("toml: cannot encode a nil value");
  if (!(value instanceof GoMap)) throw new FunctionError("toml: top-level values must be Go maps or structs");
  const lines: string[] = [];
  writeTable(value, [], lines);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function isTable(value: Value): value is GoMap {
  return value instanceof GoMap;
}

function isTableList(value: Value): value is Slice {
  return value instanceof Slice && value.items.length > 0 && value.items.every(isTable);
}

function writeTable(table: GoMap, path: readonly string[], lines: string[]): void {
  if (path.length > MAX_DEPTH) throw new FunctionError(`value is nested more than ${MAX_DEPTH} deep`);
  const pad = "  ".repeat(path.length);
  const keys = table.sortedKeys().filter((key) => (table.entries.get(key) ?? null) !== null);
  const isSub = (key: string): boolean => isTable(table.entries.get(key)) || isTableList(table.entries.get(key));
  for (const key of keys) if (!isSub(key)) lines.push(`${pad}${writeKey(key)} = ${writeInline(table.entries.get(key), 0)}`);
  for (const key of keys) {
    const value = table.entries.get(key);
    const inner = [...path, key];
    if (isTable(value)) {
      startTable(lines, path);
      lines.push(`${pad}[${inner.map(writeKey).join(".")}]`);
      writeTable(value, inner, lines);
    } else if (isTableList(value)) {
      for (const item of value.items) {
        if (lines.length > 0) lines.push("");
        lines.push(`${pad}[[${inner.map(writeKey).join(".")}]]`);
        if (isTable(item)) writeTable(item, inner, lines);
      }
    }
  }
}

/** A blank line before a table of the top level. */
function startTable(lines: string[], path: readonly string[]): void {
  if (lines.length > 0 && path.length === 0) lines.push("");
}

function writeKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : writeText(key);
}

function writeText(text: string): string {
  return `"${text.replace(/["\\\u0000-\u001f\u007f]/g, (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

function writeInline(value: Value, depth: number): string {
  if (depth > MAX_DEPTH) throw new FunctionError(`value is nested more than ${MAX_DEPTH} deep`);
  if (typeof value === "string") return writeText(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeFloat(value);
  if (value instanceof Int) return stringOf(value) === undefined ? String(value.value) : writeText(stringOf(value) ?? "");
  if (value instanceof Slice) return `[${value.items.map((item) => writeItem(item, depth + 1)).join(", ")}]`;
  if (value instanceof GoMap) {
    const keys = value.sortedKeys().filter((key) => (value.entries.get(key) ?? null) !== null);
    return `{${keys.map((key) => `${writeKey(key)} = ${writeInline(value.entries.get(key), depth + 1)}`).join(", ")}}`;
  }
  if (value instanceof Struct && value.text !== undefined) return writeText(value.text());
  throw new FunctionError("toml: unsupported type");
}

function writeItem(value: Value, depth: number): string {
  if (value === null || value === undefined) throw new FunctionError("toml: cannot encode array with nil element");
  return writeInline(value, depth);
}

function writeFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const text = formatFloat(value, "g");
  return /[.e]/.test(text) ? text : `${text}.0`;
}
