// SPDX-License-Identifier: Apache-2.0
import { formatFloat } from "../format/float.ts";
import { formatValue } from "../format/sprintf.ts";
import { FunctionError } from "../template-error.ts";
import { type TemplateFunction, type Value, fn, int, int64 } from "../values.ts";
import { toFloat64, toInt64, toNumber } from "./convert.ts";

/** A number as digits × 10^-scale. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Digits behind the point that a division keeps, as shopspring/decimal has it. */
const DIVISION_DIGITS = 16;

/** Sprig's arithmetic: integers wrap at 64 bits, floats are added as decimals. @see Masterminds/sprig numeric.go */
export function mathFunctions(): [string, TemplateFunction][] {
  const fold = (run: (a: bigint, b: bigint) => bigint): TemplateFunction =>
    fn("any,any...", ([first, ...rest]) => int64(rest.reduce<bigint>((a, b) => run(a, toInt64(b)), toInt64(first))));
  const foldFloat = (run: (a: number, b: number) => number): TemplateFunction =>
    fn("any,any...", ([first, ...rest]) => rest.reduce<number>((a, b) => run(a, toFloat64(b)), toFloat64(first)));
  const foldDecimal = (run: (a: Decimal, b: Decimal) => Decimal): TemplateFunction =>
    fn("any,any...", ([first, ...rest]) => decimals(toFloat64(first), rest, run));
  const max = fold((a, b) => (b > a ? b : a));
  return [
    ["add1", fn("any", ([value]) => int64(toInt64(value) + 1n))],
    ["add", fn("any...", (args) => int64(args.reduce<bigint>((sum, value) => sum + toInt64(value), 0n)))],
    ["sub", fn("any,any", ([a, b]) => int64(toInt64(a) - toInt64(b)))],
    ["div", fn("any,any", ([a, b]) => int64(toInt64(a) / divisor(b)))],
    ["mod", fn("any,any", ([a, b]) => int64(toInt64(a) % divisor(b)))],
    ["mul", fold((a, b) => BigInt.asIntN(64, a * b))],
    ["max", max],
    ["biggest", max],
    ["min", fold((a, b) => (b < a ? b : a))],
    ["maxf", foldFloat(Math.max)],
    ["minf", foldFloat(Math.min)],
    ["add1f", fn("any", ([value]) => decimals(toFloat64(value), [1], addDecimals))],
    ["addf", fn("any...", (args) => decimals(0, args, addDecimals))],
    ["subf", foldDecimal((a, b) => addDecimals(a, { digits: -b.digits, scale: b.scale }))],
    ["mulf", foldDecimal((a, b) => ({ digits: a.digits * b.digits, scale: a.scale + b.scale }))],
    ["divf", foldDecimal(divideDecimals)],
    ["ceil", fn("any", ([value]) => Math.ceil(toFloat64(value)))],
    ["floor", fn("any", ([value]) => Math.floor(toFloat64(value)))],
    [
      "round",
      fn("any,int,float64...", ([value, places, on]) => round(toFloat64(value), toNumber(places), typeof on === "number" ? on : 0.5)),
    ],
    ["int", fn("any", ([value]) => int(toInt64(value)))],
    ["int64", fn("any", ([value]) => int64(toInt64(value)))],
    ["float64", fn("any", ([value]) => toFloat64(value))],
    ["atoi", fn("string", ([text]) => int(atoi(String(text))))],
    ["toDecimal", fn("any", ([value]) => int64(octal(formatValue(value))))],
  ];
}

function divisor(value: Value): bigint {
  const number = toInt64(value);
  if (number === 0n) throw new FunctionError("runtime error: integer divide by zero");
  return number;
}

function atoi(text: string): bigint {
  if (!/^[+-]?[0-9]+$/.test(text)) return 0n;
  const value = BigInt(text.replace(/^\+/, ""));
  // Out of range, Go gives the nearest there is beside the error that Sprig drops.
  return value > 2n ** 63n - 1n ? 2n ** 63n - 1n : value < -(2n ** 63n) ? -(2n ** 63n) : value;
}

function octal(text: string): bigint {
  const [, sign = "", digits = ""] = /^([+-]?)([0-7]+)$/.exec(text) ?? [];
  if (digits === "") return 0n;
  const value = BigInt(`0o${digits}`);
  return value >= 2n ** 63n ? 0n : sign === "-" ? -value : value;
}

function round(value: number, places: number, on: number): number {
  const power = Number(`1e${places}`);
  const digit = power * value;
  const fraction = digit - Math.trunc(digit);
  return (fraction >= on ? Math.ceil(digit) : Math.floor(digit)) / power;
}

function toDecimal(value: number): Decimal {
  if (!Number.isFinite(value)) throw new FunctionError(`Cannot create a Decimal from ${formatFloat(value, "g")}`);
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const fraction = mantissa.split(".")[1] ?? "";
  return { digits: BigInt(mantissa.replace(".", "")), scale: fraction.length - Number(exponent) };
}

function decimals(first: number, rest: readonly Value[], run: (a: Decimal, b: Decimal) => Decimal): number {
  const { digits, scale } = rest.reduce<Decimal>((a, b) => run(a, toDecimal(toFloat64(b))), toDecimal(first));
  return Number(`${digits}e${-scale}`);
}

function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { digits: a.digits * 10n ** BigInt(scale - a.scale) + b.digits * 10n ** BigInt(scale - b.scale), scale };
}

function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if (b.digits === 0n) throw new FunctionError("decimal division by 0");
  const shift = DIVISION_DIGITS + 1 - a.scale + b.scale;
  const numerator = shift >= 0 ? a.digits * 10n ** BigInt(shift) : a.digits;
  const denominator = shift >= 0 ? b.digits : b.digits * 10n ** BigInt(-shift);
  const more = numerator / denominator;
  // One digit more than is kept, to round half away from zero.
  const rounded = (more + (more < 0n ? -5n : 5n)) / 10n;
  return { digits: rounded, scale: DIVISION_DIGITS };
}
