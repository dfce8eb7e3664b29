// SPDX-License-Identifier: Apache-2.0
// A table of how each part of a layout is read.
import { toBytes } from "../bytes.ts";
import { DAYS, LAYOUT_PARTS, MONTHS } from "./time-layout.ts";
import { type Zone, zoneAt } from "./time-zone.ts";

export interface ParsedTime {
  readonly nanoseconds: bigint;
  readonly zone: Zone;
}

/** What was read so far. */
interface Reading {
  /** What is left to read. */
  rest: string;
  year: number;
  month: number | undefined;
  day: number | undefined;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanoseconds: number;
  half: "AM" | "PM" | undefined;
  isUtc: boolean;
  offsetSeconds: number | undefined;
  zoneName: string;
}

/** A text that does not fit. */
class Mismatch extends Error {}
/** A number that is too large; the message names it. */
class OutOfRange extends Error {}

/**
 * Reads a time in a layout of Go's, in a zone where the text names none.
 *
 * @returns the text of the error when it does not fit
 * @see time.ParseInLocation
 */
export function parseTime(layout: string, text: string, zone: Zone): ParsedTime | string {
  const cannot = (what: string, part: string): string =>
    `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(what)} as ${quote(part)}`;
  const reading: Reading = {
    rest: text,
    year: 0,
    month: undefined,
    day: undefined,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0,
    half: undefined,
    isUtc: false,
    offsetSeconds: undefined,
    zoneName: "",
  };
  let at = 0;
  const parts = [...layout.matchAll(LAYOUT_PARTS)];
  for (const [i, match] of parts.entries()) {
    const [part] = match;
    const prefix = layout.slice(at, match.index);
    if (!skipPrefix(reading, prefix)) return cannot(reading.rest, prefix);
    at = match.index + part.length;
    const hold = reading.rest;
    const next = parts[i + 1];
    const follows = next !== undefined && next.index === at ? next[0] : "";
    try {
      readPart(part, reading, /^[.,]/.test(next?.[0] ?? "") ? (next?.[0] ?? "") : follows);
    } catch (error) {
      if (error instanceof Mismatch) return cannot(hold, part);
      if (error instanceof OutOfRange) return `parsing time ${quote(text)}: ${error.message} out of range`;
      throw error;
    }
  }
  const suffix = layout.slice(at);
  if (!skipPrefix(reading, suffix)) return cannot(reading.rest, suffix);
  if (reading.rest !== "") return `parsing time ${quote(text)}: extra text: ${quote(reading.rest)}`;
  const problem = settleDay(reading);
  return problem === undefined ? assemble(reading, zone) : `parsing time ${quote(text)}: ${problem}`;
}

/** Quotes as Go's package time does: bytes that are not plain as \x. */
function quote(text: string): string {
  let out = '"';
  for (const byte of toBytes(text)) {
    if (byte >= 0x80 || byte < 0x20) out += `\\x${byte.toString(16).padStart(2, "0")}`;
    else if (byte === 0x22 || byte === 0x5c) out += `\\${String.fromCharCode(byte)}`;
    else out += String.fromCharCode(byte);
  }
  return `${out}"`;
}

/** Reads what stands between the parts; blanks stand for any number of them. */
function skipPrefix(reading: Reading, prefix: string): boolean {
  let left = prefix;
  while (left !== "") {
    if (left.startsWith(" ")) {
      if (reading.rest !== "" && !reading.rest.startsWith(" ")) return false;
      left = left.replace(/^ +/, "");
      reading.rest = reading.rest.replace(/^ +/, "");
      continue;
    }
    if (reading.rest === "" || reading.rest[0] !== left[0]) return false;
    left = left.slice(1);
    reading.rest = reading.rest.slice(1);
  }
  return true;
}

/** Reads by a pattern. @throws {Mismatch} */
function take(reading: Reading, pattern: RegExp): string {
  const found = pattern.exec(reading.rest)?.[0];
  if (found === undefined) throw new Mismatch();
  reading.rest = reading.rest.slice(found.length);
  return found;
}

