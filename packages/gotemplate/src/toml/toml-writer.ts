// SPDX-License-Identifier: Apache-2.0
import { formatFloat } from "../format/float.ts";
import { stringOf } from "../format/stringer.ts";
import { Time } from "../sprig/time.ts";
import { FunctionError } from "../template-error.ts";
import { GoMap, Int, Slice, Struct, type Value, isFunction, kindOf, typeOf } from "../values.ts";
import { dottedKey, keyText, quoteToml } from "./toml-key.ts";

const MAX_DEPTH = 1000;

/**
 * A value as TOML: keys sorted, tables behind plain values and indented, as BurntSushi's encoder writes it.
 *
 * @throws {FunctionError} with the text of its error
 */
export function writeToml(value: Value, spend: (steps: number) => void = () => {}): string {
  if (value === null || value === undefined) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  const out = new Output(spend);
  encode([], value, out);
  return out.parts.join("");
}

/** What is written, and who counts what is looked at. */
class Output {
  readonly parts: string[] = [];
  readonly spend: (steps: number) => void;

  constructor(spend: (steps: number) => void) {
    this.spend = spend;
  }
}

function tooDeep(depth: number): void {
  if (depth > MAX_DEPTH) throw new FunctionError(`value is nested more than ${MAX_DEPTH} deep`);
}

function isTable(value: Value): value is GoMap | Struct {
  return value instanceof GoMap || (value instanceof Struct && value.text === undefined);
}

/** Whether a list is one of tables. A nil in a list is told of here. */
function isTableList(list: Slice, spend: (steps: number) => void): boolean {
  spend(list.items.length);
  let isAll = list.items.length > 0;
  for (const item of list.items) {
    if (item === null || item === undefined || (item instanceof Slice && item.isNil))
      throw new FunctionError("toml: cannot encode array with nil element");
    if (item instanceof Slice) isTableList(item, spend);
    if (isFunction(item)) throw new FunctionError("unsupported type: func");
    if (!isTable(item)) isAll = false;
  }
  return isAll;
}

function isSub(value: Value, spend: (steps: number) => void): boolean {
  if (isFunction(value)) throw new FunctionError("unsupported type: func");
  return isTable(value) || (value instanceof Slice && isTableList(value, spend));
}

function isNil(value: Value): boolean {
  return value === null || value === undefined || (value instanceof Slice && value.isNil);
}

function encode(key: readonly string[], value: Value, out: Output): void {
  out.spend(1);
  tooDeep(key.length);
  const pad = "  ".repeat(Math.max(0, key.length - 1));
  if (value instanceof Slice && isTableList(value, out.spend)) {
    if (key.length === 0) throw new FunctionError("toml: top-level values must be Go maps or structs");
    for (const item of value.items) {
      if (isNil(item)) continue;
      if (out.parts.length > 0) out.parts.push("\n");
      out.parts.push(`${pad}[[${dottedKey(key)}]]`, "\n");
      writeTable(key, item, out);
    }
  } else if (isTable(value)) {
    if (key.length === 1 && out.parts.length > 0) out.parts.push("\n");
    if (key.length > 0) out.parts.push(`${pad}[${dottedKey(key)}]`, "\n");
    writeTable(key, value, out);
  } else if (key.length === 0) {
    out.parts.push(inline(value, 0, out));
  } else {
    out.parts.push(`${pad}${keyText(key.at(-1) ?? "")} = `, inline(value, 0, out), "\n");
  }
}

/** What a table holds: plain values, then tables. A struct keeps the order of its fields. */
function entriesOf(table: Value, spend: (steps: number) => void): readonly [direct: [string, Value][], sub: [string, Value][]] {
  const all: [string, Value][] =
    table instanceof GoMap
      ? table.sortedKeys().map((key) => [key, table.entries.get(key)])
      : table instanceof Struct
        ? [...table.fields]
        : [];
  const direct: [string, Value][] = [];
  const sub: [string, Value][] = [];
  for (const entry of all) (isSub(entry[1], spend) ? sub : direct).push(entry);
  return [direct, sub];
}

function writeTable(key: readonly string[], table: Value, out: Output): void {
  for (const entries of entriesOf(table, out.spend)) {
    for (const [name, item] of entries) if (!isNil(item)) encode([...key, name], item, out);
  }
}

function inline(value: Value, depth: number, out: Output): string {
  out.spend(1);
  tooDeep(depth);
  if (typeof value === "string") return quoteToml(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return floatText(value);
  if (value instanceof Int) return value.type === "time.Duration" ? quoteToml(stringOf(value) ?? "") : String(value.value);
  if (value instanceof Slice) return `[${value.items.map((item) => inline(item, depth + 1, out)).join(", ")}]`;
  if (value instanceof Time) return value.tomlText();
  if (isTable(value)) return inlineTable(value, depth, out);
  if (value instanceof Struct && value.text !== undefined) return quoteToml(value.text());
  throw new FunctionError(`unsupported type: ${value === null || value === undefined ? typeOf(value) : kindOf(value)}`);
}

/** A comma stands behind each plain value when tables follow, also where those are nil. */
function inlineTable(table: Value, depth: number, output: Output): string {
  const [direct, sub] = entriesOf(table, output.spend);
  let out = "";
  const write = (entries: readonly [string, Value][], hasMore: boolean): void => {
    entries.forEach(([name, item], i) => {
      if (isNil(item)) return;
      out += `${keyText(name)} = ${inline(item, depth + 1, output)}`;
      if (hasMore || i !== entries.length - 1) out += ", ";
    });
  };
  write(direct, sub.length > 0);
  write(sub, false);
  return `{${out}}`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const text = formatFloat(value, "g");
  return /[.e]/.test(text) ? text : `${text}.0`;
}
