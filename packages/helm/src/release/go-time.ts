// SPDX-License-Identifier: Apache-2.0

/** The time that Go's `time.Time` is before it is set. */
export const ZERO_TIME = "0001-01-01T00:00:00Z";

const RFC_3339 = /^(\d{4}-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d))(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * A time as Go writes it again after reading it: without zeros at the end of the fraction, which has nine digits at the
 * most, and with `Z` for an offset of 0; other offsets stay. Undefined for {@link ZERO_TIME}, and for what is no RFC 3339.
 *
 * @see time.Time MarshalJSON
 */
export function normalTime(text: string): string | undefined {
  const match = RFC_3339.exec(text);
  if (match === null || !isTimeOfDay(match)) return undefined;
  const [, seconds = "", , , , , , digits = "", sign, hours, minutes] = match;
  const fraction = digits.slice(0, 9).replace(/0+$/, "");
  const offset = sign === undefined || (hours === "00" && minutes === "00") ? "Z" : `${sign}${hours}:${minutes}`;
  const time = `${seconds}${fraction === "" ? "" : `.${fraction}`}${offset}`;
  return time === ZERO_TIME ? undefined : time;
}

/** Whether a text is a time at all. */
export function isTime(text: string): boolean {
  const match = RFC_3339.exec(text);
  return match !== null && isTimeOfDay(match);
}

function isTimeOfDay(match: RegExpExecArray): boolean {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(2, 7).map(Number);
  const year = Number(match[0].slice(0, 4));
  const [offsetHours = 0, offsetMinutes = 0] = match.slice(9, 11).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return false;
  return day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}
