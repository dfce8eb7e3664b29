// SPDX-License-Identifier: Apache-2.0
// A table of verbs: what fmt does with each kind of value.
import { toBytes, fromBytes, runes } from "../bytes.ts";
import { limitError } from "../template-error.ts";
import type { Struct } from "../values.ts";
import { GoMap, Int, Slice, type Value, isFunction, kindOf, typeOf } from "../values.ts";
import { formatFloat } from "./float.ts";
import { canBackquote, goQuote, goQuoteRune, isPrintable } from "./quote.ts";
import { stringOf } from "./stringer.ts";

interface Flags {
  width: number | undefined;
  precision: number | undefined;
  plus: boolean;
  minus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  plusV: boolean;
  sharpV: boolean;
  /** Values and characters that may still be printed. */
  readonly left: { size: number };
}

const MAX_NUMBER = 1_000_000;
const MAX_DEPTH = 1000;

/** As much as one call may print. */
const MAX_SIZE = 64 * 1024 * 1024;
/** A value takes as long as so many characters. */
const SIZE_OF_VALUE = 16;

function spend({ left }: Flags, size: number): void {
  left.size -= size;
  if (left.size < 0) throw limitError(`printing takes more than ${MAX_SIZE} characters`);
}

function noFlags(left = { size: MAX_SIZE }): Flags {
  return {
    left,
    width: undefined,
    precision: undefined,
    plus: false,
    minus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
  };
}

/** Go's fmt.Sprint: operands with a space between two that are both no strings. */
export function sprint(values: readonly Value[]): string {
  let out = "";
  let wasString = true;
  values.forEach((value, i) => {
    const isString = typeof value === "string";
    if (i > 0 && !isString && !wasString) out += " ";
    out += formatValue(value);
    wasString = isString;
  });
  return out;
}

/** Go's fmt.Sprintln. */
export function sprintln(values: readonly Value[]): string {
  return `${values.map((value) => formatValue(value)).join(" ")}\n`;
}

/** A value as `%v` prints it. */
export function formatValue(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return formatFloat(value, "g");
  return print(value, "v", noFlags(), 0);
}

/** Go's fmt.Sprintf. @see Go's package fmt */
export function sprintf(format: string, args: readonly Value[]): string {
  return new Printer(format, args).run();
}

/** A number above this ends the reading of a format, or is no width. */
function isTooLarge(value: number): boolean {
  return Math.abs(value) > MAX_NUMBER;
}

class Printer {
  readonly #format: string;
  readonly #args: readonly Value[];
  #pos = 0;
  #argument = 0;
  #isReordered = false;
  #isGoodIndex = true;
  readonly #left = { size: MAX_SIZE };
  /** Whether an index such as `[3]` stands right before. */
  #isAfterIndex = false;

