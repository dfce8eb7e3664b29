// SPDX-License-Identifier: Apache-2.0

const PART = /^[A-Za-z.\-_0-9+]{1,14}$/;

/** Why a text names no time zone; undefined when it does. @see kubernetes pkg/apis/batch/validation validateTimeZone */
export function timeZoneProblem(zone: string): string | undefined {
  if (zone === "") return "timeZone must be nil or non-empty string";
  const isPath = zone.split("/").every((part) => part !== "." && part !== ".." && !part.startsWith("-") && PART.test(part));
  if (!isPath) return `unknown time zone ${zone}`;
  if (zone.toLowerCase() === "local") return "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
    return undefined;
  } catch {
    return `unknown time zone ${zone}`;
  }
}
