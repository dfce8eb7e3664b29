// SPDX-License-Identifier: Apache-2.0
// A recursive reader of TOML's grammar: one method for each construct.
import { toBytes } from "../bytes.ts";
import { goQuote, goQuoteRune } from "../format/quote.ts";
import { parseFloatLiteral } from "../parse/number.ts";
import { Time } from "../sprig/time.ts";
import { parseTime } from "../sprig/parse-time.ts";
import type { Zone } from "../sprig/time-zone.ts";
import { FunctionError } from "../template-error.ts";
import { GoMap, Slice, type Value, int64 } from "../values.ts";
import { TomlTables } from "./toml-tables.ts";

const MAX_DEPTH = 500;
const EOF = "";
const LETTER = /^\p{L}$/u;

/** Layouts that a date or time may have, and the zone of one that names none. */
const DATE_LAYOUTS: readonly (readonly [layout: string, zone: Zone])[] = [
  ["2006-01-02T15:04:05.999999999Z07:00", "UTC"],
  ["2006-01-02T15:04:05.999999999", { name: "datetime-local", offsetSeconds: 0 }],
  ["2006-01-02", { name: "date-local", offsetSeconds: 0 }],
  ["15:04:05.999999999", { name: "time-local", offsetSeconds: 0 }],
  ["2006-01-02T15:04Z07:00", "UTC"],
  ["2006-01-02T15:04", { name: "datetime-local", offsetSeconds: 0 }],
  ["15:04", { name: "time-local", offsetSeconds: 0 }],
];

/**
 * What TOML 1.1 text holds: integers are int64, tables of an array `[]map[string]interface {}`.
 *
 * @throws {FunctionError} with the text of BurntSushi's error
 */
export function readToml(text: string): GoMap {
  return new TomlReader(text.replace(/^\ufeff/, "")).read();
}

