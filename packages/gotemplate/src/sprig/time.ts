// SPDX-License-Identifier: Apache-2.0
import { formatDuration, parseDuration } from "../format/duration.ts";
import { FunctionError } from "../template-error.ts";
import { Int, Struct, type TemplateFunction, type Value, fn, int, int64 } from "../values.ts";
import { formatTime, parseTime } from "./time-layout.ts";

/** A Go time.Time: nanoseconds since 1970, shown in a zone. */
export class Time extends Struct {
  readonly nanoseconds: bigint;
  readonly zone: string;

  constructor(nanoseconds: bigint, zone: string) {
    super({
      type: "time.Time",
      text: () => formatTime("2006-01-02 15:04:05.999999999 -0700 MST", nanoseconds, zone),
      json: () => formatTime("2006-01-02T15:04:05.999999999Z07:00", nanoseconds, zone),
      methods: timeMethods(() => this),
    });
    this.nanoseconds = nanoseconds;
    this.zone = zone;
  }
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
  const part = (layout: string): TemplateFunction => fn("", () => int(BigInt(formatTime(layout, self().nanoseconds, self().zone).trim())));
  const at = (nanoseconds: bigint, zone: string): Time => new Time(nanoseconds, zone);
  return new Map<string, TemplateFunction>([
    ["Format", fn("string", ([layout]) => formatTime(String(layout), self().nanoseconds, self().zone))],
    ["String", fn("", () => self().text?.())],
    ["Unix", fn("", () => int64(floorDivide(self().nanoseconds, SECOND)))],
    ["UnixMilli", fn("", () => int64(floorDivide(self().nanoseconds, 1_000_000n)))],
    ["UnixNano", fn("", () => int64(self().nanoseconds))],
    ["UTC", fn("", () => at(self().nanoseconds, "UTC"))],
    ["Local", fn("", () => self())],
    ["IsZero", fn("", () => self().nanoseconds === ZERO_TIME)],
    ["Year", part("2006")],
    ["Month", fn("", () => new Int("time.Month", BigInt(formatTime("1", self().nanoseconds, self().zone))))],
    ["Day", part("2")],
    ["Hour", part("15")],
    ["Minute", part("4")],
    ["Second", part("5")],
    ["YearDay", fn("", () => int(BigInt(formatTime("002", self().nanoseconds, self().zone))))],
    [
      "Weekday",
      fn(
        "",
        () =>
          new Int(
            "time.Weekday",
            BigInt(["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(formatTime("Mon", self().nanoseconds, self().zone))),
          ),
      ),
    ],
    ["Add", fn("time.Duration", ([duration]) => at(self().nanoseconds + (duration instanceof Int ? duration.value : 0n), self().zone))],
    [
      "AddDate",
      fn("int,int,int", ([years, months, days]) => {
        const time = self();
        const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = formatTime("2006 1 2 15 4 5", time.nanoseconds, "UTC")
          .split(" ")
          .map(Number);
        const moved = new Date(0);
        moved.setUTCFullYear(year + numberOf(years), month - 1 + numberOf(months), day + numberOf(days));
        moved.setUTCHours(hour, minute, second);
        return at(BigInt(moved.getTime()) * 1_000_000n + (((time.nanoseconds % SECOND) + SECOND) % SECOND), time.zone);
      }),
    ],
    ["Before", fn("time.Time", ([other]) => other instanceof Time && self().nanoseconds < other.nanoseconds)],
    ["After", fn("time.Time", ([other]) => other instanceof Time && self().nanoseconds > other.nanoseconds)],
    ["Equal", fn("time.Time", ([other]) => other instanceof Time && self().nanoseconds === other.nanoseconds)],
    ["Sub", fn("time.Time", ([other]) => new Int("time.Duration", self().nanoseconds - (other instanceof Time ? other.nanoseconds : 0n)))],
  ]);
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
    const name = zone === "Local" ? timeZone : zone === "" ? "UTC" : zone;
    try {
      return formatTime(String(layout), timeOf(value), name);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return formatTime(String(layout), timeOf(value), "UTC");
    }
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
