// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { ExactNumber } from "@flux-ts/kube-core";
import { mergePatch } from "./status.ts";

test.each([
  ["nothing", { a: 1, b: [1, { c: 2 }] }, { a: 1, b: [1, { c: 2 }] }, undefined],
  [
    "nothing, with numbers that JavaScript has not",
    { a: new ExactNumber("9007199254740993", true) },
    { a: new ExactNumber("9007199254740993", true) },
    undefined,
  ],
  ["a new field", {}, { a: 1 }, { a: 1 }],
  ["a removed field", { a: 1, b: 2 }, { b: 2 }, { a: null }],
  ["a field within", { artifact: { url: "u", revision: "1" } }, { artifact: { url: "u", revision: "2" } }, { artifact: { revision: "2" } }],
  ["a field removed within", { artifact: { url: "u", size: 1 } }, { artifact: { url: "u" } }, { artifact: { size: null } }],
  ["a list, whole", { l: [1, 2] }, { l: [1, 2, 3] }, { l: [1, 2, 3] }],
  [
    "another exact number",
    { a: new ExactNumber("1.0", false) },
    { a: new ExactNumber("1.00", false) },
    { a: new ExactNumber("1.00", false) },
  ],
  ["the first status of all", undefined, { a: { b: 1 } }, { a: { b: 1 } }],
])("mergePatch() changes %s", (_, before, after, expected) => {
  expect(mergePatch(before, after)).toEqual(expected);
});

test("mergePatch() takes __proto__ as a plain key", () => {
  const after = JSON.parse('{"__proto__":{"x":1}}') as Record<string, unknown>;
  expect(JSON.stringify(mergePatch({}, after))).toBe('{"__proto__":{"x":1}}');
});
