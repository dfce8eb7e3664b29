// SPDX-License-Identifier: Apache-2.0
import { unquoteChar } from "./unquote.ts";

export interface ParsedNumber {
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly isComplex: boolean;
}

const INTEGER = /^[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
const DECIMAL = /^[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]_?([0-9a-fA-F_]*)\.?([0-9a-fA-F_]*)[pP]([+-]?[0-9_]+)$/;
const MAX_DIGITS = 1000;
const MAX_INT = 2n ** 63n;
const MAX_UINT = 2n ** 64n;

/** An integer literal as Go's strconv.ParseInt(text, 0, …) reads it, of any size. */
export function parseInteger(text: string): bigint | undefined {
  // More digits than any number has that fits in 64 bits.
  if (text.length > MAX_DIGITS || !INTEGER.test(text)) return undefined;
  const isNegative = text.startsWith("-");
  const digits = text.replace(/^[+-]/, "").replaceAll("_", "");
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return isNegative ? -value : value;
}

/** A floating-point literal as Go's strconv.ParseFloat reads it; undefined when it is none, or too large. */
export function parseFloatLiteral(text: string): number | undefined {
  const hex = HEX_FLOAT.exec(text);
  let value: number;
  if (hex !== null) {
    const [, sign, whole = "", fraction = "", exponent = ""] = hex;
    const digits = (whole + fraction).replaceAll("_", "");
    if (digits === "") return undefined;
    value = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent.replaceAll("_", "")) - 4 * fraction.replaceAll("_", "").length);
    if (sign === "-") value = -value;
  } else {
    if (!DECIMAL.test(text)) return undefined;
    value = Number(text.replaceAll("_", ""));
  }
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The value of a number token: everything that it can be without loss.
 *
 * @returns a string: the text of the error
 * @see text/template/parse newNumber
 */
export function parseNumber(text: string, kind: "charConstant" | "complex" | "number"): ParsedNumber | string {
  if (kind === "charConstant") {
    const char = unquoteChar(text);
    if (typeof char === "string") return char;
    return { int: BigInt(char), uint: BigInt(char), float: char, isComplex: false };
  }
  if (kind === "complex" || text.endsWith("i")) return parseComplex(text);
  const value = parseInteger(text);
  let int = value !== undefined && value >= -MAX_INT && value < MAX_INT ? value : undefined;
  let uint = value !== undefined && !/^[+-]/.test(text) && value < MAX_UINT ? value : undefined;
  let float: number | undefined;
  if (int !== undefined) float = Number(int);
  else if (uint !== undefined) float = Number(uint);
  else {
    float = parseFloatLiteral(text);
    if (float !== undefined) {
      if (!/[.eEpP]/.test(text)) return `integer overflow: ${JSON.stringify(text)}`;
      if (Number.isInteger(float) && Math.abs(float) < 2 ** 63) int = BigInt(float);
      if (Number.isInteger(float) && float >= 0 && float < 2 ** 64) uint = BigInt(float);
    }
  }
  if (int === undefined && uint === undefined && float === undefined) return `illegal number syntax: ${JSON.stringify(text)}`;
  return { int: int === 0n && text.startsWith("-") ? 0n : int, uint, float, isComplex: false };
}

/** Complex numbers are accepted when they have no imaginary part, which is what can be used of them. */
function parseComplex(text: string): ParsedNumber | string {
  const body = text.slice(0, -1);
  const split = /^(.*[0-9.])([+-][0-9._eEpPxXa-fA-F]+)$/.exec(body);
  const real = split === null ? 0 : parseFloatLiteral(split[1] ?? "");
  const imaginary = parseFloatLiteral(split === null ? body : (split[2] ?? "")) ?? toFloat(parseInteger(body));
  if (real === undefined || imaginary === undefined) return `illegal number syntax: ${JSON.stringify(text)}`;
  if (imaginary !== 0) return { int: undefined, uint: undefined, float: undefined, isComplex: true };
  const isWhole = Number.isInteger(real);
  return { int: isWhole ? BigInt(real) : undefined, uint: isWhole && real >= 0 ? BigInt(real) : undefined, float: real, isComplex: false };
}

function toFloat(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
