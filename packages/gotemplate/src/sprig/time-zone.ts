// SPDX-License-Identifier: Apache-2.0
// A table of the letters that zones go by, where Intl does not know them.

/** A zone of one offset, as a text that was read names it. */
export interface FixedZone {
  /** Empty where only the offset is known. */
  readonly name: string;
  readonly offsetSeconds: number;
}

/** A zone by its name in the IANA database, or one of a fixed offset. */
export type Zone = string | FixedZone;

export interface ZoneState {
  readonly offsetSeconds: number;
  readonly name: string;
}

/** The letters of a zone and, behind the slash, those of its summer time. */
const LETTERS: Readonly<Record<string, string>> = {};

/** Whether the database has a zone. Names are told apart by case, as they are file names for Go. */
export function isKnownZone(name: string): boolean {
  if (name === "UTC" || name === "") return true;
  if (!name.split("/").every((part) => /^[A-Z]/.test(part))) return false;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What a zone's clocks show at a moment, in milliseconds since 1970. @throws {RangeError} for a zone that is not known */
export function zoneAt(zone: Zone, milliseconds: number): ZoneState {
  if (typeof zone !== "string") return zone;
  if (zone === "UTC" || zone === "") return { offsetSeconds: 0, name: "UTC" };
  const options = {
    timeZone: zone,
    era: "narrow",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  } as const;
  const parts = new Map(new Intl.DateTimeFormat("en-US", options).formatToParts(milliseconds).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name) ?? 0);
  const local = new Date(0);
  local.setUTCFullYear(parts.get("era") === "B" ? 1 - part("year") : part("year"), part("month") - 1, part("day"));
  local.setUTCHours(part("hour"), part("minute"), part("second"));
  const offsetSeconds = Math.round((local.getTime() - Math.floor(milliseconds / 1000) * 1000) / 1000);
  return { offsetSeconds, name: abbreviation(zone, milliseconds, offsetSeconds) };
}

/** The letters of a zone: EST, CET. Where it has none, the offset as Go's database has it: +03. */
function abbreviation(zone: string, milliseconds: number, offsetSeconds: number): string {
  const known = Object.hasOwn(LETTERS, zone) ? LETTERS[zone] : undefined;
  if (known !== undefined) {
    const [standard = "", summer = standard] = known.split("/");
    return isSummer(zone, milliseconds, offsetSeconds) ? summer : standard;
  }
  for (const locale of ["en-US", "en-GB", "en-AU"]) {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "short" }).formatToParts(milliseconds);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    if (/^[A-Z]{2,5}$/.test(name)) return name;
  }
  const sign = offsetSeconds < 0 ? "-" : "+";
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60);
  return sign + two(Math.floor(minutes / 60)) + (minutes % 60 === 0 ? "" : two(minutes % 60));
}

/** Whether the clocks are ahead of what they show in one of the half years. */
function isSummer(zone: string, milliseconds: number, offsetSeconds: number): boolean {
  const year = new Date(milliseconds).getUTCFullYear();
  const offsets = [Date.UTC(year, 0, 1), Date.UTC(year, 6, 1)].map((moment) => offsetAt(zone, moment));
  return offsetSeconds > Math.min(...offsets);
}

function offsetAt(zone: string, milliseconds: number): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(milliseconds);
  const [, sign = "+", hours = "0", minutes = "0"] =
    /GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60;
}

/** A number of two digits. */
export function two(value: number): string {
  return String(value).padStart(2, "0");
}
