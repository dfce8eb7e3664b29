// SPDX-License-Identifier: Apache-2.0

const form =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[-+]\d{2}:\d{2}))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?))?$/;

/**
 * A timestamp as go-yaml reads one (`2001-12-14`, `2001-12-14 21:59:43.10`, `2001-12-14T21:59:43Z`), as RFC 3339;
 * undefined for any other text.
 * @see go.yaml.in/yaml, parseTimestamp; Go's time.Parse and Time.MarshalJSON
 */
export function parseTimestamp(text: string): string | undefined {
  // All of them start with four digits and a dash.
  if (text.length < 8 || text.charCodeAt(4) !== 45) return undefined;
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hourT, minuteT, secondT, fractionT, zone, hourS, minuteS, secondS, fractionS] = match;
  const hour = Number(hourT ?? hourS ?? 0);
  const minute = Number(minuteT ?? minuteS ?? 0);
  const second = Number(secondT ?? secondS ?? 0);
  if (!isDate(Number(year), Number(month), Number(day)) || hour > 23 || minute > 59 || second > 59) return undefined;
  const two = (value: number | string): string => String(value).padStart(2, "0");
  const fraction = (fractionT ?? fractionS ?? "").slice(0, 9).replace(/0+$/, "");
  const offset = zone === undefined || zone === "+00:00" || zone === "-00:00" ? "Z" : zone;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction === "" ? "" : `.${fraction}`}${offset}`;
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day <= days;
}