/** A number of two digits; of one, too, unless two are a must. */
function number(reading: Reading, isFixed: boolean): number {
  return Number(take(reading, isFixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/));
}

function within(value: number, least: number, most: number, what: string): number {
  if (value < least || value > most) throw new OutOfRange(what);
  return value;
}

function nameIn(reading: Reading, names: readonly string[]): number {
  const index = names.findIndex((name) => reading.rest.slice(0, name.length).toLowerCase() === name.toLowerCase());
  if (index < 0) throw new Mismatch();
  reading.rest = reading.rest.slice(names[index]?.length ?? 0);
  return index;
}

function shortNames(names: readonly string[]): string[] {
  return names.map((name) => name.slice(0, 3));
}

function readFraction(reading: Reading, pattern: RegExp): void {
  reading.nanoseconds = Number(take(reading, pattern).slice(1, 10).padEnd(9, "0"));
}

function readPart(part: string, reading: Reading, follows: string): void {
  switch (part) {
    case "06": {
      const year = Number(take(reading, /^(?:[0-9]{2}|[+-][0-9])/));
      reading.year = year + (year >= 69 ? 1900 : 2000);
      return;
    }
    case "2006":
      reading.year = Number(take(reading, /^[0-9]{4}/));
      return;
    case "Jan":
      reading.month = nameIn(reading, shortNames(MONTHS)) + 1;
      return;
    case "January":
      reading.month = nameIn(reading, MONTHS) + 1;
      return;
    case "1":
    case "01":
      reading.month = within(number(reading, part === "01"), 1, 12, "month");
      return;
    case "Mon":
      nameIn(reading, shortNames(DAYS));
      return;
    case "Monday":
      nameIn(reading, DAYS);
      return;
    case "2":
    case "_2":
    case "02":
      if (part === "_2") reading.rest = reading.rest.replace(/^ /, "");
      reading.day = number(reading, part === "02");
      return;
    case "002":
      reading.yearDay = Number(take(reading, /^[0-9]{3}/));
      return;
    case "__2":
      reading.rest = reading.rest.replace(/^ {1,2}/, "");
      reading.yearDay = Number(take(reading, /^[0-9]{1,3}/));
      return;
    case "15":
      reading.hour = within(number(reading, false), 0, 23, "hour");
      return;
    case "3":
    case "03":
      reading.hour = within(number(reading, part === "03"), 0, 12, "hour");
      return;
    case "4":
    case "04":
      reading.minute = within(number(reading, part === "04"), 0, 59, "minute");
      return;
    case "5":
    case "05":
      reading.second = within(number(reading, part === "05"), 0, 59, "second");
      // A fraction is read also where the layout has none.
      if (!/^[.,]/.test(follows) && /^[.,][0-9]/.test(reading.rest)) readFraction(reading, /^[.,][0-9]+/);
      return;
    case "PM":
      reading.half = take(reading, /^(?:AM|PM)/) === "PM" ? "PM" : "AM";
      return;
    case "pm":
      reading.half = take(reading, /^(?:am|pm)/) === "pm" ? "PM" : "AM";
      return;
    case "MST":
      readZoneName(reading);
      return;
  }
  if (!/^[.,]/.test(part)) readOffset(part, reading);
  else if (part[1] === "0") readFraction(reading, new RegExp(`^[.,][0-9]{${part.length - 1}}`));
  else if (/^[.,][0-9]/.test(reading.rest)) readFraction(reading, /^[.,][0-9]+/);
}

