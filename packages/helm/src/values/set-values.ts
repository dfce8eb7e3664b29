// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "@flux-ts/gotemplate";
import { type JsonObject, getKey, isJsonObject, parseJson, setKey } from "@flux-ts/kube-core";
import { HelmError, messageOf } from "../helm-error.ts";

/** How the values of `a.b=value,c[0]=value` are read. */
export type SetMode =
  /** `--set`: booleans, null and integers (as bigint, which templates see as int64); else text. `{a,b}` is a list. */
  | { readonly kind: "typed" }
  /** `--set-string`: text. */
  | { readonly kind: "text" }
  /** `--set-file`: the text of a file. */
  | { readonly kind: "file"; readonly read: (path: string) => string }
  /** `--set-json`: JSON. */
  | { readonly kind: "json" }
  /** `--set-literal`: one value, all of the rest, nothing escaped. */
  | { readonly kind: "literal" };

/** As Helm's MaxIndex and MaxNestedNameLevel. */
const MAX_INDEX = 65_536;
const MAX_NESTING = 30;

/** An object or list while it is being changed. */
type Table = Record<string, unknown>;

class SetError extends Error {}

/**
 * Puts what a line sets over values.
 *
 * @returns new values; the given ones are not changed
 * @throws {HelmError} VALUES, with the message of Helm's parser
 * @see helm.sh/helm/v4 pkg/strvals
 */
export function setValues(values: JsonObject, line: string, mode: SetMode): JsonObject {
  const out = copyTable(values);
  const reader = new LineReader(line, mode);
  try {
    while (!reader.isAtEnd()) if (reader.readKey(out, 0) === "end") break;
  } catch (error) {
    throw new HelmError("VALUES", messageOf(error), { cause: error });
  }
  return out;
}

function copyTable(values: JsonObject): Table {
  const out: Table = {};
  for (const [key, value] of Object.entries(values)) setKey(out, key, copyAny(value));
  return out;
}

function copyAny(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyAny);
  return isJsonObject(value) ? copyTable(value) : value;
}

/** What Go calls a value where it is taken for something else. */
function goType(value: unknown): string {
  if (value === null || value === undefined) return "nil";
  if (typeof value === "bigint") return "int64";
  if (Array.isArray(value)) return "[]interface {}";
  const type = typeof value;
  return type === "boolean" ? "bool" : type === "number" ? "float64" : type === "string" ? "string" : "map[string]interface {}";
}

function mismatch(value: unknown, wanted: string): never {
  throw new SetError(`unable to parse key: interface conversion: interface {} is ${goType(value)}, not ${wanted}`);
}

function asTable(value: unknown): Table {
  return isJsonObject(value) ? (value as Table) : mismatch(value, "map[string]interface {}");
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : mismatch(value, "[]interface {}");
}

/** What `%q` prints of a list of characters. */
function quoteRunes(text: string): string {
  return `[${Array.from(text, (char) => (char === "'" ? "'\\''" : `'${goQuote(char).slice(1, -1).replace('\\"', '"')}'`)).join(" ")}]`;
}

/** An empty key is not set. */
function put(table: Table, key: string, value: unknown): void {
  if (key !== "") setKey(table, key, value);
}

