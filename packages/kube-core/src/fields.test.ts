// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { escapeFieldValue, formatFieldSelector, matchesFields, parseFieldSelector } from "./fields.ts";

test.each([
  ["metadata.name=a", "a", true],
  ["metadata.name==a,metadata.name!=b", "a", true],
  ["metadata.name!=a", "a", false],
  ["", "a", true],
  ["metadata.name=a\\,b", "a,b", true],
  ["metadata.name=", "", true],
])("%j on %j: %s", (selector, name, matches) => {
  expect(matchesFields(parseFieldSelector(selector), (field) => (field === "metadata.name" ? name : ""))).toBe(matches);
});

test.each([
  ["metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
  ["a=b\\x", "invalid field selector: invalid escape sequence: \\x"],
  ["a=b=c", "invalid field selector: unescaped character in value: 61"],
])("refuses %j", (selector, message) => {
  expect(() => parseFieldSelector(selector)).toThrow(expect.objectContaining({ code: "INVALID_FIELD_SELECTOR", message }) as Error);
});

test("values are escaped and read again", () => {
  const value = "a,b=c\\d";
  expect(parseFieldSelector(`x=${escapeFieldValue(value)}`)).toEqual([{ field: "x", operator: "=", value }]);
  expect(formatFieldSelector(parseFieldSelector("b!=2,a==1"))).toBe("a=1,b!=2");
});
