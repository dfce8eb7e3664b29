// SPDX-License-Identifier: Apache-2.0

import { goQuote } from "./quote.ts";

const NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

/** A duration in nanoseconds as Go's Duration.String writes it: `1h15m30.918s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const total = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (total < 1_000_000_000n) {
    const [unit, size]: [string, bigint] = total < 1_000n ? ["ns", 1n] : total < 1_000_000n ? ["µs", 1_000n] : ["ms", 1_000_000n];
    return sign + decimal(total, size) + unit;
  }
  const seconds = `${decimal(total % 60_000_000_000n, 1_000_000_000n)}s`;
  const minutes = total / 60_000_000_000n;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = (value % unit)
    .toString()
    .padStart(unit.toString().length - 1, "0")
    .replace(/0+$/, "");
  return fraction === "" || unit === 1n ? String(value / unit) : `${value / unit}.${fraction}`;
}

/** More than any whole number of 64 bits has, but for zeros before it. */
const MAX_DIGITS = 40;

/**
 * Nanoseconds of a duration such as `1.5h` or `-2m3s`.
 *
 * @returns the text of the error when it is none
 * @see time.ParseDuration
 */
export function parseDuration(text: string): bigint | string {
  const quoted = goQuote(text);
  const sign = text.startsWith("-") ? -1n : 1n;
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0n;
  if (rest === "") return `time: invalid duration ${quoted}`;
  let total = 0n;
  while (rest !== "") {
    const match = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/.exec(rest);
    const [all = "", whole = "", fraction = "", unit = ""] = match ?? [];
    if (whole === "" && fraction === "") return `time: invalid duration ${quoted}`;
    if (unit === "") return `time: missing unit in duration ${quoted}`;
    const size = NANOSECONDS.get(unit);
    if (size === undefined) return `time: unknown unit ${goQuote(unit)} in duration ${quoted}`;
    if (whole.length > MAX_DIGITS) return `time: invalid duration ${quoted}`;
    // In floats, as Go has it; digits that it cannot hold do not count.
    const digits = fraction.slice(0, 18);
    const part = Number(digits || "0") * (Number(size) / 10 ** digits.length);
    total += BigInt(whole || "0") * size + BigInt(Math.trunc(part));
    rest = rest.slice(all.length);
  }
  if (total > 2n ** 63n - (sign > 0n ? 1n : 0n)) return `time: invalid duration ${quoted}`;
  return sign * total;
}