  constructor(format: string, args: readonly Value[]) {
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    const format = this.#format;
    let out = "";
    while (this.#pos < format.length) {
      const percent = format.indexOf("%", this.#pos);
      if (percent < 0) {
        out += format.slice(this.#pos);
        break;
      }
      out += format.slice(this.#pos, percent);
      this.#pos = percent + 1;
      this.#isGoodIndex = true;
      out += this.#directive();
    }
    if (!this.#isReordered && this.#argument < this.#args.length) {
      const extra = this.#args
        .slice(this.#argument)
        .map((arg) => (arg === null || arg === undefined ? "<nil>" : `${typeOf(arg)}=${formatValue(arg)}`));
      out += `%!(EXTRA ${extra.join(", ")})`;
    }
    return out;
  }

  #directive(): string {
    const format = this.#format;
    const flags = this.#flags();
    const simple = format[this.#pos] ?? "";
    // A verb right behind the flags takes its argument whatever came before.
    if (simple >= "a" && simple <= "z" && this.#argument < this.#args.length) {
      this.#pos++;
      return this.#print(simple, flags);
    }
    let problems = "";
    this.#index();
    if (format[this.#pos] === "*") {
      this.#pos++;
      const width = this.#starArgument();
      if (width === undefined) problems += "%!(BADWIDTH)";
      else if (width < 0) {
        flags.width = -width;
        flags.minus = true;
        flags.zero = false;
      } else flags.width = width;
      this.#isAfterIndex = false;
    } else {
      flags.width = this.#number();
      if (this.#isAfterIndex && flags.width !== undefined) this.#isGoodIndex = false;
    }
    if (format[this.#pos] === ".") {
      this.#pos++;
      if (this.#isAfterIndex) this.#isGoodIndex = false;
      this.#index();
      if (format[this.#pos] === "*") {
        this.#pos++;
        const precision = this.#starArgument();
        if (precision === undefined || precision < 0) problems += "%!(BADPREC)";
        else flags.precision = precision;
        this.#isAfterIndex = false;
      } else flags.precision = this.#number() ?? 0;
    }
    if (!this.#isAfterIndex) this.#index();
    const code = format.codePointAt(this.#pos);
    if (code === undefined) return `${problems}%!(NOVERB)`;
    const verb = String.fromCodePoint(code);
    this.#pos += verb.length;
    if (verb === "%") return `${problems}%`;
    if (!this.#isGoodIndex) return `${problems}%!${verb}(BADINDEX)`;
    if (this.#argument >= this.#args.length) return `${problems}%!${verb}(MISSING)`;
    return problems + this.#print(verb, flags);
  }

  #flags(): Flags {
    const flags = noFlags(this.#left);
    for (; ; this.#pos++) {
      const char = this.#format[this.#pos];
      if (char === "#") flags.sharp = true;
      else if (char === "0") flags.zero = true;
      else if (char === "+") flags.plus = true;
      else if (char === "-") flags.minus = true;
      else if (char === " ") flags.space = true;
      else return flags;
    }
  }

  #print(verb: string, flags: Flags): string {
    const arg = this.#args[this.#argument++];
    // Outside of errors %w is a %v that fails.
    if (verb === "v" || verb === "w") {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    return print(arg, verb, flags, 0);
  }

  /** A number; one that is too large ends the format. */
  #number(end = this.#format.length): number | undefined {
    let value: number | undefined;
    for (; this.#pos < end; this.#pos++) {
      const digit = this.#format.charCodeAt(this.#pos) - 48;
      if (digit < 0 || digit > 9) break;
      if (isTooLarge(value ?? 0)) {
        this.#pos = end;
        return undefined;
      }
      value = (value ?? 0) * 10 + digit;
    }
    return value;
  }

  #starArgument(): number | undefined {
    const arg = this.#args[this.#argument];
    if (this.#argument < this.#args.length) this.#argument++;
    if (!(arg instanceof Int)) return undefined;
    const value = Number(arg.value);
    return isTooLarge(value) ? undefined : value;
  }

  /** `[2]`: takes the second argument next. */
  #index(): void {
    this.#isAfterIndex = false;
    if (this.#format[this.#pos] !== "[") return;
    this.#isReordered = true;
    const end = this.#format.length - this.#pos < 3 ? -1 : this.#format.indexOf("]", this.#pos + 1);
    if (end < 0) {
      this.#isGoodIndex = false;
      this.#pos++;
      return;
    }
    this.#pos++;
    const index = this.#number(end);
    const isNumber = index !== undefined && this.#pos === end;
    this.#pos = end + 1;
    this.#isAfterIndex = isNumber;
    if (isNumber && index >= 1 && index <= this.#args.length) this.#argument = index - 1;
    else this.#isGoodIndex = false;
  }
}

function pad(text: string, flags: Flags): string {
  spend(flags, Math.max(text.length, flags.width ?? 0));
  if (flags.width === undefined) return text;
  const missing = flags.width - runes(text).length;
  if (missing <= 0) return text;
  if (flags.minus) return text + " ".repeat(missing);
  return (flags.zero ? "0" : " ").repeat(missing) + text;
}

function badVerb(value: Value, verb: string, flags: Flags): string {
  if (value === null || value === undefined) return `%!${verb}(<nil>)`;
  return `%!${verb}(${typeOf(value)}=${print(value, "v", flags, 0, true)})`;
}

function print(value: Value, verb: string, flags: Flags, depth: number, isError = false): string {
  if (depth > MAX_DEPTH) return "...";
  spend(flags, SIZE_OF_VALUE + (flags.precision ?? 0));
  if (value === undefined || value === null) {
    if (depth > 0) return flags.sharpV ? "interface {}(nil)" : "<nil>";
    return verb === "v" || verb === "T" ? pad("<nil>", flags) : badVerb(value, verb, flags);
  }
  if (verb === "T" && depth === 0) return printString(typeOf(value), "s", flags);
  switch (typeof value) {
    case "boolean":
      return verb === "t" || verb === "v" ? pad(String(value), flags) : badVerb(value, verb, flags);
    case "number":
      return printFloat(value, verb, flags);
    case "string":
      return printString(value, verb, flags);
    default:
      return printObject(value, verb, flags, depth, isError);
  }
}

function printObject(
  value: Int | GoMap | Slice | Struct | Exclude<Value, string | number | boolean | null | undefined>,
  verb: string,
  flags: Flags,
  depth: number,
  isError: boolean,
): string {
  // Errors can be wrapped where they are made only; an address is one that never was.
  if (verb === "w" && !(value instanceof Int)) return badVerb(value, verb, flags);
  if (verb === "p" && depth === 0 && !(value instanceof Int))
    return isFunction(value) || kindOf(value) !== "struct" ? "0xc000000000" : badVerb(value, verb, flags);
  if (!flags.sharpV && !isError && "vsxXq".includes(verb)) {
    const text = stringOf(value);
    if (text !== undefined) return printString(text, verb, flags);
  }
  if (value instanceof Int) return printInt(value, verb, flags);
  if (value instanceof GoMap) {
    const pairs = value
      .sortedKeys()
      .map((key) => `${print(key, verb, flags, depth + 1)}:${print(value.entries.get(key), verb, flags, depth + 1)}`);
    if (flags.sharpV && value.isNil) return `${value.type}(nil)`;
    return flags.sharpV ? `${value.type}{${pairs.join(", ")}}` : `map[${pairs.join(" ")}]`;
  }
  if (value instanceof Slice) {
    if (value.type === "[]uint8" && "sxXq".includes(verb)) return printString(bytesText(value), verb, flags);
    if (flags.sharpV && value.isNil) return `${value.type}(nil)`;
    const items = value.items.map((item) => print(item, verb, flags, depth + 1));
    return flags.sharpV ? `${value.type}{${items.join(", ")}}` : `[${items.join(" ")}]`;
  }
  if (isFunction(value)) return verb === "v" ? "0x0" : badVerb(value, verb, flags);
  if (flags.sharpV && value.goString !== undefined) return value.goString();
  const fields = [...value.fields].map(([name, item]) => {
    const text = print(item, verb, flags, depth + 1);
    return flags.plusV || flags.sharpV ? `${name}:${text}` : text;
  });
  const isPointer = value.type.startsWith("*");
  if (isPointer && depth > 0) return "0xc000000000";
  const mark = isPointer ? "&" : "";
  return flags.sharpV ? `${mark}${value.type.replace(/^\*/, "")}{${fields.join(", ")}}` : `${mark}{${fields.join(" ")}}`;
}

/** The text in a slice of bytes. */
export function bytesText(slice: Slice): string {
  return fromBytes(Uint8Array.from(slice.items, (item) => (item instanceof Int ? Number(item.value) : 0)));
}

function printString(value: string, verb: string, flags: Flags): string {
  const cut = (): string => (flags.precision === undefined ? value : runes(value).slice(0, flags.precision).join(""));
  if (verb === "v" && flags.sharpV) return pad(goQuote(cut()), flags);
  switch (verb) {
    case "v":
    case "s":
      return pad(cut(), flags);
    case "q":
      return pad(flags.sharp && canBackquote(cut()) ? `\`${cut()}\`` : goQuote(cut(), flags.plus), flags);
    case "x":
    case "X": {
      const bytes = toBytes(value).slice(0, flags.precision);
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
      const prefix = flags.sharp && hex.length > 0 ? "0x" : "";
      const text = flags.space ? hex.map((pair) => prefix + pair).join(" ") : prefix + hex.join("");
      return pad(verb === "X" ? text.toUpperCase() : text, flags);
    }
    default:
      return badVerb(value, verb, flags);
  }
}

function printFloat(value: number, verb: string, flags: Flags): string {
  const isGood = "veEfFgGbxX".includes(verb);
  if (!isGood) return badVerb(value, verb, flags);
  const format = verb === "v" ? "g" : verb;
  const fallback = "eEfF".includes(verb) ? 6 : -1;
  let text = formatFloat(value, format, flags.precision ?? fallback);
  if (flags.sharp && verb !== "b" && Number.isFinite(value)) text = withPoint(text, format, flags.precision);
  if (!text.startsWith("-") && !text.startsWith("+")) text = `+${text}`;
  const isSpecial = !Number.isFinite(value);
  const shown =
    flags.plus || (value === Infinity && !flags.space)
      ? text
      : text.startsWith("+")
        ? flags.space
          ? ` ${text.slice(1)}`
          : text.slice(1)
        : text;
  if (flags.zero && !flags.minus && !isSpecial && flags.width !== undefined && /^[+ -]/.test(shown)) {
    return shown.slice(0, 1) + pad(shown.slice(1), { ...flags, width: flags.width - 1 });
  }
  return pad(shown, isSpecial ? { ...flags, zero: false } : flags);
}

/** `%#g`: always a decimal point, and zeros up to the precision. Counts digits as Go does, the x of 0x1p4 among them. */
function withPoint(text: string, format: string, precision: number | undefined): string {
  const isHex = "xX".includes(format);
  const [, mantissa = "", exponent = ""] = (isHex ? /^([^pP]*)(.*)$/ : /^([^eE]*)(.*)$/).exec(text) ?? [];
  const pointed = mantissa.includes(".") ? mantissa : `${mantissa}.`;
  if (!isHex && !"gG".includes(format)) return pointed + exponent;
  const unsigned = mantissa.replace(/^[+-]/, "");
  const digits = unsigned.replace(/^[0.]+/, "").replace(".", "").length + (unsigned === "0" ? 1 : 0);
  return pointed + "0".repeat(Math.max(0, (precision ?? 6) - digits)) + exponent;
}

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function printInt(value: Int, verb: string, flags: Flags): string {
  const number = value.value;
  const base = Object.hasOwn(BASES, verb) ? BASES[verb] : undefined;
  if (base === undefined) {
    const code = Number(number);
    const char = code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    if (verb === "c") return pad(char, flags);
    if (verb === "q") return pad(goQuoteRune(code, flags.plus), flags);
    if (verb === "U") return pad(unicodeText(BigInt.asUintN(64, number), flags), { ...flags, zero: false });
    return badVerb(value, verb, flags);
  }
  const isNegative = number < 0n;
  let digits = (isNegative ? -number : number).toString(base);
  if (verb === "X") digits = digits.toUpperCase();
  if (flags.sharpV && value.isUnsigned) digits = `0x${number.toString(16)}`;
  const sign = isNegative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  if (flags.precision !== undefined) {
    if (flags.precision === 0 && number === 0n) return pad("", { ...flags, zero: false });
    digits = digits.padStart(flags.precision, "0");
  } else if (flags.zero && !flags.minus && flags.width !== undefined) digits = digits.padStart(flags.width - sign.length, "0");
  const prefix = (verb === "O" ? "0o" : "") + (flags.sharp ? basePrefix(base, verb, digits) : "");
  return pad(sign + prefix + digits, { ...flags, zero: false });
}

function basePrefix(base: number, verb: string, digits: string): string {
  if (base === 2) return "0b";
  if (base === 8) return digits.startsWith("0") ? "" : "0";
  return base === 16 ? `0${verb}` : "";
}

/** U+0041, and with `#` also the character: U+0041 'A'. */
function unicodeText(value: bigint, flags: Flags): string {
  const hex = value
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 0), "0");
  const char = value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : "";
  return `U+${hex}${flags.sharp && char !== "" && isPrintable(char) ? ` '${char}'` : ""}`;
}
