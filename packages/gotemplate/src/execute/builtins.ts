// SPDX-License-Identifier: Apache-2.0
import { byteLength, byteSlice, toBytes } from "../bytes.ts";
import { formatValue, sprint, sprintf, sprintln } from "../format/sprintf.ts";
import { FunctionError } from "../template-error.ts";
import { GoMap, Int, Slice, type TemplateFunction, type Value, fn, int, isFunction, isTrue, typeOf, zeroOf } from "../values.ts";
import { compare, equal } from "./compare.ts";

/** Go's own functions. `and` and `or` are named here only; the compiler knows them. @see text/template funcs.go */
export function builtins(): Map<string, TemplateFunction> {
  const text = (escape: (value: string) => string): TemplateFunction =>
    fn("any...", (args) => escape(sprint(args.map((arg) => arg ?? "<no value>"))));
  return new Map<string, TemplateFunction>([
    ["and", fn("reflect.Value,reflect.Value...", ([first]) => first)],
    ["or", fn("reflect.Value,reflect.Value...", ([first]) => first)],
    ["not", fn("reflect.Value", ([value]) => !isTrue(value))],
    ["call", fn("reflect.Value,reflect.Value...", callFunction)],
    ["len", fn("reflect.Value", ([value]) => int(lengthOf(value)))],
    ["index", fn("reflect.Value,reflect.Value...", index)],
    ["slice", fn("reflect.Value,reflect.Value...", slice)],
    ["print", fn("any...", (args) => sprint(args))],
    ["printf", fn("string,any...", (args) => sprintf(String(args[0]), args.slice(1)))],
    ["println", fn("any...", (args) => sprintln(args))],
    ["html", text(escapeHtml)],
    ["js", text(escapeJs)],
    ["urlquery", text(escapeQuery)],
    ["eq", fn("reflect.Value,reflect.Value...", (args) => equal(args[0], args.slice(1)))],
    ["ne", fn("reflect.Value,reflect.Value", (args) => !equal(args[0], args.slice(1)))],
    ["lt", fn("reflect.Value,reflect.Value", (args) => compare(args[0], args[1]) < 0)],
    ["le", fn("reflect.Value,reflect.Value", (args) => compare(args[0], args[1]) <= 0)],
    ["gt", fn("reflect.Value,reflect.Value", (args) => !(compare(args[0], args[1]) <= 0))],
    ["ge", fn("reflect.Value,reflect.Value", (args) => !(compare(args[0], args[1]) < 0))],
  ]);
}

function callFunction([name, target, ...args]: readonly Value[], call: Parameters<TemplateFunction["run"]>[1]): Value {
  if (target === undefined || target === null) throw new FunctionError("call of nil");
  if (!isFunction(target)) throw new FunctionError(`non-function ${formatValue(name)} of type ${typeOf(target)}`);
  const fixed = target.isVariadic ? target.params.length - 1 : target.params.length;
  if (target.isVariadic ? args.length < fixed : args.length !== fixed) {
    throw new FunctionError(
      `wrong number of args for ${formatValue(name)}: got ${args.length} want ${target.isVariadic ? "at least " : ""}${fixed}`,
    );
  }
  args.forEach((arg, i) => {
    const type = target.params[Math.min(i, target.params.length - 1)] ?? "interface {}";
    if (type !== "interface {}" && type !== "reflect.Value" && typeOf(arg) !== type) {
      throw new FunctionError(`arg ${i}: value has type ${typeOf(arg)}; should be ${type}`);
    }
  });
  return target.run(args, call);
}

function lengthOf(value: Value): number {
  if (value === null) throw new FunctionError("len of nil pointer");
  if (value === undefined) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  if (typeof value === "string") return byteLength(value);
  if (value instanceof GoMap) return value.entries.size;
  if (value instanceof Slice) return value.items.length;
  throw new FunctionError(`len of type ${typeOf(value).replace(/^\*/, "")}`);
}

function indexIn(value: Value, size: number): number {
  if (value === undefined || value === null) throw new FunctionError("cannot index slice/array with nil");
  if (!(value instanceof Int)) throw new FunctionError(`cannot index slice/array with type ${typeOf(value)}`);
  if (value.value < 0n || value.value > BigInt(size)) throw new FunctionError(`index out of range: ${value.value}`);
  return Number(value.value);
}

function index([item, ...indexes]: readonly Value[]): Value {
  if (item === undefined || item === null) throw new FunctionError("index of untyped nil");
  let value: Value = item;
  for (const at of indexes) {
    if (value === undefined || value === null) throw new FunctionError("index of nil pointer");
    if (typeof value === "string") {
      const bytes = toBytes(value);
      const x = indexIn(at, bytes.length);
      const byte = bytes[x];
      if (byte === undefined) throw new FunctionError("reflect: string index out of range");
      value = new Int("uint8", BigInt(byte));
    } else if (value instanceof Slice) {
      const x = indexIn(at, value.items.length);
      if (x === value.items.length) throw new FunctionError("reflect: slice index out of range");
      value = value.items[x] ?? null;
    } else if (value instanceof GoMap) {
      if (at === undefined || at === null) throw new FunctionError("value is nil; should be of type string");
      if (typeof at !== "string") throw new FunctionError(`value has type ${typeOf(at)}; should be string`);
      value = value.entries.has(at) ? (value.entries.get(at) ?? null) : zeroOf(value);
    } else throw new FunctionError(`can't index item of type ${typeOf(value).replace(/^\*/, "")}`);
  }
  return value;
}

function slice([item, ...indexes]: readonly Value[]): Value {
  if (item === undefined || item === null) throw new FunctionError("slice of untyped nil");
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  if (typeof item === "string" && indexes.length === 3) throw new FunctionError("cannot 3-index slice a string");
  if (typeof item !== "string" && !(item instanceof Slice)) throw new FunctionError(`can't slice item of type ${typeOf(item)}`);
  const size = typeof item === "string" ? byteLength(item) : item.items.length;
  const [start = 0, end = size, cap] = indexes.map((at) => indexIn(at, size));
  if (start > end) throw new FunctionError(`invalid slice index: ${start} > ${end}`);
  if (cap !== undefined && end > cap) throw new FunctionError(`invalid slice index: ${end} > ${cap}`);
  return typeof item === "string" ? byteSlice(item, start, end) : new Slice(item.items.slice(start, end), item.type);
}

const HTML: Readonly<Record<string, string>> = { "\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => HTML[char] ?? char);
}

const JS: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=]|[^\x20-\x7e]/gu, (char) => {
    const named = JS[char];
    if (named !== undefined) return named;
    const code = char.codePointAt(0) ?? 0;
    if (code > 0x7f && /[\p{L}\p{M}\p{N}\p{P}\p{S}\ud800-\udfff]/u.test(char)) return char;
    return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
  });
}

/** @see net/url QueryEscape */
export function escapeQuery(text: string): string {
  let out = "";
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9_.~-]/.test(char)) out += char;
    else out += char === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
