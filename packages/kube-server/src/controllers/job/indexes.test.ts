// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { remainingMs } from "./backoff.ts";
import { firstPending, formatIndexes, parseIndexes } from "./indexes.ts";

describe("indexes of a Job as text", () => {
  test.each([
    ["", ""],
    ["0", "0"],
    ["0,1", "0,1"],
    ["0-2", "0-2"],
    ["5,1,3,0,2", "0-3,5"],
    ["1,x,3", "1,3"],
    ["8-12", "8,9"],
  ])("%j is read and written as %j", (text, expected) => {
    expect(formatIndexes(parseIndexes(text, 10))).toBe(expected);
  });

  test("firstPending() skips what is taken", () => {
    expect(firstPending(3, 10, [new Set([0, 2]), new Set([4])])).toEqual([1, 3, 5]);
    expect(firstPending(3, 4, [new Set([0, 2])])).toEqual([1, 3]);
  });
});

describe("remainingMs() doubles with each failure", () => {
  test.each([
    [0, 0],
    [1, 10_000],
    [2, 20_000],
    [4, 80_000],
    [20, 600_000],
  ])("after %i failures: %i ms", (failures, expected) => {
    expect(remainingMs({ failures, lastFailure: 5000 }, 5000)).toBe(expected);
  });
});
