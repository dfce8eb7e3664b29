// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { parseConstraint, satisfies } from "./constraint.ts";
import { selectVersions } from "./select-versions.ts";
import { parseTagVersion, parseVersion } from "./version.ts";

const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["1.2.3", ["1.2.3", "v1.2.3", "1.2.3+build"], ["1.2.4", "1.2.3-rc.1"]],
  ["1", ["1.0.0", "1.9.9"], ["2.0.0", "0.9.0"]],
  ["1.x", ["1.0.0", "1.9.9"], ["2.0.0"]],
  ["*", ["0.0.0", "9.9.9"], ["1.0.0-beta"]],
  [">=1.2.0 <1.3.0", ["1.2.0", "1.2.9"], ["1.3.0", "1.1.9"]],
  [">=1.2.0, <1.3.0", ["1.2.0"], ["1.3.0"]],
  [">= 1.0.0-0", ["1.0.0-alpha", "1.0.0", "2.0.0-beta.1"], ["0.9.0"]],
  ["1.2 - 1.4.5", ["1.2.0", "1.4.5"], ["1.4.6", "1.1.0"]],
  ["<1.0.0 || >=2.0.0", ["0.1.0", "2.0.0"], ["1.5.0"]],
  ["!=1.2", ["1.3.0", "2.2.0"], ["1.2.0", "1.2.5"]],
  [">11", ["12.0.0"], ["11.1.0", "11.0.0"]],
  [">11.1", ["11.2.0", "12.0.0"], ["11.1.1"]],
  ["<=11", ["11.9.9"], ["12.0.0"]],
  ["~1.2.3", ["1.2.3", "1.2.9"], ["1.3.0", "1.2.2"]],
  ["~>1", ["1.0.0", "1.9.0"], ["2.0.0"]],
  ["^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0"]],
  ["^0.0.3", ["0.0.3"], ["0.0.4"]],
  ["^1.2.3-beta.2", ["1.2.3-beta.2", "1.2.3-beta.10", "1.9.0", "1.5.0-alpha"], ["1.2.3-beta.1", "2.0.0"]],
  ["=>1.0.0", ["1.0.0"], ["0.9.9"]],
];

test.each(rows)("the range %j takes %j and not %j", (text, inside, outside) => {
  const constraint = parseConstraint(text);
  expect(inside.filter((version) => !satisfies(parseVersion(version), constraint))).toEqual([]);
  expect(outside.filter((version) => satisfies(parseVersion(version), constraint))).toEqual([]);
});

test.each(["", "1.2.3,", ",1", "1,,2", "a", ">=1.0.0<2.0.0", "1.2.3.4", ">=1 - 2", "|", "1 |"])("the constraint %j is improper", (text) => {
  expect(() => parseConstraint(text)).toThrow(/^improper constraint: |^constraint parser error$/);
});

test("a hostile constraint is refused in linear time", () => {
  const text = "1 ".repeat(2000) + "!";
  expect(() => parseConstraint(text)).toThrow("improper constraint");
  expect(() => parseConstraint(`1${" ".repeat(50_000)}!`)).toThrow("improper constraint");
});

test("a tag is a version only with three numbers; a leading v and zeros in front are fine (G-REF-3)", () => {
  expect(parseTagVersion("v2025.07.03")).toMatchObject({ major: 2025, minor: 7, patch: 3, original: "v2025.07.03" });
  for (const tag of ["v1", "v1.2", "v1.2-beta5", "1.2.3.4", "\nv1.2.3", "1.2.3-01"]) expect(() => parseTagVersion(tag), tag).toThrow();
});

test("selectVersions() sorts the highest first and leaves out what is no version", () => {
  const tags = ["v1.2.0", "v1.2.3", "v1.3.0", "1.2.4", "v1.1.0", "latest", "1.2.3-rc.1", "v1.2.4"];
  const selected = selectVersions(tags, parseConstraint(">= 1.2.0, < 1.3.0"));
  expect(selected.map(({ original }) => original)).toEqual(["1.2.4", "v1.2.4", "v1.2.3", "v1.2.0"]);
});

test("numbers beyond safe integers compare exactly, and beyond 64 bits are refused", () => {
  const sorted = selectVersions(["1.0.9007199254740993", "1.0.9007199254740992", "1.0.18446744073709551616"]);
  expect(sorted.map(({ original }) => original)).toEqual(["1.0.9007199254740993", "1.0.9007199254740992"]);
});
