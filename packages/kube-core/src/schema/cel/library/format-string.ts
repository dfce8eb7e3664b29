// SPDX-License-Identifier: Apache-2.0
import { compareText } from "../../../json-object.ts";
import { goFloat } from "../../../go-float.ts";
import { goQuote } from "../../../go-quote.ts";
import { evaluationError } from "../cel-error.ts";
import { formatDuration, formatTimestamp } from "../time.ts";
import type { CelValue } from "../values.ts";
import { CelDuration, CelList, CelMap, CelTimestamp, CelTypeValue, CelUint, typeNameOf } from "../values.ts";

const CLAUSE = /%(?:\.(\d*))?([\s\S]?)/g;

/**
 * `"%s has %d".format([name, count])`: `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o`, `%%`.
 *
 * @throws {CelError} EVALUATION
 * @see cel-go ext/formatting.go
 */
export function formatString(template: string, args: CelList): string {
  let index = 0;
  return template.replaceAll(CLAUSE, (clause: string, precision: string | undefined, verb: string) => {
    if (clause === "%%") return "%";
    if (verb === "") throw evaluationError("unexpected end of string");
    if (precision === "")
      throw evaluationError("could not parse formatting clause: unable to parse precision: unable to find end of precision specifier");
    if (!"sdfebxXo".includes(verb)) throw evaluationError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
    if (index >= args.size) throw evaluationError(`index ${index} out of range`);
    return formatClause(verb, precision === undefined ? 6 : Number(precision), args.at(index++));
  });
}

function formatClause(verb: string, precision: number, value: CelValue): string {
  if (precision > 1000) throw evaluationError(`precision ${precision} is too large`);
  switch (verb) {
    case "s":
      return formatText(value);
    case "d":
      if (typeof value === "bigint" || value instanceof CelUint) return String(value instanceof CelUint ? value.value : value);
      throw wrong("decimal clause can only be used on integers", value);
    case "f":
      return formatFixed(toDouble(value, "fixed-point clause can only be used on doubles"), precision);
    case "e":
      return formatScientific(toDouble(value, "scientific clause can only be used on doubles"), precision);
    case "b":
      if (typeof value === "boolean") return value ? "1" : "0";
      return integerOf(value, "only integers and bools can be formatted as binary").toString(2);
    case "o":
      return integerOf(value, "octal clause can only be used on integers").toString(8);
    default: {
      const hex = formatHex(value);
      return verb === "X" ? hex.toUpperCase() : hex;
    }
  }
}

function wrong(text: string, value: CelValue): Error {
  return evaluationError(`error during formatting: ${text}, was given ${typeNameOf(value)}`);
}

function integerOf(value: CelValue, text: string): bigint {
  if (typeof value === "bigint") return value;
  if (value instanceof CelUint) return value.value;
  throw wrong(text, value);
}

function toDouble(value: CelValue, text: string): number {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw wrong(text, value);
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

/** As text for people is written: `1.5 × 10⁰³`. */
function formatScientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value);
  const [mantissa = "", exponent = "+0"] = value.toExponential(Math.min(precision, 100)).split("e");
  const digits = exponent.replace(/^[+-]/, "").padStart(2, "0");
  const raised = [...digits].map((digit) => SUPERSCRIPTS[Number(digit)] ?? "").join("");
  return `${mantissa}\u202f×\u202f10${exponent.startsWith("-") ? "⁻" : ""}${raised}`;
}

function formatHex(value: CelValue): string {
  if (typeof value === "bigint") return value.toString(16);
  if (value instanceof CelUint) return value.value.toString(16);
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) throw wrong("only integers, byte buffers, and strings can be formatted as hex", value);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
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
  if (value instanceof CelMap && !value.isObject) return formatMap(value);
  throw wrong(
    "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
    value,
  );
}

function formatMap(map: CelMap): string {
  const pairs = [...map.keys()].map((key) => [formatNested(key), formatNested(map.get(key) ?? null)] as const);
  return `{${pairs
    .toSorted(([left], [right]) => compareText(left, right))
    .map(([key, value]) => `${key}:${value}`)
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