class TomlReader {
  readonly #text: string;
  readonly #tables: TomlTables;
  #pos = 0;
  #line = 1;
  /** The line of the last key, which errors about keys name. */
  #keyLine = 1;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tables = new TomlTables((message) => this.#failAt(this.#keyLine, message));
  }

  read(): GoMap {
    const nul = toBytes(this.#text).slice(0, 6).indexOf(0);
    if (nul >= 0) this.#failAt(1, "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8");
    for (;;) {
      const char = this.#next();
      if (char === EOF) break;
      if (isBlank(char) || isBreak(char)) continue;
      if (char === "#") {
        this.#comment();
        continue;
      }
      if (char === "[") this.#header();
      else {
        this.#back(char);
        this.#pair(undefined, undefined);
      }
      this.#lineEnd();
    }
    return this.#tables.root;
  }

  #failAt(line: number, message: string): never {
    const last = this.#tables.lastKey;
    throw new FunctionError(`toml: line ${line}${last === "" ? "" : ` (last key ${goQuote(last)})`}: ${message}`);
  }

  /** Fails where the reader is; behind a last line break it is on the line before. */
  #fail(message: string): never {
    const isBehind = this.#pos >= this.#text.length && this.#text.endsWith("\n");
    this.#failAt(this.#line - (isBehind ? 1 : 0), message);
  }

  #next(): string {
    const code = this.#text.codePointAt(this.#pos);
    if (code === undefined) return EOF;
    const char = String.fromCodePoint(code);
    if (code >= 0xdc80 && code <= 0xdcff) this.#failAt(this.#line, `invalid UTF-8 byte: 0x${(code - 0xdc00).toString(16)}`);
    const isControl = code < 0x20 ? char !== "\t" && char !== "\n" && (char !== "\r" || this.#text[this.#pos + 1] !== "\n") : code === 0x7f;
    if (isControl) this.#failAt(this.#line, `TOML files cannot contain control characters: '0x${code.toString(16).padStart(2, "0")}'`);
    if (char === "\n") this.#line++;
    this.#pos += char.length;
    return char;
  }

  #back(char: string): void {
    this.#pos -= char.length;
    if (char === "\n") this.#line--;
  }

  #peek(): string {
    const char = this.#next();
    this.#back(char);
    return char;
  }

  #accept(char: string): boolean {
    const next = this.#next();
    if (next === char) return true;
    this.#back(next);
    return false;
  }

  #skip(test: (char: string) => boolean): void {
    for (;;) {
      const char = this.#next();
      if (test(char)) continue;
      this.#back(char);
      return;
    }
  }

  #comment(): void {
    this.#skip((char) => char !== EOF && !isBreak(char));
  }

  #lineEnd(): void {
    this.#skip(isBlank);
    const char = this.#next();
    if (char === "#") this.#comment();
    else if (char !== EOF && !isBreak(char))
      this.#fail(`expected a top-level item to end with a newline, comment, or EOF, but got ${quoteChar(char)} instead`);
  }

  /** `[a.b]`, `[[a.b]]`. */
  #header(): void {
    const isList = this.#accept("[");
    const key: string[] = [];
    for (;;) {
      this.#skip(isBlank);
      const char = this.#peek();
      if (char === "]" || char === EOF) this.#fail("unexpected end of table name (table names cannot be empty)");
      if (char === ".") this.#fail("unexpected table separator (table names cannot be empty)");
      key.push(this.#keyPart());
      if (key.length === 1) this.#keyLine = this.#line;
      this.#skip(isBlank);
      const end = this.#next();
      if (end === "]") break;
      if (end !== ".") this.#fail(`expected '.' or ']' to end table name, but got ${quoteChar(end)} instead`);
    }
    if (isList) {
      const end = this.#next();
      if (end !== "]") this.#fail(`expected end of table array name delimiter ']', but got ${quoteChar(end)} instead`);
    }
    this.#tables.open(key, isList);
  }

  #keyPart(): string {
    const mark = this.#peek();
    if (mark === '"' || mark === "'") {
      this.#next();
      return mark === '"' ? this.#string() : this.#rawString();
    }
    const start = this.#pos;
    this.#skip((char) => /^[A-Za-z0-9_-]$/.test(char));
    return this.#text.slice(start, this.#pos);
  }

  /** A key and its value; into an inline table when there is one. */
  #pair(table: GoMap | undefined, context: readonly string[] | undefined): void {
    this.#skip(isBlank);
    const char = this.#peek();
    if (char === "=" || char === EOF) this.#fail("unexpected '=': key name appears blank");
    if (char === ".") this.#fail("unexpected '.': keys cannot start with a '.'");
    const key: string[] = [];
    for (;;) {
      this.#skip(isBlank);
      const first = this.#peek();
      if (key.length > 0 && (first === "=" || first === EOF)) this.#fail("unexpected '='");
      if (key.length > 0 && first === ".") this.#fail("unexpected '.'");
      const part = this.#keyPart();
      key.push(part);
      if (key.length === 1) this.#keyLine = this.#line;
      this.#skip(isBlank);
      const end = this.#next();
      if (end === "=") break;
      if (end === EOF) this.#fail("unexpected EOF; expected key separator '='");
      if (end === "\n") this.#failAt(this.#line - 1, `expected '.' or '=', but got ${quoteChar(end)} instead`);
      if (end !== ".") this.#fail(`expected '.' or '=', but got ${quoteChar(end)} instead`);
    }
    const outer = context ?? this.#tables.context;
    this.#tables.enterKey(key);
    const value = this.#value(false);
    const name = key.at(-1) ?? "";
    this.#tables.set(name, value);
    if (table !== undefined) this.#put(table, key, value);
    this.#tables.leaveKey(outer, table !== undefined);
  }

  #put(table: GoMap, key: readonly string[], value: Value): void {
    let target = table;
    for (const part of key.slice(0, -1)) {
      const found = target.entries.get(part) ?? new GoMap();
      target.entries.set(part, found);
      if (!(found instanceof GoMap)) this.#failAt(this.#keyLine, `${goQuote(this.#tables.contextText)} is not a table`);
      target = found;
    }
    target.entries.set(key.at(-1) ?? "", value);
  }

  #value(isInList: boolean): Value {
    if (++this.#depth > MAX_DEPTH) this.#fail(`values are nested more than ${MAX_DEPTH} deep`);
    this.#skip(isBlank);
    const value = this.#valueOf(this.#next(), isInList);
    this.#depth--;
    return value;
  }

  #valueOf(char: string, isInList: boolean): Value {
    if (/^[0-9]$/.test(char)) {
      this.#back(char);
      return this.#numberOrDate();
    }
    switch (char) {
      case "[":
        return this.#list();
      case "{":
        return this.#inlineTable(isInList);
      case '"':
        if (!this.#accept('"')) return this.#string();
        return this.#accept('"') ? this.#longString() : "";
      case "'":
        if (!this.#accept("'")) return this.#rawString();
        return this.#accept("'") ? this.#longRawString() : "";
      case ".":
        this.#fail("floats must start with a digit, not '.'");
      case "-":
      case "+":
        return this.#signed(char);
    }
    if (char === "i" || char === "n") {
      const rest = char === "i" ? "nf" : "an";
      if (this.#text.startsWith(rest, this.#pos)) {
        this.#pos += 2;
        return char === "i" ? Infinity : Number.NaN;
      }
    }
    if (LETTER.test(char)) {
      this.#back(char);
      const start = this.#pos;
      this.#skip((next) => LETTER.test(next));
      const word = this.#text.slice(start, this.#pos);
      if (word === "true" || word === "false") return word === "true";
      this.#fail(`expected value but found ${goQuote(word)} instead`);
    }
    if (char === EOF) this.#fail("unexpected EOF; expected value");
    if (char === "\n") this.#failAt(this.#line - 1, `expected value but found ${quoteChar(char)} instead`);
    this.#fail(`expected value but found ${quoteChar(char)} instead`);
  }

  #list(): Slice {
    this.#tables.markList();
    const items: Value[] = [];
    for (;;) {
      this.#skipSpace();
      const char = this.#next();
      if (char === ",") this.#fail("unexpected comma");
      if (char === "]") return new Slice(items);
      this.#back(char);
      items.push(this.#value(true));
      this.#skipSpace();
      const end = this.#next();
      if (end === "]") return new Slice(items);
      if (end !== ",") this.#fail(`expected a comma (',') or array terminator (']'), but got ${shown(end)}`);
    }
  }

  /** Blanks, line breaks and comments. */
  #skipSpace(): void {
    for (;;) {
      this.#skip((char) => isBlank(char) || isBreak(char));
      if (!this.#accept("#")) return;
      this.#comment();
    }
  }

  #inlineTable(isInList: boolean): GoMap {
    const table = new GoMap();
    const outer = this.#tables.enterInline(isInList);
    const context = this.#tables.context;
    for (;;) {
      this.#skipSpace();
      const char = this.#next();
      if (char === ",") this.#fail("unexpected comma");
      if (char === "}") break;
      this.#back(char);
      this.#pair(table, context);
      this.#skipSpace();
      const end = this.#next();
      if (end === "}") break;
      if (end !== ",") this.#fail(`expected a comma or an inline table terminator '}', but got ${shown(end)} instead`);
    }
    this.#tables.leaveInline(outer);
    return table;
  }

  #string(): string {
    let out = "";
    for (;;) {
      const char = this.#next();
      if (char === EOF) this.#fail(`unexpected EOF; expected '"'`);
      if (isBreak(char)) this.#failAt(this.#line - 1, "strings cannot contain newlines");
      if (char === '"') return out;
      out += char === "\\" ? this.#escape() : char;
    }
  }

  #rawString(): string {
    const start = this.#pos;
    for (;;) {
      const char = this.#next();
      if (char === EOF) this.#fail(`unexpected EOF; expected "'"`);
      if (isBreak(char)) this.#failAt(this.#line - 1, "strings cannot contain newlines");
      if (char === "'") return this.#text.slice(start, this.#pos - 1);
    }
  }

  /** The character behind a backslash, or of its number. */
  #escape(): string {
    const char = this.#next();
    const simple = SIMPLE_ESCAPES.get(char);
    if (simple !== undefined) return simple;
    if (char === " " || char === "\t") this.#fail(`invalid escape: '\\${char}'`);
    const [count = 0, words = ""] = HEX_ESCAPES.get(char) ?? [];
    if (count === 0) this.#failAt(this.#line - (char === EOF ? 1 : 0), `invalid escape in string '\\${char}'`);
    const start = this.#pos;
    for (let i = 0; i < count; i++) {
      const digit = this.#next();
      if (!/^[0-9a-fA-F]$/.test(digit)) {
        const read = this.#text.slice(this.#text.lastIndexOf("\\", start - 1), this.#pos);
        this.#fail(`expected ${words} hexadecimal digits after '\\${char}', but got ${goQuote(read)} instead`);
      }
    }
    const digits = this.#text.slice(start, this.#pos);
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) this.#fail(`Escaped character '\\u${digits}' is not valid UTF-8.`);
    return String.fromCodePoint(code);
  }

  #longString(): string {
    this.#skipFirstBreak();
    let out = "";
    let quotes = 0;
    for (;;) {
      const char = this.#next();
      if (char === EOF) this.#fail(`unexpected EOF; expected '"""'`);
      if (char !== '"') {
        if (quotes >= 3) {
          this.#back(char);
          return out.slice(0, -3);
        }
        quotes = 0;
        out += char === "\\" ? this.#longEscape() : char;
        continue;
      }
      out += char;
      if (++quotes === 6) this.#fail(`unexpected '""""""'`);
      if (quotes >= 3 && this.#peek() === EOF) return out.slice(0, -3);
    }
  }

  /** A backslash at the end of a line takes the blanks behind it away. */
  #longEscape(): string {
    const blanks = /[ \t\r\n]+/y;
    blanks.lastIndex = this.#pos;
    const found = blanks.exec(this.#text)?.[0] ?? "";
    if (!found.includes("\n")) return this.#escape();
    this.#skip((char) => isBlank(char) || isBreak(char));
    return "";
  }

  #longRawString(): string {
    this.#skipFirstBreak();
    let out = "";
    let quotes = 0;
    for (;;) {
      const char = this.#next();
      if (char === EOF) this.#fail(`unexpected EOF; expected "'''"`);
      out += char;
      quotes = char === "'" ? quotes + 1 : 0;
      if (quotes === 6) this.#fail(`unexpected "''''''"`);
      if (quotes >= 3 && this.#peek() !== "'") return out.slice(0, -3);
    }
  }

  #skipFirstBreak(): void {
    if (this.#text.startsWith("\r\n", this.#pos)) this.#next();
    if (this.#text[this.#pos] === "\n") this.#next();
  }

  #signed(sign: string): Value {
    const start = this.#pos - 1;
    const char = this.#next();
    const read = (): string => this.#text.slice(start, this.#pos);
    if (char === "i" || char === "n") {
      const [a = "", b = ""] = char === "i" ? ["n", "f"] : ["a", "n"];
      if (!this.#accept(a) || !this.#accept(b)) this.#fail(`invalid float: '${read()}'`);
      return char === "n" ? Number.NaN : sign === "-" ? -Infinity : Infinity;
    }
    if (char === "0") {
      const next = this.#peek();
      if (next === "b" || next === "o" || next === "x") this.#fail(`cannot use sign with non-decimal numbers: '${read()}${next}'`);
    }
    if (char === ".") this.#fail("floats must start with a digit, not '.'");
    if (!/^[0-9]$/.test(char)) this.#fail(`expected a digit but got ${quoteChar(char)}`);
    this.#skip((next) => /^[0-9_]$/.test(next));
    if (!/^[.eE]$/.test(this.#peek())) return this.#integer(read());
    this.#skip((next) => /^[0-9_.+eE-]$/.test(next));
    return this.#float(read());
  }

  #numberOrDate(): Value {
    const start = this.#pos;
    const read = (): string => this.#text.slice(start, this.#pos);
    const based = /0([box])/y;
    based.lastIndex = start;
    const [prefix = "", base = ""] = based.exec(this.#text) ?? [];
    if (base !== "") {
      this.#pos += prefix.length;
      const [digits, name] =
        base === "b" ? [/^[01]$/, "a binary"] : base === "o" ? [/^[0-7]$/, "an octal"] : [/^[0-9a-fA-F]$/, "a hexadecimal"];
      const next = this.#peek();
      if (!digits.test(next)) this.#fail(`not ${name} number: '${read()}${next === EOF ? "\0" : next}'`);
      this.#skip((char) => char === "_" || digits.test(char));
      return this.#integer(read());
    }
    this.#skip((char) => /^[0-9]$/.test(char));
    const char = this.#peek();
    // A date starts with two digits or more.
    if ((char === "-" || char === ":") && !/^0$/.test(read())) {
      this.#skip((next) => /^[0-9:TtZz .+-]$/.test(next));
      return this.#date(read().trim());
    }
    this.#skip((next) => /^[0-9_]$/.test(next));
    if (!/^[.eE]$/.test(this.#peek())) return this.#integer(read());
    this.#skip((next) => /^[0-9_.+eE-]$/.test(next));
    return this.#float(read());
  }

  #integer(text: string): Value {
    if (!hasGoodUnderscores(text)) this.#fail(`Invalid integer ${goQuote(text)}: underscores must be surrounded by digits`);
    if (hasLeadingZero(text)) this.#fail(`Invalid integer ${goQuote(text)}: cannot have leading zeroes`);
    const digits = text.replaceAll("_", "");
    const value = digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits.replace(/^\+/, ""));
    if (BigInt.asIntN(64, value) !== value) this.#fail(`${text} is out of range for int64`);
    return int64(value);
  }

  #float(text: string): Value {
    const parts = text.split(/[.eE]/).filter((part) => part !== "");
    if (!parts.every(hasGoodUnderscores)) this.#fail(`Invalid float ${goQuote(text)}: underscores must be surrounded by digits`);
    if (hasLeadingZero(parts[0] ?? "")) this.#fail(`Invalid float ${goQuote(text)}: cannot have leading zeroes`);
    if (/\.(?![0-9])/.test(text)) this.#fail(`Invalid float ${goQuote(text)}: '.' must be followed by one or more digits`);
    const value = parseFloatLiteral(text.replaceAll("_", ""));
    if (value !== undefined) return value;
    if (Number.isNaN(Number(text.replaceAll("_", "")))) this.#fail(`Invalid float value: ${goQuote(text)}`);
    this.#fail(`${text} is out of range for float64`);
  }

  #date(given: string): Time {
    const text = given.replaceAll("z", "Z").replaceAll("t", "T").replaceAll(" ", "T");
    for (const [layout, zone] of DATE_LAYOUTS) {
      const parsed = parseTime(layout, text, zone);
      if (typeof parsed === "string") continue;
      if (lacksZeros(text, layout)) break;
      return new Time(parsed.nanoseconds, parsed.zone);
    }
    this.#fail(`invalid datetime: ${goQuote(text)}`);
  }
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\u001b"],
  ['"', '"'],
  ["\\", "\\"],
]);
const HEX_ESCAPES: ReadonlyMap<string, readonly [number, string]> = new Map([
  ["x", [2, "two"]],
  ["u", [4, "four"]],
  ["U", [8, "eight"]],
]);

function isBlank(char: string): boolean {
  return char === " " || char === "\t";
}

function isBreak(char: string): boolean {
  return char === "\n" || char === "\r";
}

/** A character as `%q` prints it; the end is character 0. */
function quoteChar(char: string): string {
  return goQuoteRune(char.codePointAt(0) ?? 0);
}

function shown(char: string): string {
  return char === EOF ? "end of file" : `'${char}'`;
}

function hasGoodUnderscores(text: string): boolean {
  return /[0-9a-fA-F]$/.test(text) && !/(?:^|[^0-9a-fA-F])_|_(?![0-9a-fA-F])/.test(text);
}

function hasLeadingZero(text: string): boolean {
  return (text.length > 1 && text.startsWith("0") && !/^0[box]/.test(text)) || (text.length > 2 && /^[+-]0/.test(text));
}

/** Go reads dates without the zeros that TOML asks for: separators then stand elsewhere. */
function lacksZeros(text: string, layout: string): boolean {
  for (const [i, char] of Array.from(layout).entries()) {
    if (char === "." || char === "Z") return false;
    if (!/[0-9]/.test(char) && text[i] !== char) return true;
  }
  return false;
}