function readOffset(part: string, reading: Reading): void {
  if (part.startsWith("Z") && reading.rest.startsWith("Z")) {
    reading.rest = reading.rest.slice(1);
    reading.isUtc = true;
    return;
  }
  const pattern = new RegExp(`^([+-])${part.slice(1).replaceAll(/0[07]/g, "([0-9]{2})")}`);
  const [all, sign, hours = "0", minutes = "0", seconds = "0"] = pattern.exec(reading.rest) ?? [];
  if (all === undefined) throw new Mismatch();
  reading.rest = reading.rest.slice(all.length);
  const size =
    within(Number(hours), 0, 24, "time zone offset hour") * 3600 +
    within(Number(minutes), 0, 60, "time zone offset minute") * 60 +
    within(Number(seconds), 0, 60, "time zone offset second");
  reading.offsetSeconds = sign === "-" ? -size : size;
}

/** Letters of a zone: three, four or five, mostly ending in T. @see time.parseTimeZone */
function readZoneName(reading: Reading): void {
  if (reading.rest.startsWith("UTC")) {
    reading.rest = reading.rest.slice(3);
    reading.isUtc = true;
    return;
  }
  reading.zoneName = take(
    reading,
    /^(?:ChST|MeST|GMT(?:[+-](?:2[0-3]|[01]?[0-9])(?![0-9]))?|[+-](?:2[0-3]|[01]?[0-9])(?![0-9])|WITA(?![A-Z])|[A-Z]{3,4}T(?![A-Z])|[A-Z]{3}(?![A-Z]))/,
  );
}

function daysIn(month: number, year: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

/** Makes month and day of what was read; tells what is wrong. */
function settleDay(reading: Reading): string | undefined {
  const { year, yearDay } = reading;
  if (yearDay !== undefined) {
    if (yearDay < 1 || yearDay > (daysIn(2, year) === 29 ? 366 : 365)) return "day-of-year out of range";
    const date = new Date(0);
    date.setUTCFullYear(year, 0, yearDay);
    const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
    if (reading.month !== undefined && reading.month !== month) return "day-of-year does not match month";
    if (reading.day !== undefined && reading.day !== day) return "day-of-year does not match day";
    reading.month = month;
    reading.day = day;
  }
  reading.month ??= 1;
  reading.day ??= 1;
  return reading.day < 1 || reading.day > daysIn(reading.month, year) ? "day out of range" : undefined;
}

function assemble(reading: Reading, zone: Zone): ParsedTime {
  const { half, hour, isUtc, offsetSeconds, zoneName } = reading;
  const hours = half === "PM" && hour < 12 ? hour + 12 : half === "AM" && hour === 12 ? 0 : hour;
  const date = new Date(0);
  date.setUTCFullYear(reading.year, (reading.month ?? 1) - 1, reading.day);
  date.setUTCHours(hours, reading.minute, reading.second);
  const shown = date.getTime();
  const at = (seconds: number, in_: Zone): ParsedTime => ({
    nanoseconds: BigInt(shown - seconds * 1000) * 1_000_000n + BigInt(reading.nanoseconds),
    zone: in_,
  });
  if (isUtc) return at(0, "UTC");
  if (offsetSeconds !== undefined) {
    const local = zoneAt(zone, shown - offsetSeconds * 1000);
    const isLocal = local.offsetSeconds === offsetSeconds && (zoneName === "" || zoneName === local.name);
    return at(offsetSeconds, isLocal ? zone : { name: zoneName, offsetSeconds });
  }
  const local = localState(zone, shown);
  if (zoneName === "" || zoneName === local.name) return at(local.offsetSeconds, zone);
  // Letters that the zone does not have name no offset, but for GMT+3.
  const hoursOff = /^GMT([+-][0-9]+)$/.exec(zoneName)?.[1];
  return at(0, { name: zoneName, offsetSeconds: Number(hoursOff ?? 0) * 3600 });
}

/** What a zone's clocks are ahead when they show a time. */
function localState(zone: Zone, shown: number): { readonly offsetSeconds: number; readonly name: string } {
  const guess = zoneAt(zone, shown);
  return zoneAt(zone, shown - zoneAt(zone, shown - guess.offsetSeconds * 1000).offsetSeconds * 1000);
}
