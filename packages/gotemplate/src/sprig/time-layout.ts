// SPDX-License-Identifier: Apache-2.0
// A table of what the parts of a layout stand for.
import { goQuote } from "../format/quote.ts";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The parts of a layout; longer ones first where one starts with the other. */
const PARTS =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|002|01|02|03|04|05|06|__2|_2(?!006)|15|-07:00:00|-07:00|-070000|-0700|-07|Z07:00:00|Z07:00|Z070000|Z0700|Z07|PM|pm|[.,](?:0+|9+)(?![0-9])|1|2|3|4|5/g;

interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
  readonly yearDay: number;
  readonly offsetMinutes: number;
  readonly zoneName: string;
  readonly fraction: string;
}

/** The offset of a zone at a moment. @throws {RangeError} for a zone that is not known */
function offsetOf(zone: string, milliseconds: number): { readonly minutes: number; readonly name: string } {
  if (zone === "UTC") return { minutes: 0, name: "UTC" };
  const fixed = /^([+-])(\d\d)(\d\d)$/.exec(zone);
  if (fixed !== null) {
    const minutes = (fixed[1] === "-" ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3]));
    return { minutes, name: zone };
  }
  const options = {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  } as const;
  const parts = new Map(
    new Intl.DateTimeFormat("en-US", options).formatToParts(milliseconds).map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  const minutes = Math.round((local - Math.floor(milliseconds / 1000) * 1000) / 60_000);
  return { minutes, name: abbreviation(zone, milliseconds, minutes) };
}

/** The letters of a zone: EST, CET. Where the platform knows none, the offset as Go's database has it: +03. */
function abbreviation(zone: string, milliseconds: number, minutes: number): string {
  for (const locale of ["en-US", "en-GB", "en-AU"]) {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" }).formatToParts(milliseconds);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    if (/^[A-Z]{2,5}$/.test(name)) return name;
  }
  const sign = minutes < 0 ? "-" : "+";
  const size = Math.abs(minutes);
  return sign + two(Math.floor(size / 60)) + (size % 60 === 0 ? "" : two(size % 60));
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function fieldsOf(nanoseconds: bigint, zone: string): Fields {
  const rest = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const milliseconds = Number((nanoseconds - rest) / 1_000_000n);
  const { minutes, name } = offsetOf(zone, milliseconds);
  const date = new Date(milliseconds + minutes * 60_000);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    offsetMinutes: minutes,
    zoneName: name,
    fraction: rest.toString().padStart(9, "0"),
  };
}

/** A time in a layout of Go's. @throws {RangeError} for a zone that is not known @see time.Time.Format */
export function formatTime(layout: string, nanoseconds: bigint, zone: string): string {
  const fields = fieldsOf(nanoseconds, zone);
  return layout.replace(PARTS, (part) => formatPart(part, fields));
}

function formatPart(part: string, fields: Fields): string {
  const hour12 = fields.hour % 12 === 0 ? 12 : fields.hour % 12;
  switch (part) {
    case "2006":
      return String(fields.year).padStart(4, "0");
    case "06":
      return two(fields.year % 100);
    case "January":
      return MONTHS[fields.month] ?? "";
    case "Jan":
      return (MONTHS[fields.month] ?? "").slice(0, 3);
    case "01":
      return two(fields.month + 1);
    case "1":
      return String(fields.month + 1);
    case "Monday":
      return DAYS[fields.weekday] ?? "";
    case "Mon":
      return (DAYS[fields.weekday] ?? "").slice(0, 3);
    case "02":
      return two(fields.day);
    case "_2":
      return String(fields.day).padStart(2, " ");
    case "2":
      return String(fields.day);
    case "002":
      return String(fields.yearDay).padStart(3, "0");
    case "__2":
      return String(fields.yearDay).padStart(3, " ");
    case "15":
      return two(fields.hour);
    case "03":
      return two(hour12);
    case "3":
      return String(hour12);
    case "04":
      return two(fields.minute);
    case "4":
      return String(fields.minute);
    case "05":
      return two(fields.second);
    case "5":
      return String(fields.second);
    case "PM":
      return fields.hour >= 12 ? "PM" : "AM";
    case "pm":
      return fields.hour >= 12 ? "pm" : "am";
    case "MST":
      return fields.zoneName;
    default:
      return part.startsWith(".") || part.startsWith(",") ? fraction(part, fields) : offset(part, fields.offsetMinutes);
  }
}

/** `.000` keeps zeros at the end, `.999` drops them. */
function fraction(part: string, fields: Fields): string {
  const digits = fields.fraction.slice(0, part.length - 1);
  if (part[1] === "0") return part[0] + digits.padEnd(part.length - 1, "0");
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : part[0] + trimmed;
}

function offset(part: string, minutes: number): string {
  if (part.startsWith("Z") && minutes === 0) return "Z";
  const size = Math.abs(minutes);
  const shape = part.slice(1);
  const colon = shape.includes(":") ? ":" : "";
  const pieces = [two(Math.floor(size / 60)), two(size % 60), "00"].slice(0, shape.replaceAll(":", "").length / 2);
  return (minutes < 0 ? "-" : "+") + pieces.join(colon);
}

