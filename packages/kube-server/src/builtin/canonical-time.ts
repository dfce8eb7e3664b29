// SPDX-License-Identifier: Apache-2.0

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})$/;

/**
 * An RFC 3339 time in UTC with as many digits of a second as its type keeps: 0 for Time, 6 for MicroTime.
 * What is no such time is returned as it is.
 */
export function canonicalTime(text: string, digits: 0 | 6): string {
  const match = RFC3339.exec(text);
  if (!match) return text;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = "", zone = "Z"] = match;
  const tail = digits === 0 ? "Z" : `.${fraction.slice(0, digits).padEnd(digits, "0")}Z`;
  if (zone === "Z") return `${year}-${month}-${day}T${hour}:${minute}:${second}${tail}`;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString().slice(0, 19) + tail;
}
