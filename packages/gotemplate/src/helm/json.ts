// SPDX-License-Identifier: Apache-2.0
import { toBytes } from "../bytes.ts";
import { goQuoteRune } from "../format/quote.ts";
import { formatFloat } from "../format/float.ts";
import { FunctionError } from "../template-error.ts";
import { encodeBase64 } from "../sprig/encodings.ts";
import { GoMap, Int, Slice, Struct, type Value, isFunction, strings } from "../values.ts";

const MAX_DEPTH = 1000;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

export interface JsonOptions {
  /** Whether <, > and & are written as they are. */
  readonly isRaw?: boolean;
  /** Spaces of one level. */
  readonly indent?: string;
  /** Counts values: one that is in many places is written in each. */
  readonly spend?: (steps: number) => void;
}

/** A value as Go's encoding/json writes it: keys sorted, <, > and & escaped. @throws {FunctionError} where Go's Marshal fails */
export function writeJson(value: Value, { isRaw = false, indent = "", spend = () => {} }: JsonOptions = {}): string {
  return write(value, { isRaw, indent, spend }, "\n", 0);
}

function write(value: Value, options: Required<JsonOptions>, newline: string, depth: number): string {
  const { isRaw, indent } = options;
  options.spend(1);
  if (depth > MAX_DEPTH) throw new FunctionError(`value is nested more than ${MAX_DEPTH} deep`);
  if (typeof value === "string") return writeString(value, isRaw);
  if (typeof value === "number") return writeNumber(value);
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return String(value);
  if (value instanceof Int) return String(value.value);
  const inner = newline + indent;
  const join = (items: string[], open: string, close: string): string => {
    if (items.length === 0) return open + close;
    return indent === "" ? open + items.join(",") + close : open + inner + items.join(`,${inner}`) + newline + close;
  };
  if (value instanceof Slice) {
    if (value.type === "[]uint8")
      return writeString(encodeBase64(Uint8Array.from(value.items, (item) => (item instanceof Int ? Number(item.value) : 0))), isRaw);
    return value.isNil
      ? "null"
      : join(
          value.items.map((item) => write(item, options, inner, depth + 1)),
          "[",
          "]",
        );
  }
  if (value instanceof Struct && value.json !== undefined) return write(value.json(), options, newline, depth + 1);
  if (isFunction(value)) throw new FunctionError("json: unsupported type: func");
  const colon = indent === "" ? ":" : ": ";
  if (value instanceof GoMap && value.isNil && value.entries.size === 0) return "null";
  const pairs = value instanceof GoMap ? value.sortedKeys().map((key) => [key, value.entries.get(key)] as const) : [...value.fields];
  return join(
    pairs.map(([key, item]) => writeString(key, isRaw) + colon + write(item, options, inner, depth + 1)),
    "{",
    "}",
  );
}

function writeString(text: string, isRaw: boolean): string {
  const pattern = isRaw ? /["\\\u0000-\u001f\u2028\u2029\ud800-\udfff]/gu : /["\\\u0000-\u001f\u2028\u2029<>&\ud800-\udfff]/gu;
  return `"${text.replace(pattern, (char) => {
    if (/[\ud800-\udfff]/u.test(char)) return "\\ufffd";
    return ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  })}"`;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new FunctionError(`json: unsupported value: ${formatFloat(value, "g")}`);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return formatFloat(value, "f");
  return formatFloat(value, "e").replace(/e-0(\d)$/, "e-$1");
}

/** What JSON text holds; numbers are float64. @throws {FunctionError} with the text of Go's encoding/json */
export function readJson(text: string): Value {
  return new Reader(text).read();
}

class Reader {
  readonly #text: string;
  #pos = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    const value = this.#value("looking for beginning of value", 0);
    this.#blanks();
    if (this.#pos < this.#text.length) this.#fail("after top-level value");
    return value;
  }

  #blanks(): void {
    while (" \t\r\n".includes(this.#text[this.#pos] ?? "x")) this.#pos++;
  }

  #fail(where: string): never {
    const char = this.#text.codePointAt(this.#pos);
    if (char === undefined) {
      // At the end, Go tries whether a blank could follow.
      const isInside = /^in (?!string literal)|^after decimal/.test(where);
      throw new FunctionError(isInside ? `invalid character ' ' ${where}` : "unexpected end of JSON input");
    }
    // Go reads bytes, and shows the first one of a character as one of its own.
    const code = toBytes(String.fromCodePoint(char))[0] ?? 0;
    throw new FunctionError(`invalid character ${code === 39 ? `'\\''` : code === 34 ? `'"'` : goQuoteRune(code)} ${where}`);
  }

  #value(where: string, depth: number): Value {
    if (depth > MAX_DEPTH) throw new FunctionError("exceeded max depth");
    this.#blanks();
    const char = this.#text[this.#pos] ?? "";
    if (char === "{") return this.#object(depth);
    if (char === "[") return this.#array(depth);
    if (char === '"') return this.#string();
    if (char === "-" || (char >= "0" && char <= "9")) return this.#number();
    if (char === "t") return this.#word("true", true);
    if (char === "f") return this.#word("false", false);
    if (char === "n") return this.#word("null", null);
    this.#fail(where);
  }

