// SPDX-License-Identifier: Apache-2.0
import type { CelDuration, CelTimestamp } from "./values.ts";

const SECOND = 1_000_000_000n;

/** Nanoseconds since 1970 of an RFC 3339 time; undefined when it is none. @see Go time.Parse(time.RFC3339) */
export function parseTimestamp(text: string): bigint | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hours, minutes, seconds] = match.slice(1, 7).map(Number);
  const [offsetHours = 0, offsetMinutes = 0] = match.slice(9, 11).map((part) => Number(part ?? 0));
  if (!isDate(year ?? 0, month ?? 0, day ?? 0) || (hours ?? 0) > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) return undefined;
  if (offsetHours > 24 || offsetMinutes > 59) return undefined;
  const ms = utc(year ?? 0, month ?? 1, day ?? 1) + ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  const offset = BigInt((offsetHours * 60 + offsetMinutes) * 60) * SECOND * (match[8] === "-" ? -1n : 1n);
  const fraction = BigInt((match[7] ?? "").slice(0, 9).padEnd(9, "0"));
  return BigInt(ms) * 1_000_000n + fraction - offset;
}

/** Milliseconds of a day at midnight; `Date.UTC` takes years below 100 for those of the last century. */
export function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

export function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(utc(year, month, day));
  return month >= 1 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** As RFC 3339 in UTC, with the digits of the fraction that are needed. */
export function formatTimestamp({ nanos }: CelTimestamp): string {
  const fraction = ((nanos % SECOND) + SECOND) % SECOND;
  const date = new Date(Number((nanos - fraction) / 1_000_000n));
  const year = date.getUTCFullYear().toString().padStart(4, "0");
  const rest = date
    .toISOString()
    .replace(/^[+-]?\d+/, "")
    .slice(0, 15);
  return `${year}${rest}${fractionText(fraction)}Z`;
}

/** Seconds, as cel-go's string() writes them: `90s`, `1.5s`. */
export function formatDuration({ nanos }: CelDuration): string {
  const seconds = Number(nanos / SECOND) + Number(nanos % SECOND) / 1e9;
  return `${plainDecimal(seconds)}s`;
}

function plainDecimal(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(9).replace(/\.?0+$/, "") : text;
}

function fractionText(fraction: bigint): string {
  return fraction === 0n ? "" : `.${fraction.toString().padStart(9, "0").replace(/0+$/, "")}`;
}

/** The parts of a time in a zone: `UTC`, `Europe/Paris`, `+02:00`, `-03:30`. Undefined: no such zone. */
export function zonedDate({ nanos }: CelTimestamp, zone: string): Date | undefined {
  const ms = Number((nanos - (((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n);
  const offset = zone.includes(":") ? fixedOffset(zone) : namedOffset(zone, ms);
  return offset === undefined ? undefined : new Date(ms + offset);
}

function fixedOffset(zone: string): number | undefined {
  const match = /^([+-]?)(\d+):([+-]?\d+)$/.exec(zone);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}

function namedOffset(zone: string, ms: number): number | undefined {
  if (zone === "" || zone === "UTC" || zone === "Local") return 0;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return utc(year, month, day) + (hour * 3600 + minute * 60 + second) * 1000 - Math.floor(ms / 1000) * 1000;
  } catch {
    return undefined;
  }
}
