// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "./error.ts";

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  "\u00b5s": 1000n,
  "\u03bcs": 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const MAX_NS = 2n ** 63n;
const PART = /(\d*)(?:(\.)(\d*))?([^\d.]*)/y;

/**
 * The length of a Go duration string in nanoseconds: `1h30m`, `-1.5s`, `.5ms`, `0`.
 *
 * @throws {KubeCoreError} INVALID_DURATION with Go's text: `time: missing unit in duration "10"`, `time: unknown unit "d" in duration "1d"`, `time: invalid duration "x"`
 * @see Go time.ParseDuration
 */
export function parseDurationNs(text: string): bigint {
  const sign = /^[+-]/.test(text) ? text.slice(0, 1) : "";
  const rest = text.slice(sign.length);
  if (rest === "0") return 0n;
  if (rest === "") throw invalid(text);
  let total = 0n;
  let at = 0;
  while (at < rest.length) {
    PART.lastIndex = at;
    const [part = "", whole = "", point, fraction = "", unitName = ""] = PART.exec(rest) ?? [];
    if (whole === "" && fraction === "") throw invalid(text);
    const count = whole === "" ? 0n : wholeOf(whole, text);
    if (unitName === "") throw new KubeCoreError("INVALID_DURATION", `time: missing unit in duration ${quote(text)}`);
    const unit = Object.hasOwn(UNITS, unitName) ? UNITS[unitName] : undefined;
    if (unit === undefined) {
      throw new KubeCoreError("INVALID_DURATION", `time: unknown unit ${quote(unitName)} in duration ${quote(text)}`);
    }
    total += count * unit;
    if (point !== undefined && fraction !== "") total += fractionOf(fraction, unit);
    if (total > MAX_NS) throw invalid(text);
    at += part.length;
  }
  if (sign === "-") return -total;
  if (total === MAX_NS) throw invalid(text);
  return total;
}

/** Go drops the digits of a fraction beyond what 64 bits hold, then the part below a nanosecond. */
function fractionOf(digits: string, unit: bigint): bigint {
  const kept = digits.slice(0, 18);
  return (BigInt(kept) * unit) / 10n ** BigInt(kept.length);
}

function wholeOf(digits: string, text: string): bigint {
  const stripped = digits.replace(/^0+(?=.)/, "");
  const count = stripped.length > 19 ? MAX_NS + 1n : BigInt(stripped);
  if (count > MAX_NS) throw invalid(text);
  return count;
}

function invalid(text: string): KubeCoreError {
  return new KubeCoreError("INVALID_DURATION", `time: invalid duration ${quote(text)}`);
}

/** The time package writes what is not plain ASCII byte by byte. */
function quote(text: string): string {
  let quoted = "";
  for (const character of text) {
    if (character === '"' || character === "\\") quoted += `\\${character}`;
    else if (character >= " " && character < "\u0080") quoted += character;
    else for (const byte of new TextEncoder().encode(character)) quoted += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `"${quoted}"`;
}

/**
 * The same as {@link parseDurationNs} in milliseconds, with a fraction when there are parts of one.
 *
 * @throws {KubeCoreError} INVALID_DURATION
 */
export function parseDuration(text: string): number {
  return Number(parseDurationNs(text)) / 1_000_000;
}

/**
 * A length in nanoseconds as Go prints it: `0s`, `1.5s`, `1m30s`, `2h0m0s`, `150ms`.
 *
 * @see Go time.Duration.String
 */
export function formatDurationNs(ns: bigint): string {
  if (ns === 0n) return "0s";
  const sign = ns < 0n ? "-" : "";
  const size = ns < 0n ? -ns : ns;
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${withFraction(size, 1000n, 3)}\u00b5s`;
  if (size < 1_000_000_000n) return `${sign}${withFraction(size, 1_000_000n, 6)}ms`;
  const hours = size / 3_600_000_000_000n;
  const minutes = (size / 60_000_000_000n) % 60n;
  const seconds = `${withFraction(size % 60_000_000_000n, 1_000_000_000n, 9)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function withFraction(value: bigint, unit: bigint, digits: number): string {
  const fraction = (value % unit).toString().padStart(digits, "0").replace(/0+$/, "");
  return fraction === "" ? `${value / unit}` : `${value / unit}.${fraction}`;
}

/** The same as {@link formatDurationNs} for milliseconds; parts below a nanosecond are rounded. */
export function formatDuration(ms: number): string {
  const whole = Math.trunc(ms);
  return formatDurationNs(BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1_000_000)));
}