  #word(word: string, value: boolean | null): Value {
    for (let i = 0; i < word.length; i++, this.#pos++) {
      if (this.#text[this.#pos] !== word[i]) this.#fail(`in literal ${word} (expecting ${goQuoteRune(word.charCodeAt(i))})`);
    }
    return value;
  }

  #number(): Value {
    const match = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
    match.lastIndex = this.#pos;
    const found = match.exec(this.#text)?.[0];
    if (found === undefined) {
      this.#pos++;
      this.#fail("in numeric literal");
    }
    this.#pos += found.length;
    const next = this.#text[this.#pos] ?? "";
    if (next === "." && !/[.eE]/.test(found)) {
      this.#pos++;
      this.#fail("after decimal point in numeric literal");
    }
    if ((next === "e" || next === "E") && !/[eE]/.test(found)) {
      this.#pos++;
      if (/[+-]/.test(this.#text[this.#pos] ?? "")) this.#pos++;
      this.#fail("in exponent of numeric literal");
    }
    const value = Number(found);
    if (!Number.isFinite(value)) throw new FunctionError(`json: cannot unmarshal number ${found} into Go value of type float64`);
    return value;
  }

  #string(): string {
    const start = this.#pos++;
    for (;;) {
      const char = this.#text[this.#pos];
      if (char === undefined) throw new FunctionError("unexpected end of JSON input");
      if (char === '"') break;
      if (char < " ") this.#fail("in string literal");
      if (char === "\\") {
        this.#pos++;
        const escaped = this.#text[this.#pos] ?? "";
        if (escaped === "") this.#fail("in string escape code");
        if (!'"\\/bfnrtu'.includes(escaped)) this.#fail("in string escape code");
        if (escaped === "u" && !/^[0-9a-fA-F]{4}$/.test(this.#text.slice(this.#pos + 1, this.#pos + 5))) {
          while (/^[0-9a-fA-Fu]$/.test(this.#text[this.#pos] ?? "")) this.#pos++;
          this.#fail("in \\u hexadecimal character escape");
        }
      }
      this.#pos++;
    }
    this.#pos++;
    const value: unknown = JSON.parse(this.#text.slice(start, this.#pos).replace(/[\udc80-\udcff]/gu, "\ufffd"));
    return typeof value === "string" ? value.replace(/[\ud800-\udfff]/gu, "\ufffd") : "";
  }

  #array(depth: number): Value {
    this.#pos++;
    this.#blanks();
    const items: Value[] = [];
    if (this.#text[this.#pos] === "]") {
      this.#pos++;
      return new Slice(items);
    }
    for (;;) {
      items.push(this.#value("looking for beginning of value", depth + 1));
      this.#blanks();
      const char = this.#text[this.#pos];
      if (char !== "," && char !== "]") this.#fail("after array element");
      this.#pos++;
      if (char === "]") return new Slice(items);
    }
  }

  #object(depth: number): Value {
    this.#pos++;
    this.#blanks();
    const entries = new Map<string, Value>();
    if (this.#text[this.#pos] === "}") {
      this.#pos++;
      return new GoMap(entries);
    }
    for (;;) {
      this.#blanks();
      if (this.#text[this.#pos] !== '"')
        this.#fail(entries.size === 0 ? "looking for beginning of object key string" : "looking for beginning of object key string");
      const key = this.#string();
      this.#blanks();
      if (this.#text[this.#pos] !== ":") this.#fail("after object key");
      this.#pos++;
      entries.set(key, this.#value("looking for beginning of value", depth + 1));
      this.#blanks();
      const char = this.#text[this.#pos];
      if (char !== "," && char !== "}") this.#fail("after object key:value pair");
      this.#pos++;
      if (char === "}") return new GoMap(entries);
    }
  }
}

/** What encoding/json calls the JSON type of a value in its messages. */
export function jsonTypeOf(value: Value): string {
  if (typeof value === "string") return "string";
  if (typeof value === "number" || value instanceof Int) return "number";
  if (typeof value === "boolean") return "bool";
  return value instanceof Slice ? "array" : "object";
}

/** A list that holds an error's text, as Helm's fromJsonArray and fromYamlArray give it. */
export function errorList(message: string): Slice {
  return new Slice(strings([message]).items);
}
