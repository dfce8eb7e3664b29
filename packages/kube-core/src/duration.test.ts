// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { formatDuration, formatDurationNs, parseDuration, parseDurationNs } from "./duration.ts";

describe("parseDuration()", () => {
  test.each([
    ["0", 0],
    ["1h30m", 5_400_000],
    ["-1.5s", -1500],
    ["+.5ms", 0.5],
    ["1.h", 3_600_000],
    ["1m30s500ms", 90_500],
    ["3us4µs", 0.007],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    ["", `time: invalid duration ""`],
    ["10", `time: missing unit in duration "10"`],
    ["1d", `time: unknown unit "d" in duration "1d"`],
    ["x", `time: invalid duration "x"`],
    [".s", `time: invalid duration ".s"`],
    ["-", `time: invalid duration "-"`],
    ["9223372036854775808ns", `time: invalid duration "9223372036854775808ns"`],
    ["9223372037s", `time: invalid duration "9223372037s"`],
    ["µ", `time: invalid duration "\\xc2\\xb5"`],
  ])("refuses %j", (text, message) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "INVALID_DURATION", message }) as Error);
  });

  test("holds what 64 bits hold", () => {
    expect(parseDurationNs("9223372036854775807ns")).toBe(2n ** 63n - 1n);
    expect(parseDurationNs("-9223372036854775808ns")).toBe(-(2n ** 63n));
  });
});

test.each([
  [0, "0s"],
  [1500, "1.5s"],
  [90_000, "1m30s"],
  [7_200_000, "2h0m0s"],
  [150, "150ms"],
  [0.0015, "1.5µs"],
  [0.000001, "1ns"],
  [-61_000, "-1m1s"],
  [86_400_000.25, "24h0m0.00025s"],
])("formatDuration(%d) is %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("formatDurationNs() writes nanoseconds exactly", () => {
  expect(formatDurationNs(2n ** 63n - 1n)).toBe("2562047h47m16.854775807s");
});
