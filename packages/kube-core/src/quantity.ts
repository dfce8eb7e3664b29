// SPDX-License-Identifier: Apache-2.0
import { ExactNumber } from "./exact-number.ts";
import { KubeCoreError } from "./error.ts";

/** How a quantity is written: `1500m`, `1Ki`, `1e3`. */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** An amount of something, exact to a billionth. @see apimachinery api/resource Quantity */
export interface Quantity {
  /** The amount times 10^9. */
  readonly nanos: bigint;
  readonly format: QuantityFormat;
  /** The text it was read from, when that is printed again as it stands. */
  readonly text?: string;
}

const NANO = 1_000_000_000n;
const MAX_BINARY = (2n ** 63n - 1n) * NANO;
const PARTS = /^([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const BINARY_SUFFIXES: readonly string[] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

const WRONG_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const WRONG_SUFFIX = "unable to parse quantity's suffix";
const WRONG_NUMBER = "unable to parse numeric part of quantity";
/** More digits or a larger exponent than this cannot be meant; Go would work on, we refuse. */
const MAX_DIGITS = 400;

/**
 * @param value a quantity string, or a JSON number
 * @throws {KubeCoreError} INVALID_QUANTITY with apimachinery's text
 */
export function parseQuantity(value: string | number | ExactNumber): Quantity {
  const text = typeof value === "string" ? value : numberText(value);
  const match = PARTS.exec(text);
  if (match === null || text === "") throw new KubeCoreError("INVALID_QUANTITY", WRONG_FORMAT);
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match;
  const unit = interpretSuffix(suffix);
  if (unit === undefined) throw new KubeCoreError("INVALID_QUANTITY", WRONG_SUFFIX);
  if (whole.length + fraction.length > MAX_DIGITS || unit.exponent > MAX_DIGITS) {
    throw new KubeCoreError("INVALID_QUANTITY", WRONG_NUMBER);
  }
  // A suffix alone is zero of it, unless apimachinery would have to look at the number twice.
  if (whole === "" && !/\d/.test(text.slice(0, text.length - suffix.length)) && !isReadAtOnce(whole, fraction, unit)) {
    throw new KubeCoreError("INVALID_QUANTITY", WRONG_NUMBER);
  }
  const digits = BigInt(`0${whole}${fraction}`);
  const nanos = scaleUp(digits << unit.shift, unit.exponent - fraction.length + 9);
  const size = unit.format === "BinarySI" && nanos > MAX_BINARY ? MAX_BINARY : nanos;
  const format = unit.format === "BinarySI" && size > 0n && size < NANO ? "DecimalSI" : unit.format;
  const keepsText = text === "0" || isKeptAsWritten(whole, fraction, digits, unit);
  return { nanos: sign === "-" ? -size : size, format, ...(keepsText ? { text } : {}) };
}

interface Unit {
  readonly format: QuantityFormat;
  readonly exponent: number;
  readonly shift: bigint;
}

/**
 * Whether apimachinery takes the text for canonical and prints it again as it stands. Its test is quick, not exact: it
 * lets `+5`, `0005` and `1.500` pass.
 */
function isKeptAsWritten(whole: string, fraction: string, digits: bigint, unit: Unit): boolean {
  if (!isReadAtOnce(whole, fraction, unit)) return false;
  if (unit.format === "BinarySI") return digits % 8n !== 0n;
  const shifted = whole + fraction;
  return (unit.exponent - fraction.length) % 3 === 0 && whole !== "" && !shifted.endsWith("000");
}

/** Whether the amount fits 64 bits for certain, which apimachinery tells from the number of digits. */
function isReadAtOnce(whole: string, fraction: string, { format, exponent, shift }: Unit): boolean {
  const count = Math.max(whole.length, 1) + fraction.length;
  if (format === "BinarySI") return fraction === "" && 15 - count - Math.trunc((Number(shift) * 3) / 10) - 1 >= 0;
  return count <= 18 && exponent - fraction.length >= -9;
}

/** Like {@link parseQuantity}, but undefined instead of an error. */
export function tryParseQuantity(value: unknown): Quantity | undefined {
  if (typeof value !== "string" && typeof value !== "number" && !(value instanceof ExactNumber)) return undefined;
  try {
    return parseQuantity(value);
  } catch {
    return undefined;
  }
}

function numberText(value: number | ExactNumber): string {
  return typeof value === "number" ? JSON.stringify(value).replace("e+", "e") : (value.toBigInt()?.toString() ?? String(value.valueOf()));
}

function interpretSuffix(suffix: string): Unit | undefined {
  const decimal = Object.hasOwn(DECIMAL, suffix) ? DECIMAL[suffix] : undefined;
  if (decimal !== undefined) return { format: "DecimalSI", exponent: decimal, shift: 0n };
  const binary = Object.hasOwn(BINARY, suffix) ? BINARY[suffix] : undefined;
  if (binary !== undefined) return { format: "BinarySI", exponent: 0, shift: binary };
  if (!/^[eE][+-]?\d+$/.test(suffix)) return undefined;
  return { format: "DecimalExponent", exponent: Number(suffix.slice(1)), shift: 0n };
}

/** `digits × 10^power`, rounded up (away from zero) to an integer. */
function scaleUp(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  if (power < -2 * MAX_DIGITS) return digits === 0n ? 0n : 1n;
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor;
}

/**
 * The canonical text: no fraction, the largest suffix that keeps it exact. `1024Mi` → `1Gi`, `0.5` → `500m`, `1000m` → `1`.
 *
 * @see apimachinery Quantity.CanonicalizeBytes
 */
export function formatQuantity({ nanos, format, text }: Quantity): string {
  if (text !== undefined) return text;
  if (nanos === 0n) return "0";
  const isWhole = nanos % NANO === 0n;
  const isSmall = nanos > -1024n * NANO && nanos < 1024n * NANO;
  if (format === "BinarySI" && isWhole && !isSmall) return formatBinary(nanos / NANO);
  return formatDecimal(nanos, format === "DecimalExponent" ? "DecimalExponent" : "DecimalSI");
}

function formatBinary(value: bigint): string {
  let amount = value;
  let step = 0;
  while (amount % 1024n === 0n && step < BINARY_SUFFIXES.length - 1) {
    amount /= 1024n;
    step++;
  }
  return `${amount}${BINARY_SUFFIXES[step] ?? ""}`;
}

function formatDecimal(nanos: bigint, format: "DecimalSI" | "DecimalExponent"): string {
  let amount = nanos;
  let exponent = -9;
  while (amount % 1000n === 0n && (format === "DecimalExponent" || exponent < 18)) {
    amount /= 1000n;
    exponent += 3;
  }
  if (format === "DecimalExponent") return exponent === 0 ? `${amount}` : `${amount}e${exponent}`;
  const suffix = Object.keys(DECIMAL).find((name) => DECIMAL[name] === exponent) ?? "";
  return `${amount}${suffix}`;
}

/** The canonical text of a quantity, or the text itself when it is none. */
export function canonicalQuantity(text: string): string {
  const quantity = tryParseQuantity(text);
  return quantity === undefined ? text : formatQuantity(quantity);
}

/** Negative when `left` is less, 0 when they are the same amount, positive when it is more. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  if (left.nanos === right.nanos) return 0;
  return left.nanos < right.nanos ? -1 : 1;
}

/** The sum, in the format of `left` unless that is zero. */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  return { nanos: left.nanos + right.nanos, format: left.nanos === 0n ? right.format : left.format };
}

/** The difference, in the format of `left` unless that is zero. */
export function subtractQuantities(left: Quantity, right: Quantity): Quantity {
  return { nanos: left.nanos - right.nanos, format: left.nanos === 0n ? right.format : left.format };
}

/** The nearest double. */
export function quantityToNumber({ nanos }: Quantity): number {
  return Number(nanos / NANO) + Number(nanos % NANO) / 1e9;
}

/** The whole amount, rounded up away from zero. @see Quantity.Value */
export function quantityToInteger({ nanos }: Quantity): bigint {
  const whole = nanos / NANO;
  if (nanos % NANO === 0n) return whole;
  return nanos > 0n ? whole + 1n : whole - 1n;
}
