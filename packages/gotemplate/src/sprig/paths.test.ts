// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Go's package path", () => {
  it.each([
    [`{{ base "/a/b.txt" }} {{ base "" }} {{ base "///" }} {{ dir "/a/b" }} {{ dir "a" }} {{ dir "/a/b/" }}`, "b.txt . / /a . /a/b"],
    [
      `{{ clean "a/../../b//c/." }} {{ clean "/../a" }} {{ clean "" }} {{ ext "a/b.tar.gz" }} {{ ext "a.b/c" }} {{ isAbs "/a" }} {{ isAbs "a" }}`,
      "../b/c /a . .gz  true false",
    ],
    [`{{ osBase "/a/b" }} {{ osDir "a/b" }} {{ osClean "./a" }} {{ osExt "x.y" }} {{ osIsAbs "x" }}`, "b a a .y false"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});
