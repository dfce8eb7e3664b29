// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { latestDue } from "./due.ts";
import { parseCron } from "./schedule.ts";

const next = (schedule: string, after: string, zone?: string): string | undefined => {
  const time = parseCron(schedule, zone)?.next(Date.parse(after));
  return time === undefined ? undefined : new Date(time).toISOString().replace(".000Z", "Z");
};

describe("the next time of a schedule", () => {
  test.each([
    ["* * * * *", "2026-01-01T00:00:30Z", undefined, "2026-01-01T00:01:00Z"],
    ["*/15 9-17 * * 1-5", "2026-01-02T17:50:00Z", undefined, "2026-01-05T09:00:00Z"],
    ["0 0 29 2 *", "2026-01-01T00:00:00Z", undefined, "2028-02-29T00:00:00Z"],
    ["0 0 13 * fri", "2026-01-01T00:00:00Z", undefined, "2026-01-02T00:00:00Z"],
    ["@weekly", "2026-01-01T00:00:00Z", undefined, "2026-01-04T00:00:00Z"],
    ["@every 1h30m", "2026-01-01T00:00:00Z", undefined, "2026-01-01T01:30:00Z"],
    ["30 2 * * *", "2026-01-01T00:00:00Z", "Europe/Berlin", "2026-01-01T01:30:00Z"],
    ["0 9 * * *", "2026-07-01T00:00:00Z", "America/New_York", "2026-07-01T13:00:00Z"],
    ["0 12 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin", "2026-03-29T10:00:00Z"],
    ["TZ=Asia/Tokyo 0 0 * * *", "2026-01-01T00:00:00Z", undefined, "2026-01-01T15:00:00Z"],
    ["59 23 31 2 *", "2026-01-01T00:00:00Z", undefined, undefined],
    ["a b c d e", "2026-01-01T00:00:00Z", undefined, undefined],
    ["61 * * * *", "2026-01-01T00:00:00Z", undefined, undefined],
  ])("%s after %s (%s): %s", (schedule, after, zone, expected) => {
    expect(next(schedule, after, zone)).toBe(expected);
  });

  test("latestDue() finds the last time that came, however many came before", () => {
    const hourly = parseCron("0 * * * *");
    if (hourly === undefined) throw new Error("hourly is a schedule");
    const since = Date.parse("2026-01-01T00:30:00Z");
    expect(latestDue(hourly, since, since + 60_000)).toEqual({ missedMany: false });
    expect(latestDue(hourly, since, Date.parse("2026-01-01T01:00:10Z"))).toEqual({
      at: Date.parse("2026-01-01T01:00:00Z"),
      missedMany: false,
    });
    expect(latestDue(hourly, since, Date.parse("2028-01-01T05:59:00Z"))).toEqual({
      at: Date.parse("2028-01-01T05:00:00Z"),
      missedMany: true,
    });
  });
});