/** Patterns of what a part reads, and which field it is. */
const READERS: Readonly<Record<string, readonly [pattern: string, field: string]>> = {
  "2006": ["[0-9]{4}", "year"],
  "06": ["[0-9]{2}", "shortYear"],
  January: [MONTHS.join("|"), "monthName"],
  Jan: [MONTHS.map((month) => month.slice(0, 3)).join("|"), "monthName"],
  "01": ["[0-9]{2}", "month"],
  "1": ["[0-9]{1,2}", "month"],
  Monday: [DAYS.join("|"), "skip"],
  Mon: [DAYS.map((day) => day.slice(0, 3)).join("|"), "skip"],
  "02": ["[0-9]{2}", "day"],
  _2: [" ?[0-9]{1,2}", "day"],
  "2": ["[0-9]{1,2}", "day"],
  "002": ["[0-9]{3}", "yearDay"],
  __2: [" {0,2}[0-9]{1,3}", "yearDay"],
  "15": ["[0-9]{2}", "hour"],
  "03": ["[0-9]{2}", "hour"],
  "3": ["[0-9]{1,2}", "hour"],
  "04": ["[0-9]{2}", "minute"],
  "4": ["[0-9]{1,2}", "minute"],
  "05": ["[0-9]{2}(?:[.,][0-9]+)?", "second"],
  "5": ["[0-9]{1,2}(?:[.,][0-9]+)?", "second"],
  PM: ["AM|PM", "half"],
  pm: ["am|pm", "half"],
  MST: ["[A-Z]{3,5}", "zoneName"],
};

/**
 * Reads a time in a layout of Go's, in a zone where the text names none.
 *
 * @returns the text of the error when it does not fit
 * @see time.ParseInLocation
 */
export function parseTime(layout: string, text: string, zone: string): { readonly nanoseconds: bigint; readonly zone: string } | string {
  const names: string[] = [];
  let pattern = "";
  let at = 0;
  for (const match of layout.matchAll(PARTS)) {
    const [part] = match;
    pattern += literal(layout.slice(at, match.index));
    at = match.index + part.length;
    const reader = Object.hasOwn(READERS, part) ? READERS[part] : undefined;
    const isFraction = part.startsWith(".") || part.startsWith(",");
    // Seconds read their fraction themselves.
    if (isFraction) continue;
    names.push(reader?.[1] ?? "offset");
    pattern += `(${reader?.[0] ?? "Z|[+-][0-9]{2}(?::?[0-9]{2})?"})`;
  }
  pattern += literal(layout.slice(at));
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (found === null)
    return `parsing time ${goQuote(text)} as ${goQuote(layout)}: cannot parse ${goQuote(text)} as ${goQuote(layout.match(PARTS)?.[0] ?? layout)}`;
  const read = new Map(names.map((name, i) => [name, found[i + 1] ?? ""]));
  return assemble(read, text, zone);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function assemble(
  read: ReadonlyMap<string, string>,
  text: string,
  zone: string,
): { readonly nanoseconds: bigint; readonly zone: string } | string {
  const number = (name: string, fallback: number): number => (read.has(name) ? Number(read.get(name)) : fallback);
  const outOfRange = (what: string): string => `parsing time ${goQuote(text)}: ${what} out of range`;
  const short = number("shortYear", 0);
  const year = read.has("shortYear") ? short + (short >= 69 ? 1900 : 2000) : number("year", 0);
  const monthName = read.get("monthName");
  const month = monthName === undefined ? number("month", 1) : MONTHS.findIndex((name) => name.startsWith(monthName.slice(0, 3))) + 1;
  const day = number("day", 1);
  let hour = number("hour", 0);
  const half = read.get("half")?.toUpperCase();
  if (half === "PM" && hour < 12) hour += 12;
  if (half === "AM" && hour === 12) hour = 0;
  const [second = "0", fractionDigits = ""] = (read.get("second") ?? "0").split(/[.,]/);
  const minute = number("minute", 0);
  if (month < 1 || month > 12) return outOfRange("month");
  if (hour > 23) return outOfRange("hour");
  if (minute > 59) return outOfRange("minute");
  if (Number(second) > 59) return outOfRange("second");
  const date = new Date(0);
  const yearDay = read.has("yearDay") ? number("yearDay", 1) : undefined;
  date.setUTCFullYear(year, yearDay === undefined ? month - 1 : 0, yearDay ?? day);
  if (yearDay === undefined ? day < 1 || date.getUTCMonth() !== month - 1 : yearDay < 1 || date.getUTCFullYear() !== year) {
    return outOfRange(yearDay === undefined ? "day" : "day-of-year");
  }
  const local = date.getTime() + ((hour * 60 + minute) * 60 + Number(second)) * 1000;
  const given = read.get("offset");
  const [, sign = "", hours = "0", minutes = "0"] = /^([+-])(\d\d):?(\d\d)?/.exec(given ?? "") ?? [];
  const isUtc = given === "Z" || read.get("zoneName") === "UTC";
  const shift =
    sign === ""
      ? isUtc
        ? 0
        : offsetOf(zone, local - offsetOf(zone, local).minutes * 60_000).minutes
      : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const nanoseconds = BigInt(local - shift * 60_000) * 1_000_000n + BigInt(fractionDigits.padEnd(9, "0").slice(0, 9) || "0");
  const shownIn = isUtc ? "UTC" : sign === "" ? zone : shift === 0 ? "UTC" : `${sign}${hours}${minutes.padStart(2, "0")}`;
  return { nanoseconds, zone: shownIn };
}
