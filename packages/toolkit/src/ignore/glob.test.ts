// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileGlob } from "./glob.ts";

test.each([
  ["*", "abc", true],
  ["a*c", "abbc", true],
  ["a*c", "abbd", false],
  ["?", "é", true],
  ["[a-c]x", "bx", true],
  ["[^a-c]x", "bx", false],
  ["[^a-c]x", "zx", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["[\\]]", "]", true],
  ["*.tar.gz", "a.tar.gz", true],
  ["*.tar.gz", "a.tar", false],
  ["a[", "a[", false],
  ["[]a]", "]", false],
  ["[a-]", "a", false],
  ["[-a]", "-", false],
  ["a\\", "a", false],
])("the pattern %j says of %j: %j (Go filepath.Match)", (pattern, name, expected) => {
  expect(compileGlob(pattern)(name)).toBe(expected);
});

test("stars and question marks agree with a regular expression", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 10 });
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 }), (glob, name) => {
      const expected = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(name);
      expect(compileGlob(glob)(name)).toBe(expected);
    }),
    { numRuns: 3000, seed: 1 },
  );
});
