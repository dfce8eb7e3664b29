// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "./exact-number.ts";
import { setKey } from "./json-object.ts";

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** A run of a string that needs no decoding. */
// oxlint-disable-next-line no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** The slow way through JSON: exact numbers, repeated keys told, Go's error texts. Use {@link parseJson}. */
export class JsonParser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #onDuplicateKey: ((path: string) => void) | undefined;
  readonly #keepsNumbers: boolean;
  #at = 0;
  #depth = 0;
  #outOfRange: string | undefined;

  constructor(text: string, maxDepth: number, onDuplicateKey?: (path: string) => void, keepsNumbers = false) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#onDuplicateKey = onDuplicateKey;
    this.#keepsNumbers = keepsNumbers;
  }

  parse(): unknown {
    this.#skipSpace();
    const value = this.#value("");
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected("after top-level value");
    if (this.#outOfRange !== undefined) {
      throw new SyntaxError(`json: cannot unmarshal number ${this.#outOfRange} into Go value of type float64`);
    }
    return value;
  }

  #value(path: string): unknown {
    switch (this.#text[this.#at]) {
      case "{":
        return this.#nested(() => this.#object(path));
      case "[":
        return this.#nested(() => this.#array(path));
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #nested(read: () => unknown): unknown {
    if (++this.#depth > this.#maxDepth) throw new SyntaxError(`exceeded max depth of ${this.#maxDepth} levels`);
    const value = read();
    this.#depth--;
    return value;
  }

  #object(path: string): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const seen = this.#onDuplicateKey === undefined ? undefined : new Set<string>();
    this.#at++;
    this.#skipSpace();
    if (this.#text[this.#at] === "}") {
      this.#at++;
      return object;
    }
    for (;;) {
      if (this.#text[this.#at] !== '"') throw this.#unexpected("looking for beginning of object key string");
      const key = this.#string();
      const inner = seen === undefined ? "" : path === "" ? key : `${path}.${key}`;
      if (seen?.has(key) === true) this.#onDuplicateKey?.(inner);
      seen?.add(key);
      this.#skipSpace();
      if (this.#text[this.#at] !== ":") throw this.#unexpected("after object key");
      this.#at++;
      this.#skipSpace();
      setKey(object, key, this.#value(inner));
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next !== "," && next !== "}") throw this.#unexpected("after object key:value pair");
      this.#at++;
      if (next === "}") return object;
      this.#skipSpace();
    }
  }

  #array(path: string): unknown[] {
    const items: unknown[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#text[this.#at] === "]") {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(this.#value(this.#onDuplicateKey === undefined ? "" : `${path}[${items.length}]`));
      this.#skipSpace();
      const next = this.#text[this.#at];
      if (next !== "," && next !== "]") throw this.#unexpected("after array element");
      this.#at++;
      if (next === "]") return items;
      this.#skipSpace();
    }
  }

  #string(): string {
    this.#at++;
    let result = "";
    for (;;) {
      PLAIN.lastIndex = this.#at;
      const run = PLAIN.exec(this.#text)?.[0] ?? "";
      result += run;
      this.#at += run.length;
      const stop = this.#text[this.#at];
      if (stop === '"') {
        this.#at++;
        return result;
      }
      if (stop !== "\\") throw this.#unexpected("in string literal");
      result += this.#escape();
    }
  }

  #escape(): string {
    this.#at++;
    const letter = this.#text[this.#at];
    if (letter === "u") {
      for (let digit = 1; digit <= 4; digit++) {
        if (!/^[\da-fA-F]$/.test(this.#text[this.#at + digit] ?? "")) {
          this.#at += digit;
          throw this.#unexpected("in \\u hexadecimal character escape");
        }
      }
      const code = Number.parseInt(this.#text.slice(this.#at + 1, this.#at + 5), 16);
      this.#at += 5;
      return String.fromCharCode(code);
    }
    const plain = letter === undefined ? undefined : ESCAPES[letter];
    if (plain === undefined) throw this.#unexpected("in string escape code");
    this.#at++;
    return plain;
  }

  #number(): number | ExactNumber {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) {
      if (this.#text[this.#at] !== "-") throw this.#unexpected("looking for beginning of value");
      this.#at++;
      throw this.#unexpected("in numeric literal");
    }
    this.#at += match[0].length;
    this.#requireWholeNumber(match[1] !== undefined, match[2] !== undefined);
    return this.#toNumber(match[0], match[1] === undefined && match[2] === undefined);
  }

  /** A point or an exponent begun and not finished. */
  #requireWholeNumber(hasFraction: boolean, hasExponent: boolean): void {
    const next = this.#text[this.#at];
    if (!hasFraction && !hasExponent && next === ".") {
      this.#at++;
      throw this.#unexpected("after decimal point in numeric literal");
    }
    if (hasExponent || (next !== "e" && next !== "E")) return;
    this.#at += /^[+-]$/.test(this.#text[this.#at + 1] ?? "") ? 2 : 1;
    throw this.#unexpected("in exponent of numeric literal");
  }

  #toNumber(text: string, isInteger: boolean): number | ExactNumber {
    if (this.#keepsNumbers) return new ExactNumber(text, isInteger);
    const value = Number(text);
    if (!Number.isFinite(value)) {
      // Told only when everything else is in order.
      this.#outOfRange ??= text.slice(0, 40);
      return 0;
    }
    return isInteger ? toInteger(text, value) : value;
  }

  #word<T>(word: string, value: T): T {
    for (let index = 0; index < word.length; index++) {
      if (this.#text[this.#at] !== word[index]) throw this.#unexpected(`in literal ${word} (expecting '${word[index] ?? ""}')`);
      this.#at++;
    }
    return value;
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }

  #unexpected(where: string): SyntaxError {
    if (this.#at >= this.#text.length) {
      // Go closes the text with a space, which words and numbers do not like.
      const isInWord = where.includes("literal") && !where.startsWith("in string");
      return new SyntaxError(isInWord ? `invalid character ' ' ${where}` : "unexpected end of JSON input");
    }
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    return new SyntaxError(`invalid character ${quoteCharacter(character)} ${where}`);
  }
}

/** Exact within 64 bits, a float beyond. */
function toInteger(text: string, value: number): number | ExactNumber {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  if (text.length > 20) return value;
  const exact = BigInt(text);
  return exact >= INT64_MIN && exact <= INT64_MAX ? new ExactNumber(text, true) : value;
}

function quoteCharacter(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  const escaped = JSON.stringify(character).slice(1, -1);
  const isControl = escaped.startsWith("\\u00");
  return isControl ? `'\\x${escaped.slice(4)}'` : `'${escaped}'`;
}
