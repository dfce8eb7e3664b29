// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { stringifyYaml } from "./stringify-yaml.ts";

it.each([
  ["a list under a key is indented", { a: [1n, [2n, 3n]] }, "a:\n  - 1\n  - - 2\n    - 3\n"],
  ["a list at the top is not", ["x", { k: ["v"] }], "- x\n- k:\n    - v\n"],
  ["numbers are floats with Go's exponent", { a: 1e6, b: 80, c: 0.5, d: Number.NaN }, "a: 1e+06\nb: 80\nc: 0.5\nd: .nan\n"],
  ["long text does not fold", { a: "word ".repeat(30).trim() }, `a: ${"word ".repeat(30).trim()}\n`],
  ["letters come first behind a digit", { a1_: 1n, a1b: 2n }, "a1b: 2\na1_: 1\n"],
  ["tabs may stand in a literal block", { a: "x\ty\nz" }, "a: |-\n  x\ty\n  z\n"],
])('stringifyYaml() with the flavour "v3": %s', (_name, value, expected) => {
  expect(stringifyYaml(value, { flavour: "v3" })).toBe(expected);
});
