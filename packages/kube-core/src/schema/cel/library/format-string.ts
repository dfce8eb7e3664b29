// SPDX-License-Identifier: Apache-2.0
import { compareText } from "../../../json-object.ts";
import { goFloat } from "../../../go-float.ts";
import { goQuote } from "../../../go-quote.ts";
import { evaluationError } from "../cel-error.ts";
import { formatDuration, formatTimestamp } from "../time.ts";
import type { CelValue } from "../values.ts";
import { CelDuration, CelList, CelMap, CelTimestamp, CelTypeValue, CelUint, typeNameOf } from "../values.ts";

/** `local`: as cel-go's strings library wrote before version 4, with `1,234.5` and `1×10⁰³`; `plain`: since then. */
export type FormatStyle = "local" | "plain";

interface Clause {
  /** Types that it takes; `local` takes also the texts `NaN`, `Infinity` and `-Infinity` as doubles. */
  readonly types: Readonly<Record<FormatStyle, readonly string[]>>;
  readonly problem: Readonly<Record<FormatStyle, string>>;
}

const TEXT = "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps";
const TEXT_TYPES = "string bool bytes int uint double map list type duration timestamp null dyn".split(" ");
const INTEGERS = ["int", "uint"];
const NUMBERS = ["int", "uint", "double"];

function both<T>(value: T): Record<FormatStyle, T> {
  return { local: value, plain: value };
}

const CLAUSES: Readonly<Record<string, Clause>> = {
  s: { types: both(TEXT_TYPES), problem: both(TEXT) },
  d: {
    types: { local: INTEGERS, plain: NUMBERS },
    problem: {
      local: "decimal clause can only be used on integers",
      plain: "decimal clause can only be used on ints, uints, and doubles",
    },
  },
  f: {
    types: { local: ["double", "string"], plain: NUMBERS },
    problem: {
      local: "fixed-point clause can only be used on doubles",
      plain: "fixed-point clause can only be used on ints, uints, and doubles",
    },
  },
  e: {
    types: { local: ["double", "string"], plain: NUMBERS },
    problem: {
      local: "scientific clause can only be used on doubles",
      plain: "scientific clause can only be used on ints, uints, and doubles",
    },
  },
  b: {
    types: both([...INTEGERS, "bool"]),
    problem: {
      local: "only integers and bools can be formatted as binary",
      plain: "only ints, uints, and bools can be formatted as binary",
    },
  },
  o: {
    types: both(INTEGERS),
    problem: { local: "octal clause can only be used on integers", plain: "octal clause can only be used on ints and uints" },
  },
  x: {
    types: both([...INTEGERS, "string", "bytes"]),
    problem: {
      local: "only integers, byte buffers, and strings can be formatted as hex",
      plain: "only ints, uints, bytes, and strings can be formatted as hex",
    },
  },
};

const CLAUSE = /%(?:\.(\d*))?([\s\S]?)/g;

/** Replaces the clauses of a template. @throws {CelError} EVALUATION: a clause is not one, or has no argument */
function replaceClauses(template: string, count: number, write: (verb: string, precision: number, index: number) => string): string {
  let index = 0;
  return template.replaceAll(CLAUSE, (clause: string, precision: string | undefined, verb: string) => {
    if (clause === "%%") return "%";
    if (verb === "") throw evaluationError("unexpected end of string");
    if (precision === "")
      throw evaluationError("could not parse formatting clause: unable to parse precision: unable to find end of precision specifier");
    if (!"sdfebxXo".includes(verb)) throw evaluationError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
    if (Number(precision ?? 0) > 1000) throw evaluationError(`precision ${precision} is too large`);
    if (index >= count) throw evaluationError(`index ${index} out of range`);
    return write(verb, precision === undefined ? 6 : Number(precision), index++);
  });
}

/**
 * What is wrong with literal arguments of a literal template, and at which of them; at -1: with the template.
 *
 * @see cel-go ext/formatting.go stringFormatValidator
 */
export function formatProblem(
  template: string,
  types: readonly string[],
  style: FormatStyle,
): { readonly index: number; readonly problem: string } | undefined {
  let at = -1;
  let used = 0;
  try {
    replaceClauses(template, types.length, (verb, _, index) => {
      used = index + 1;
      const clause = CLAUSES[verb === "X" ? "x" : verb];
      const type = types[index] ?? "dyn";
      if (clause === undefined || type === "dyn" || clause.types[style].includes(type)) return "";
      at = index;
      throw evaluationError(`error during formatting: ${clause.problem[style]}, was given ${type}`);
    });
  } catch (error) {
    return { index: at, problem: (error as Error).message };
  }
  if (used === types.length) return undefined;
  return { index: -1, problem: `too many arguments supplied to string.format (expected ${used}, got ${types.length})` };
}

/**
 * `"%s has %d".format([name, count])`: `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o`, `%%`.
 *
 * @throws {CelError} EVALUATION
 * @see cel-go ext/formatting.go, ext/formatting_v2.go
 */
