// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { expand } from "./expand.ts";
import { SubstituteError } from "./substitute-error.ts";

const variables = new Map([
  ["v", "aXbXc"],
  ["empty", ""],
  ["path", "/usr/local/bin/app.tar.gz"],
]);

const strict = { strict: true };

describe("expand()", () => {
  test.each([
    ["${v}", "aXbXc"],
    ["$v $(v) $", "$v $(v) $"],
    ["$${v} $$v", "${v} $v"],
    ["${v:2}|${v:1:2}|${v: -1}", "bXc|Xb|aXbXc"],
    ["${v:x}|${v:9}|${v:1:99}", "aXbXc||XbXc"],
    ["${path##*/}|${path#*/}|${path%.*}|${path%%.*}", "app.tar.gz|usr/local/bin/app.tar.gz|/usr/local/bin/app.tar|/usr/local/bin/app"],
    ["${v/X/-}|${v//X/-}|${v/#a/-}|${v/%c/-}|${v//X/}", "a-bXc|a-b-c|-XbXc|aXbX-|abc"],
    ["${v^}|${v^^}|${v,,}|${#v}", "AXbXc|AXBXC|axbxc|5"],
    ["${unset:=d}|${unset=d}|${unset:-d}|${empty:-d}|${empty}", "d|d|d|d|"],
    ["${unset:-${v:-x}}|${unset:-a b:c/d}", "aXbXc|a b:c/d"],
  ])("reads %s as %s (G-SUB-7, G-SUB-8)", (text, expected) => {
    expect(expand(text, variables, strict)).toBe(expected);
  });

  test.each([
    ["${v", "missing closing brace"],
    ["${v-d}", "missing closing brace"],
    ["${}", "unable to parse variable name"],
    ["${v#}", "unable to parse substitution within function"],
    ["${v:é}", "bad substitution"],
  ])("refuses %s: %s", (text, message) => {
    expect(() => expand(text, variables, strict)).toThrow(message);
  });

  test("an unset variable is an error in strict mode, by name (G-SUB-9)", () => {
    expect(() => expand("a ${nope} b", variables, strict)).toThrow('variable not set (strict mode): "nope"');
    expect(() => expand("${nope^^}", variables, strict)).toThrow(SubstituteError);
    expect(expand("a ${nope} b", variables, { strict: false })).toBe("a  b");
  });

  test("a value is not expanded again", () => {
    expect(expand("${a}", new Map([["a", "${b}"]]), strict)).toBe("${b}");
  });

  test("variables with the names of object properties are plain variables", () => {
    expect(() => expand("${constructor}${__proto__}", new Map(), strict)).toThrow("constructor");
    expect(expand("${__proto__}", new Map([["__proto__", "x"]]), strict)).toBe("x");
  });

  test("depth, size and work are bounded", () => {
    const nested = "${a:-".repeat(5000) + "x" + "}".repeat(5000);
    expect(() => expand(nested, new Map(), strict)).toThrow("expressions inside each other");
    const big = new Map([["b", "x".repeat(1_000_000)]]);
    expect(() => expand("${b//x/${b}}", big, strict)).toThrow("would be longer than");
    expect(() => expand("${b#*[a-x]?????????????????????????????????????????????????????y}", big, strict)).toThrow("takes too long");
  });

  test("a long text costs time in proportion to its length", () => {
    const text = "$$ ${v} ".repeat(100_000);
    expect(expand(text, variables, strict).length).toBe(100_000 * 8);
  });
});
