// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { ExactNumber } from "./exact-number.ts";
import { goPlain, goSyntax, goTypeName } from "./go-print.ts";
import { goQuote } from "./go-quote.ts";

test.each<[unknown, string, string, string]>([
  [null, "<nil>", "interface {}(nil)", "<nil>"],
  ["a b", "a b", '"a b"', "string"],
  [80, "80", "80", "int64"],
  [1.5, "1.5", "1.5", "float64"],
  [1e-7, "1e-07", "1e-07", "float64"],
  [new ExactNumber("9007199254740993", true), "9007199254740993", "9007199254740993", "int64"],
  [true, "true", "true", "bool"],
  [
    { b: [1, "x"], a: null },
    "map[a:<nil> b:[1 x]]",
    'map[string]interface {}{"a":interface {}(nil), "b":[]interface {}{1, "x"}}',
    "map[string]interface {}",
  ],
])("Go prints %j as %s", (value, plain, syntax, type) => {
  expect([goPlain(value), goSyntax(value), goTypeName(value)]).toEqual([plain, syntax, type]);
});

test.each([
  ['a"b\\', '"a\\"b\\\\"'],
  ["\n\u0007\u0001\u007f", '"\\n\\a\\x01\\x7f"'],
  ["é😀\u200b\u{e0001}", '"é😀\\u200b\\U000e0001"'],
])("Go quotes %j", (text, quoted) => {
  expect(goQuote(text)).toBe(quoted);
});