export function formatString(template: string, args: CelList, style: FormatStyle): string {
  return replaceClauses(template, args.size, (verb, precision, index) => formatClause(verb, precision, args.at(index), style));
}

function formatClause(verb: string, precision: number, value: CelValue, style: FormatStyle): string {
  const fail = (): Error => wrong(CLAUSES[verb === "X" ? "x" : verb]?.problem[style] ?? "", value);
  switch (verb) {
    case "s":
      return style === "local" ? formatText(value) : formatPlain(value);
    case "d":
      if (typeof value === "number" && style === "plain") return formatPlain(value);
      return integerOf(value, fail).toString();
    case "f":
      return style === "local"
        ? formatFixed(toDouble(value, fail), precision)
        : (plainNumber(value, fail) ?? numberOf(value).toFixed(Math.min(precision, 100)));
    case "e":
      return style === "local"
        ? formatScientific(toDouble(value, fail), precision)
        : (plainNumber(value, fail) ?? padExponent(numberOf(value).toExponential(Math.min(precision, 100))));
    case "b":
      if (typeof value === "boolean") return value ? "1" : "0";
      return integerOf(value, fail).toString(2);
    case "o":
      return integerOf(value, fail).toString(8);
    default: {
      const hex = formatHex(value, fail);
      return verb === "X" ? hex.toUpperCase() : hex;
    }
  }
}

function wrong(text: string, value: CelValue): Error {
  return evaluationError(`error during formatting: ${text}, was given ${typeNameOf(value)}`);
}

function integerOf(value: CelValue, fail: () => Error): bigint {
  if (typeof value === "bigint") return value;
  if (value instanceof CelUint) return value.value;
  throw fail();
}

/** The names of doubles that are no numbers; undefined for numbers. */
function plainNumber(value: CelValue, fail: () => Error): string | undefined {
  if (typeof value !== "number" && typeof value !== "bigint" && !(value instanceof CelUint)) throw fail();
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : undefined;
}

function numberOf(value: CelValue): number {
  return Number(value instanceof CelUint ? value.value : value);
}

/** At least two digits, as Go writes it. */
function padExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

function toDouble(value: CelValue, fail: () => Error): number {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw fail();
}

function formatFixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value);
  const text =
    Math.abs(value) < 1e21 && precision <= 100 ? value.toFixed(precision) : `${BigInt(Math.trunc(value))}.${"0".repeat(precision)}`;
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+(?!\d))/g, ",");
  return fraction === undefined || fraction === "" ? grouped : `${grouped}.${fraction}`;
}

function special(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "-∞";
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** As text for people is written: `1.5×10⁰³`. */
function formatScientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value);
  const [mantissa = "", exponent = "+0"] = value.toExponential(Math.min(precision, 100)).split("e");
  const digits = exponent.replace(/^[+-]/, "").padStart(2, "0");
  const raised = Array.from(digits)
    .map((digit) => SUPERSCRIPTS[Number(digit)] ?? "")
    .join("");
  return `${mantissa}×10${exponent.startsWith("-") ? "⁻" : ""}${raised}`;
}

function formatHex(value: CelValue, fail: () => Error): string {
  if (typeof value === "bigint") return value.toString(16);
  if (value instanceof CelUint) return value.value.toString(16);
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) throw fail();
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function formatPlain(value: CelValue): string {
  if (typeof value === "number") return Number.isFinite(value) && Math.abs(value) >= 1e21 ? String(BigInt(value)) : String(value);
  if (value instanceof CelList) return `[${[...value].map(formatPlain).join(", ")}]`;
  if (value instanceof CelMap && !value.isObject) return formatMap(value, formatPlain, ": ");
  return formatText(value);
}

function formatText(value: CelValue): string {
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
    case "boolean":
      return String(value);
    case "number":
      return goFloat(value);
    default:
  }
  if (value === null) return "null";
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatDuration(value);
  if (value instanceof CelTypeValue) return value.name;
  if (value instanceof CelList) return `[${[...value].map(formatNested).join(", ")}]`;
  if (value instanceof CelMap && !value.isObject) return formatMap(value, formatNested, ":");
  throw wrong(TEXT, value);
}

function formatMap(map: CelMap, format: (value: CelValue) => string, colon: string): string {
  const pairs = [...map.keys()].map((key) => [format(key), format(map.get(key) ?? null)] as const);
  return `{${pairs
    .toSorted(([left], [right]) => compareText(left, right))
    .map(([key, value]) => `${key}${colon}${value}`)
    .join(", ")}}`;
}

/** Inside of lists and maps, as a literal is written. */
function formatNested(value: CelValue): string {
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value.toFixed(6);
    return goQuote(Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
  }
  if (value instanceof Uint8Array) return `b${goQuote(new TextDecoder().decode(value))}`;
  if (value instanceof CelTimestamp) return `timestamp(${goQuote(formatTimestamp(value))})`;
  if (value instanceof CelDuration) return `duration(${goQuote(formatDuration(value))})`;
  return formatText(value);
}
