// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { diffValues } from "./unified-diff.ts";

describe("diffValues", () => {
  test("shows what changed with three lines around it", () => {
    const before = { a: 1, b: 2, c: 3, d: 4, e: 5, f: "<x>" };
    expect(diffValues(before, { ...before, e: 6 })).toBe(
      ["@@ -3,6 +3,6 @@", '  "b": 2,', '  "c": 3,', '  "d": 4,', '- "e": 5,', '+ "e": 6,', '  "f": "\\u003cx\\u003e"', " }", ""].join("\n"),
    );
  });

  test("equal values have no difference", () => {
    expect(diffValues({ a: [1] }, { a: [1] })).toBe("");
  });
});
