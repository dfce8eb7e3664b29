// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { cronProblem } from "./cron-schedule.ts";

describe("cronProblem", () => {
  test.each(["* * * * *", "*/5 0-23/2 1,15 jan-dec sun", "@hourly", "@every 1h30m", "TZ=UTC 0 0 * * *", "0 0 31 12 6"])(
    "%s is one",
    (text) => {
      expect(cronProblem(text)).toBeUndefined();
    },
  );

  test.each([
    ["", "expected exactly 5 fields, found 0: []"],
    ["* * * *", "expected exactly 5 fields, found 4: [* * * *]"],
    ["60 * * * *", "end of range (60) above maximum (59): 60"],
    ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
    ["5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"],
    ["*/0 * * * *", "step of range should be a positive number: */0"],
    ["1-2-3 * * * *", "too many hyphens: 1-2-3"],
    ["@nope", "unrecognized descriptor: @nope"],
  ])("%s: %s", (text, problem) => {
    expect(cronProblem(text)).toBe(problem);
  });
});
