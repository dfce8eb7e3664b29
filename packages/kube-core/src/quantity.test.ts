// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityToInteger,
  quantityToNumber,
  subtractQuantities,
  tryParseQuantity,
} from "./quantity.ts";

describe("canonicalQuantity()", () => {
  test.each([
    ["0", "0"],
    ["1000m", "1"],
    ["0.5", "500m"],
    ["1.5Gi", "1536Mi"],
    ["1024Mi", "1Gi"],
    ["100000", "100k"],
    ["1e3", "1e3"],
    ["1E3", "1E3"],
    ["1000e0", "1e3"],
    ["0.5Mi", "512Ki"],
    ["0.0001Mi", "104857600u"],
    ["1.0", "1"],
    ["-1500m", "-1500m"],
    ["0.1n", "1n"],
    ["8Ki", "8Ki"],
    ["1Ki", "1Ki"],
    ["512", "512"],
    ["+5", "+5"],
    ["1.500", "1.500"],
    ["16Ei", "9223372036854775807"],
    ["not one", "not one"],
  ])("of %s is %s", (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });
});

describe("parseQuantity()", () => {
  test.each([
    ["", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ["1.1.M", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ["1mi", "unable to parse quantity's suffix"],
    ["1i", "unable to parse quantity's suffix"],
    ["1e-", "unable to parse quantity's suffix"],
    [`1e${"9".repeat(30)}`, "unable to parse numeric part of quantity"],
  ])("refuses %j", (text, message) => {
    expect(() => parseQuantity(text)).toThrow(expect.objectContaining({ code: "INVALID_QUANTITY", message }) as Error);
    expect(tryParseQuantity(text)).toBeUndefined();
  });

  test("takes numbers", () => {
    expect(formatQuantity(parseQuantity(0.25))).toBe("250m");
    expect(formatQuantity(parseQuantity(3))).toBe("3");
    expect(tryParseQuantity(true)).toBeUndefined();
  });
});

test("quantities are added, subtracted and compared by amount", () => {
  const half = parseQuantity("500m");
  const kibi = parseQuantity("1Ki");
  expect(formatQuantity(addQuantities(half, half))).toBe("1");
  expect(formatQuantity(addQuantities(kibi, kibi))).toBe("2Ki");
  expect(formatQuantity(addQuantities(parseQuantity("0"), kibi))).toBe("1Ki");
  expect(formatQuantity(subtractQuantities(half, parseQuantity("1")))).toBe("-500m");
  expect(compareQuantities(kibi, parseQuantity("1024"))).toBe(0);
  expect(compareQuantities(half, kibi)).toBeLessThan(0);
  expect(quantityToNumber(half)).toBe(0.5);
  expect(quantityToInteger(half)).toBe(1n);
  expect(quantityToInteger(parseQuantity("-1500m"))).toBe(-2n);
});