function putAt(list: unknown[], index: number, value: unknown): unknown[] {
  if (index > MAX_INDEX) throw new SetError(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`);
  while (list.length <= index) list.push(null);
  list[index] = value;
  return list;
}

/** A parser of one line, by Helm's own grammar and with its quirks. A state machine. */
class LineReader {
  readonly #chars: readonly string[];
  readonly #mode: SetMode;
  #at = 0;

  constructor(line: string, mode: SetMode) {
    this.#chars = Array.from(line);
    this.#mode = mode;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#chars.length;
  }

  /** Characters up to one of those; `last` is undefined at the end of the line. */
  #until(stops: string): { readonly text: string; readonly last: string | undefined } {
    let text = "";
    while (this.#at < this.#chars.length) {
      const char = this.#chars[this.#at++] ?? "";
      if (stops.includes(char)) return { text, last: char };
      if (char === "\\" && this.#mode.kind !== "literal") {
        const next = this.#chars[this.#at++];
        if (next === undefined) break;
        text += next;
      } else text += char;
    }
    return { text, last: undefined };
  }

  /** Reads `key=value`, or what is left of it after a dot. "end" when nothing is left to read. */
  readKey(table: Table, nesting: number): "more" | "end" {
    const isLiteral = this.#mode.kind === "literal";
    const { text: key, last } = this.#until(isLiteral ? "=[." : "=[,.");
    switch (last) {
      case undefined:
        if (key === "") return "end";
        throw new SetError(`key ${goQuote(key)} has no value`);
      case "[": {
        const index = this.#readIndex();
        const old = getKey(table, key);
        const list = Object.hasOwn(table, key) ? asList(old) : [];
        const result = this.#readItem(list, index, nesting);
        put(table, key, result.list);
        return result.state;
      }
      case "=":
        return this.#readValue((value) => put(table, key, value));
      case ",":
        put(table, key, "");
        throw new SetError(`key ${goQuote(key)} has no value (cannot end with ,)`);
      default: {
        if (nesting + 1 > MAX_NESTING)
          throw new SetError(`value name nested level is greater than maximum supported nested level of ${MAX_NESTING}`);
        const inner = Object.hasOwn(table, key) ? asTable(getKey(table, key)) : {};
        const state = this.readKey(inner, nesting + 1);
        const isEmpty = Object.keys(inner).length === 0;
        if (state === "more" && isEmpty) throw new SetError(`key map ${goQuote(key)} has no value`);
        if (!isEmpty) put(table, key, inner);
        return state;
      }
    }
  }

  #readIndex(): number {
    const { text, last } = this.#until("]");
    if (last === undefined) throw new SetError("error parsing index: EOF");
    if (!/^[+-]?[0-9]+$/.test(text)) throw new SetError(`error parsing index: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`);
    return Number(text);
  }

  /** Reads what follows `[index]`. */
  #readItem(list: unknown[], index: number, nesting: number): { readonly list: unknown[]; readonly state: "more" | "end" } {
    if (index < 0) throw new SetError(`negative ${index} index not allowed`);
    const { text, last } = this.#until("[.=");
    if (text !== "") throw new SetError(`unexpected data at end of array index: ${quoteRunes(text)}`);
    switch (last) {
      case undefined:
        return { list, state: "end" };
      case "=": {
        let out = list;
        const state = this.#readValue((value) => (out = putAt(list, index, value)), true);
        return { list: out, state };
      }
      case "[": {
        const next = this.#readIndex();
        const old = list[index] ?? null;
        const inner = this.#readItem(old === null ? [] : asList(old), next, nesting);
        return { list: putAt(list, index, inner.list), state: inner.state };
      }
      default: {
        const old = list[index];
        const inner: Table = isJsonObject(old) ? (old as Table) : {};
        const state = this.readKey(inner, nesting);
        return { list: putAt(list, index, inner), state };
      }
    }
  }

  #readValue(store: (value: unknown) => void, isItem = false): "more" | "end" {
    const mode = this.#mode;
    if (mode.kind === "literal") {
      store(this.#chars.slice(this.#at).join(""));
      this.#at = this.#chars.length;
      return "end";
    }
    if (mode.kind === "json") return this.#readJson(store);
    if (this.isAtEnd()) {
      store("");
      return isItem ? "more" : "end";
    }
    if (this.#chars[this.#at] === "{") {
      this.#at++;
      store(this.#readList());
      return "more";
    }
    const { text } = this.#until(",");
    store(convert(text, mode));
    return "more";
  }

  #readList(): unknown[] {
    const list: unknown[] = [];
    for (;;) {
      const { text, last } = this.#until(",}");
      if (last === undefined) throw new SetError("list must terminate with '}'");
      list.push(convert(text, this.#mode));
      if (last === "}") {
        if (this.#chars[this.#at] === ",") this.#at++;
        return list;
      }
    }
  }

  #readJson(store: (value: unknown) => void): "more" | "end" {
    if (this.#skipToValue()) {
      store(null);
      return "more";
    }
    const rest = this.#chars.slice(this.#at).join("");
    const length = jsonLength(rest);
    store(parseJson(rest.slice(0, length)));
    this.#at += Array.from(rest.slice(0, length)).length;
    this.#skipToValue();
    return "more";
  }

  /** Skips blanks; true when there is no value, but a comma (skipped too) or the end. */
  #skipToValue(): boolean {
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined) return true;
      if (char === ",") {
        this.#at++;
        return true;
      }
      if (!/\s/.test(char)) return false;
      this.#at++;
    }
  }
}

function convert(text: string, mode: SetMode): unknown {
  if (mode.kind === "file") return mode.read(text);
  return mode.kind === "typed" ? typed(text) : text;
}

function typed(text: string): unknown {
  const lower = text.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  if (lower === "null") return null;
  if (text === "0") return 0n;
  if (/^[+-]?[0-9]+$/.test(text) && !text.startsWith("0")) {
    const value = BigInt(text.replace(/^\+/, ""));
    if (BigInt.asIntN(64, value) === value) return value;
  }
  return text;
}

/** How long the JSON value at the start of a text is. */
function jsonLength(text: string): number {
  const scalar = /^\s*(?:"(?:[^"\\]|\\.)*"|[^\s,[\]{}"]+)/.exec(text);
  if (scalar !== null) return scalar[0].length;
  let depth = 0;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (match[0] === "[" || match[0] === "{") depth++;
    else if (match[0] === "]" || match[0] === "}") depth--;
    if (depth === 0 && !match[0].startsWith('"')) return match.index + match[0].length;
  }
  return text.length;
}
