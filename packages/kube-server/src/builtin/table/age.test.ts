// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { age, humanDuration } from "./age.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

test.each([
  [-5, "<invalid>"],
  [-1, "0s"],
  [0, "0s"],
  [119, "119s"],
  [2 * MINUTE, "2m"],
  [2 * MINUTE + 3, "2m3s"],
  [10 * MINUTE + 3, "10m"],
  [179 * MINUTE, "179m"],
  [3 * HOUR + 5 * MINUTE, "3h5m"],
  [8 * HOUR + 5 * MINUTE, "8h"],
  [47 * HOUR, "47h"],
  [2 * DAY + HOUR, "2d1h"],
  [8 * DAY + HOUR, "8d"],
  [729 * DAY, "729d"],
  [2 * YEAR + DAY, "2y1d"],
  [8 * YEAR + DAY, "8y"],
])("%d seconds are %s", (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});

test("an object without a time has an unknown age", () => {
  expect([age(undefined, 0), age(null, 0), age("not a time", 0)]).toEqual(["<unknown>", "<unknown>", "<unknown>"]);
  expect(age("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:01:00Z"))).toBe("60s");
});
