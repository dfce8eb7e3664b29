// SPDX-License-Identifier: Apache-2.0
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import { utc, zonedDate } from "../time.ts";
import type { CelDuration, CelTimestamp } from "../values.ts";

const PARTS: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: (date) => Math.floor((date.getTime() - utc(date.getUTCFullYear(), 1, 1)) / 86_400_000),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const UNITS: Readonly<Record<string, bigint>> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
  getMilliseconds: 1_000_000n,
};

/** Parts of times, and whole units of durations. Months, days of the year, of the month and of the week count from 0. */
export const times: readonly Declaration[] = [
  ...Object.entries(PARTS).flatMap(([name, read]) => [
    overload(`timestamp.${name}() int`, (value: CelTimestamp) => BigInt(read(dateIn(value, "UTC")))),
    overload(`timestamp.${name}(string) int`, (value: CelTimestamp, zone: string) => BigInt(read(dateIn(value, zone)))),
  ]),
  ...Object.entries(UNITS).map(([name, unit]) => overload(`duration.${name}() int`, (value: CelDuration) => value.nanos / unit)),
];

function dateIn(value: CelTimestamp, zone: string): Date {
  const date = zonedDate(value, zone);
  if (date === undefined) throw evaluationError(`unknown time zone ${zone}`);
  return date;
}
