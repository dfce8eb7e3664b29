// SPDX-License-Identifier: Apache-2.0
import { formatDuration, parseDuration } from "../format/duration.ts";
import { goQuote } from "../format/quote.ts";
import { FunctionError } from "../template-error.ts";
import { Int, Struct, type TemplateFunction, type Value, fn, int, int64 } from "../values.ts";
import { parseTime } from "./parse-time.ts";
import { fieldsOf, formatTime } from "./time-layout.ts";
import { type Zone, isKnownZone } from "./time-zone.ts";

/** A Go time.Time: nanoseconds since 1970, shown in a zone. */
export class Time extends Struct {
  readonly nanoseconds: bigint;
  readonly zone: Zone;

  constructor(nanoseconds: bigint, zone: Zone) {
    super({
      type: "time.Time",
      text: () => formatTime("2006-01-02 15:04:05.999999999 -0700 MST", nanoseconds, zone),
      goString: () => goStringOf(nanoseconds, zone),
      json: () => formatTime("2006-01-02T15:04:05.999999999Z07:00", nanoseconds, zone),
      methods: timeMethods(() => this),
    });
    this.nanoseconds = nanoseconds;
    this.zone = zone;
  }

  /** As TOML writes it: local dates and times, which were read of TOML, without a zone. */
  tomlText(): string {
    const { name = "" } = typeof this.zone === "string" ? {} : this.zone;
    const layout = LOCAL_LAYOUTS.get(name) ?? "2006-01-02T15:04:05.999999999Z07:00";
    return formatTime(layout, this.nanoseconds, this.zone);
  }
}

/** Dates and times of TOML that name no zone, by the name that their zone has instead. */
const LOCAL_LAYOUTS: ReadonlyMap<string, string> = new Map([
  ["datetime-local", "2006-01-02T15:04:05.999999999"],
  ["date-local", "2006-01-02"],
  ["time-local", "15:04:05.999999999"],
]);

/** @see time.Time.GoString */
function goStringOf(nanoseconds: bigint, zone: Zone): string {
  const { year, hour, minute, second, fraction } = fieldsOf(nanoseconds, zone);
  const name = zone === "UTC" ? "time.UTC" : typeof zone === "string" ? "time.Local" : `time.Location(${goQuote(zone.name)})`;
  const [month = "", day = ""] = formatTime("January 2", nanoseconds, zone).split(" ");
  return `time.Date(${year}, time.${month}, ${day}, ${hour}, ${minute}, ${second}, ${Number(fraction)}, ${name})`;
}

/** What the calendar and the clock of the caller give. */
export interface TimePorts {
  /** Nanoseconds since 1970. */
  readonly now: () => bigint;
  /** The zone that "Local" stands for: "UTC", or a name such as "Europe/Berlin". */
  readonly timeZone: string;
}

const SECOND = 1_000_000_000n;
/** Go's zero time, 1 January of the year 1, in nanoseconds since 1970. */
const ZERO_TIME = -62_135_596_800n * SECOND;

function timeMethods(self: () => Time): ReadonlyMap<string, TemplateFunction> {
  const at = (nanoseconds: bigint, zone: Zone): Time => new Time(nanoseconds, zone);
  const part = (read: (fields: ReturnType<typeof fieldsOf>) => number): TemplateFunction =>
    fn("", () => int(read(fieldsOf(self().nanoseconds, self().zone))));
  const against = (test: (own: bigint, other: bigint) => Value): TemplateFunction =>
    fn("time.Time", ([other]) => test(self().nanoseconds, other instanceof Time ? other.nanoseconds : 0n));
  const nanosecondsOf = (value: Value): bigint => (value instanceof Int ? value.value : 0n);
  const whole = (time: bigint, unit: bigint): bigint => ((time - ZERO_TIME) / unit) * unit + ZERO_TIME;
  return new Map<string, TemplateFunction>([
    ["Format", fn("string", ([layout]) => formatTime(String(layout), self().nanoseconds, self().zone))],
    ["String", fn("", () => self().text?.())],
    ["Unix", fn("", () => int64(floorDivide(self().nanoseconds, SECOND)))],
    ["UnixMilli", fn("", () => int64(floorDivide(self().nanoseconds, 1_000_000n)))],
    ["UnixMicro", fn("", () => int64(floorDivide(self().nanoseconds, 1_000n)))],
    ["UnixNano", fn("", () => int64(self().nanoseconds))],
    ["UTC", fn("", () => at(self().nanoseconds, "UTC"))],
    ["Local", fn("", () => self())],
    ["IsZero", fn("", () => self().nanoseconds === ZERO_TIME)],
    ["Year", part(({ year }) => year)],
    ["Month", fn("", () => new Int("time.Month", BigInt(fieldsOf(self().nanoseconds, self().zone).month + 1)))],
    ["Day", part(({ day }) => day)],
    ["Hour", part(({ hour }) => hour)],
    ["Minute", part(({ minute }) => minute)],
    ["Second", part(({ second }) => second)],
    ["Nanosecond", part(({ fraction }) => Number(fraction))],
    ["YearDay", part(({ yearDay }) => yearDay)],
    ["Weekday", fn("", () => new Int("time.Weekday", BigInt(fieldsOf(self().nanoseconds, self().zone).weekday)))],
    ["Add", fn("time.Duration", ([duration]) => at(self().nanoseconds + nanosecondsOf(duration), self().zone))],
    ["AddDate", fn("int,int,int", ([years, months, days]) => addDate(self(), numberOf(years), numberOf(months), numberOf(days)))],
    [
      "Truncate",
      fn("time.Duration", ([unit]) =>
        nanosecondsOf(unit) <= 0n ? self() : at(whole(self().nanoseconds, nanosecondsOf(unit)), self().zone),
      ),
    ],
    [
      "Round",
      fn("time.Duration", ([unit]) => {
        const size = nanosecondsOf(unit);
        return size <= 0n ? self() : at(whole(self().nanoseconds + size / 2n, size), self().zone);
      }),
    ],
    ["Before", against((own, other) => own < other)],
    ["After", against((own, other) => own > other)],
    ["Equal", against((own, other) => own === other)],
    ["Compare", against((own, other) => int(own < other ? -1 : own > other ? 1 : 0))],
    ["Sub", against((own, other) => new Int("time.Duration", own - other))],
  ]);
}

