// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { exactLabels, formatLabelSelector, labelSelectorOf, matchesLabels, parseLabelSelector } from "./labels.ts";

const KEY =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe("parseLabelSelector()", () => {
  test.each([
    ["", {}, true],
    ["a=b", { a: "b" }, true],
    ["a==b", { a: "c" }, false],
    ["a!=b", {}, true],
    ["a in (b, c)", { a: "c" }, true],
    ["a notin (b,c)", { a: "c" }, false],
    ["a in ()", { a: "" }, true],
    ["a in (,b)", { a: "" }, true],
    ["a", { a: "" }, true],
    ["!a", { a: "" }, false],
    ["a=", { a: "" }, true],
    ["a>1,b<5", { a: "2", b: "4" }, true],
    ["a>1", { a: "x" }, false],
    ["in in (notin)", { in: "notin" }, true],
    ["x/y=z", { "x/y": "z" }, true],
    ["constructor", {}, false],
  ])("%j on %j: %s", (selector, labels, matches) => {
    expect(matchesLabels(parseLabelSelector(selector), labels)).toBe(matches);
  });

  test.each([
    ["app in (web", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["app web", "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt"],
    ["-x=1", `unable to parse requirement: <nil>: Invalid value: "-x": ${KEY}`],
    ["app=a b", "found 'b', expected: ',' or 'end of string'"],
    ["app=-x", `unable to parse requirement: values[0][app]: Invalid value: "-x": ${VALUE}`],
    ["app=web,", "found '', expected: identifier after ','"],
    [",app", "found ',', expected: !, identifier, or 'end of string'"],
    ["app===web", "unable to parse requirement: found '=', expected: identifier"],
    ["app in web", "unable to parse requirement: found 'web' expected: '('"],
    ["!", "unable to parse requirement: found '', expected: identifier"],
    ["!app=web", "found '=', expected: ',' or 'end of string'"],
    ["a>x", `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
    [
      `${"k".repeat(64)}=1`,
      `unable to parse requirement: <nil>: Invalid value: "${"k".repeat(64)}": name part must be no more than 63 bytes`,
    ],
    ["/x=1", `unable to parse requirement: <nil>: Invalid value: "/x": prefix part must be non-empty`],
  ])("refuses %j in Kubernetes' words", (selector, message) => {
    expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ code: "INVALID_LABEL_SELECTOR", message }) as Error);
  });

  test("prints canonically, keys sorted", () => {
    expect(formatLabelSelector(parseLabelSelector("c notin (e,d),b==x,!f,g,a!=1,h>2"))).toBe("a!=1,b=x,c notin (d,e),!f,g,h>2");
  });
});

describe("labelSelectorOf()", () => {
  test("joins labels and expressions", () => {
    const selector = labelSelectorOf({
      matchLabels: { a: "1" },
      matchExpressions: [
        { key: "b", operator: "In", values: ["x", "y"] },
        { key: "c", operator: "Exists" },
        { key: "d", operator: "DoesNotExist" },
        { key: "e", operator: "NotIn", values: ["z"] },
      ],
    });
    expect(formatLabelSelector(selector)).toBe("a=1,b in (x,y),c,!d,e!=z");
    expect(matchesLabels(selector, { a: "1", b: "y", c: "" })).toBe(true);
    expect(matchesLabels(selector, { a: "1", b: "y", c: "", d: "" })).toBe(false);
  });

  test("an empty selector matches everything, an absent one nothing", () => {
    expect(matchesLabels(labelSelectorOf({}), undefined)).toBe(true);
    expect(matchesLabels(labelSelectorOf(undefined), { a: "1" })).toBe(false);
  });

  test.each([
    [{ key: "a", operator: "Like", values: [] }, `"Like" is not a valid label selector operator`],
    [{ key: "a", operator: "In", values: [] }, "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"],
    [
      { key: "a", operator: "Exists", values: ["x"] },
      `values: Invalid value: ["x"]: values set must be empty for exists and does not exist`,
    ],
  ])("refuses %j", (expression, message) => {
    expect(() => labelSelectorOf({ matchExpressions: [expression] })).toThrow(expect.objectContaining({ message }) as Error);
  });
});

test("exactLabels() wants each label", () => {
  expect(matchesLabels(exactLabels({ b: "2", a: "1" }), { a: "1", b: "2", c: "3" })).toBe(true);
  expect(formatLabelSelector(exactLabels({ b: "2", a: "1" }))).toBe("a=1,b=2");
});
