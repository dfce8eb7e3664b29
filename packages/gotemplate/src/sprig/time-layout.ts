// SPDX-License-Identifier: Apache-2.0
import { type Zone, two, zoneAt } from "./time-zone.ts";

export const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
export const DAYS: readonly string[] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The parts of a layout; longer ones first where one starts with the other. */
export const LAYOUT_PARTS =
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
  readonly offsetSeconds: number;
  readonly zoneName: string;
  readonly fraction: string;
}

/** What a clock and a calendar of a zone show. @throws {RangeError} for a zone that is not known */
export function fieldsOf(nanoseconds: bigint, zone: Zone): Fields {
  const rest = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const milliseconds = Number((nanoseconds - rest) / 1_000_000n);
  const { offsetSeconds, name } = zoneAt(zone, milliseconds);
  const date = new Date(milliseconds + offsetSeconds * 1000);
  const year = date.getUTCFullYear();
  const start = new Date(0);
  start.setUTCFullYear(year, 0, 1);
  return {
    year,
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    yearDay: Math.floor((date.getTime() - start.getTime()) / 86_400_000) + 1,
    offsetSeconds,
    zoneName: name,
    fraction: rest.toString().padStart(9, "0"),
  };
}

/** A time in a layout of Go's. @throws {RangeError} for a zone that is not known @see time.Time.Format */
export function formatTime(layout: string, nanoseconds: bigint, zone: Zone): string {
  const fields = fieldsOf(nanoseconds, zone);
  return layout.replace(LAYOUT_PARTS, (part) => formatPart(part, fields));
}

function formatPart(part: string, fields: Fields): string {
  const hour12 = fields.hour % 12 === 0 ? 12 : fields.hour % 12;
  switch (part) {
    case "2006":
      return (fields.year < 0 ? "-" : "") + String(Math.abs(fields.year)).padStart(4, "0");
    case "06":
      return two(Math.max(0, fields.year) % 100);
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
      return fields.zoneName === "" ? offset("-0700", fields.offsetSeconds) : fields.zoneName;
    default:
      return part.startsWith(".") || part.startsWith(",") ? fraction(part, fields) : offset(part, fields.offsetSeconds);
  }
}

/** `.000` keeps zeros at the end, `.999` drops them. */
function fraction(part: string, fields: Fields): string {
  const digits = fields.fraction.slice(0, part.length - 1);
  if (part[1] === "0") return part[0] + digits.padEnd(part.length - 1, "0");
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : part[0] + trimmed;
}

function offset(part: string, seconds: number): string {
  if (part.startsWith("Z") && seconds === 0) return "Z";
  const size = Math.abs(seconds);
  const shape = part.slice(1);
  const colon = shape.includes(":") ? ":" : "";
  const pieces = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map(two).slice(0, shape.replaceAll(":", "").length / 2);
  return (seconds < 0 ? "-" : "+") + pieces.join(colon);
}