/** What the clock of its zone shows stays, but for the date. */
function addDate(time: Time, years: number, months: number, days: number): Time {
  const fields = fieldsOf(time.nanoseconds, time.zone);
  const moved = new Date(0);
  moved.setUTCFullYear(fields.year + years, fields.month + months, fields.day + days);
  moved.setUTCHours(fields.hour, fields.minute, fields.second);
  const shown = moved
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replace(/^\+0*/, "");
  const parsed = parseTime("2006-01-02T15:04:05", shown, time.zone);
  if (typeof parsed === "string") throw new FunctionError(parsed);
  return new Time(parsed.nanoseconds + BigInt(fields.fraction), time.zone);
}

function numberOf(value: Value): number {
  return value instanceof Int ? Number(value.value) : 0;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** Sprig's functions of dates. @see Masterminds/sprig date.go */
export function dateFunctions({ now, timeZone }: TimePorts): [string, TemplateFunction][] {
  const timeOf = (value: Value): bigint => {
    if (value instanceof Time) return value.nanoseconds;
    if (value instanceof Int && ["int", "int64", "int32"].includes(value.type)) return value.value * SECOND;
    return now();
  };
  const inZone = (layout: Value, value: Value, zone: string): string => {
    const name = zone === "Local" ? timeZone : zone;
    return formatTime(String(layout), timeOf(value), isKnownZone(name) ? name : "UTC");
  };
  const modify = (isMust: boolean): TemplateFunction =>
    fn("string,time.Time", ([text, time]) => {
      const duration = parseDuration(String(text));
      if (!(time instanceof Time)) return time;
      if (typeof duration === "bigint") return new Time(time.nanoseconds + duration, time.zone);
      if (isMust) throw new FunctionError(duration);
      return time;
    });
  const toDate = (isMust: boolean): TemplateFunction =>
    fn("string,string", ([layout, text]) => {
      const parsed = parseTime(String(layout), String(text), timeZone);
      if (typeof parsed !== "string") return new Time(parsed.nanoseconds, parsed.zone);
      if (isMust) throw new FunctionError(parsed);
      return new Time(ZERO_TIME, "UTC");
    });
  const withZone = fn("string,any,string", ([layout, value, zone]) => inZone(layout, value, String(zone)));
  return [
    ["now", fn("", () => new Time(now(), timeZone))],
    ["date", fn("string,any", ([layout, value]) => inZone(layout, value, "Local"))],
    ["dateInZone", withZone],
    ["date_in_zone", withZone],
    ["htmlDate", fn("any", ([value]) => inZone("2006-01-02", value, "Local"))],
    ["htmlDateInZone", fn("any,string", ([value, zone]) => inZone("2006-01-02", value, String(zone)))],
    ["dateModify", modify(false)],
    ["date_modify", modify(false)],
    ["mustDateModify", modify(true)],
    ["must_date_modify", modify(true)],
    ["toDate", toDate(false)],
    ["mustToDate", toDate(true)],
    ["unixEpoch", fn("time.Time", ([time]) => String(floorDivide(timeOf(time), SECOND)))],
    ["ago", fn("any", ([value]) => formatDuration(roundTo(now() - timeOf(value), SECOND)))],
    ["duration", fn("any", ([value]) => formatDuration(secondsOf(value) * SECOND))],
    ["durationRound", fn("any", ([value]) => roughly(durationOf(value, now)))],
  ];
}

/** Rounded to a multiple, halves away from zero. */
export function roundTo(value: bigint, unit: bigint): bigint {
  if (unit <= 0n) return value;
  const size = value < 0n ? -value : value;
  const rounded = ((size + unit / 2n) / unit) * unit;
  return value < 0n ? -rounded : rounded;
}

function secondsOf(value: Value): bigint {
  if (value instanceof Int && value.type === "int64") return value.value;
  return typeof value === "string" && /^[+-]?[0-9]{1,18}$/.test(value) ? BigInt(value.replace(/^\+/, "")) : 0n;
}

function durationOf(value: Value, now: () => bigint): bigint {
  if (value instanceof Int && value.type === "int64") return value.value;
  if (value instanceof Time) return now() - value.nanoseconds;
  const parsed = typeof value === "string" ? parseDuration(value) : 0n;
  return typeof parsed === "bigint" ? parsed : 0n;
}

function roughly(duration: bigint): string {
  const size = duration < 0n ? -duration : duration;
  const hour = 3600n * SECOND;
  const units: readonly (readonly [bigint, string])[] = [
    [hour * 24n * 365n, "y"],
    [hour * 24n * 30n, "mo"],
    [hour * 24n, "d"],
    [hour, "h"],
    [60n * SECOND, "m"],
    [SECOND, "s"],
  ];
  const found = units.find(([unit]) => size > unit);
  return found === undefined ? "0s" : `${size / found[0]}${found[1]}`;
}
