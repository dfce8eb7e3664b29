// SPDX-License-Identifier: Apache-2.0
import { formatValue } from "../format/sprintf.ts";
import { parseDuration } from "../format/duration.ts";
import { goQuote } from "../format/quote.ts";
import { parseFloatLiteral } from "../parse/number.ts";
import { roundTo } from "../sprig/time.ts";
import { FunctionError } from "../template-error.ts";
import { Int, type TemplateFunction, type Value, fn, int64, typeOf } from "../values.ts";

const SECOND = 1_000_000_000n;
const MAX = 2n ** 63n - 1n;

/** Helm's functions of durations: numbers count seconds. What is none counts as 0, but for mustToDuration. */
export function durationFunctions(): [string, TemplateFunction][] {
  const orZero = (value: Value): bigint => {
    try {
      return toDuration(value);
    } catch (error) {
      if (error instanceof FunctionError) return 0n;
      throw error;
    }
  };
  const whole = (unit: bigint): TemplateFunction => fn("any", ([value]) => int64(orZero(value) / unit));
  const fraction = (unit: bigint): TemplateFunction =>
    fn("any", ([value]) => Number(orZero(value) / unit) + Number(orZero(value) % unit) / Number(unit));
  const toUnit = (run: (duration: bigint, unit: bigint) => bigint): TemplateFunction =>
    fn("any,any", ([value, unit]) => new Int("time.Duration", run(orZero(value), orZero(unit))));
  return [
    ["mustToDuration", fn("any", ([value]) => new Int("time.Duration", toDuration(value)))],
    ["durationSeconds", fraction(SECOND)],
    ["durationMilliseconds", whole(1_000_000n)],
    ["durationMicroseconds", whole(1_000n)],
    ["durationNanoseconds", whole(1n)],
    ["durationMinutes", fraction(60n * SECOND)],
    ["durationHours", fraction(3600n * SECOND)],
    ["durationDays", fraction(24n * 3600n * SECOND)],
    ["durationWeeks", fraction(7n * 24n * 3600n * SECOND)],
    ["durationRoundTo", toUnit(roundTo)],
    ["durationTruncateTo", toUnit((duration, unit) => (unit <= 0n ? duration : duration - (duration % unit)))],
  ];
}

function toDuration(value: Value): bigint {
  if (value === null || value === undefined) throw new FunctionError("invalid duration");
  if (value instanceof Int) {
    if (value.type === "time.Duration") return value.value;
    const nanoseconds = value.value * SECOND;
    if (nanoseconds > MAX || nanoseconds < -MAX) throw new FunctionError(`duration seconds overflow: ${value.value}`);
    return nanoseconds;
  }
  if (typeof value === "number") return ofSeconds(value);
  if (typeof value !== "string") throw new FunctionError(`unsupported duration type ${typeOf(value)}`);
  const text = value.trim();
  if (text === "") throw new FunctionError("empty duration");
  const parsed = parseDuration(text);
  if (typeof parsed === "bigint") return parsed;
  const seconds = parseFloatLiteral(text);
  if (seconds === undefined) throw new FunctionError(`could not parse duration ${goQuote(value)}`);
  return ofSeconds(seconds);
}

function ofSeconds(seconds: number): bigint {
  if (!Number.isFinite(seconds)) throw new FunctionError(`invalid duration seconds: ${formatValue(seconds)}`);
  if (Math.abs(seconds) > Number(MAX) / 1e9) throw new FunctionError(`duration seconds overflow: ${formatValue(seconds)}`);
  return BigInt(Math.trunc(seconds * 1e9));
}
