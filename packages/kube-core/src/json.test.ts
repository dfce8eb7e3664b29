// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactNumber, sameNumber } from "./exact-number.ts";
import { compareText, getKey, setKey, withoutKey } from "./json-object.ts";
import { deepEqual, parseJson, stringifyJson } from "./json.ts";

describe("parseJson()", () => {
  test.each([
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", new ExactNumber("9007199254740993", true)],
    ["-9223372036854775808", new ExactNumber("-9223372036854775808", true)],
    ["9223372036854775808", 9223372036854775808],
    ["-0", 0],
    ["[-0, -0.5]", [0, -0.5]],
    ["1.0", 1],
    ["1e3", 1000],
    [`{"name":"web-0","id":"12345678901234567890"}`, { name: "web-0", id: "12345678901234567890" }],
    [`{"a":1,"a":2}`, { a: 2 }],
    [`"\\u00e9\\n\\/"`, "é\n/"],
  ])("reads %s", (text, value) => {
    expect(parseJson(text)).toEqual(value);
    expect(parseJson(new TextEncoder().encode(text), { onDuplicateKey: () => {} })).toEqual(value);
  });

  test.each([
    ["", "unexpected end of JSON input"],
    ["tru", "invalid character ' ' in literal true (expecting 'e')"],
    ["[1,]", "invalid character ']' looking for beginning of value"],
    [`{"a" 1}`, "invalid character '1' after object key"],
    [`{"a":1 "b"}`, `invalid character '"' after object key:value pair`],
    ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
    ["01", "invalid character '1' after top-level value"],
    ["1.x", "invalid character 'x' after decimal point in numeric literal"],
    ["1ex", "invalid character 'x' in exponent of numeric literal"],
    [`"a\u0001"`, "invalid character '\\x01' in string literal"],
    [`"\\x"`, "invalid character 'x' in string escape code"],
    ["1e400", "json: cannot unmarshal number 1e400 into Go value of type float64"],
    ["[".repeat(1001), "exceeded max depth of 1000 levels"],
    [`${"[".repeat(1001)}1${"]".repeat(1001)}`, "exceeded max depth of 1000 levels"],
  ])("refuses %j in Go's words", (text, message) => {
    expect(() => parseJson(text)).toThrow(new SyntaxError(message));
  });

  test("takes brackets in strings for what they are", () => {
    const text = JSON.stringify(["[".repeat(3000)]);
    expect(parseJson(text)).toEqual(["[".repeat(3000)]);
  });

  test("tells repeated keys with their paths", () => {
    const paths: string[] = [];
    parseJson(`{"a":1,"b":[{"c":1,"c":2}],"a":{"d":1,"d":2}}`, { onDuplicateKey: (path) => paths.push(path) });
    expect(paths).toEqual(["b[0].c", "a", "a.d"]);
  });

  test.each([true, false])("takes __proto__ for a key like any other (slowly: %s)", (isSlow) => {
    const text = `{"__proto__":{"x":1},"constructor":2}`;
    const object = parseJson(text, isSlow ? { onDuplicateKey: () => {} } : {}) as Record<string, unknown>;
    expect(Object.keys(object)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(stringifyJson(object)).toBe(text);
  });

  test("agrees with JSON.parse and round trips", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const value = parseJson(text);
        expect(deepEqual(value, parseJson(text, { onDuplicateKey: () => {} }))).toBe(true);
        expect(deepEqual(parseJson(stringifyJson(value)), value)).toBe(true);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe("stringifyJson()", () => {
  test.each<[unknown, string]>([
    [[1e21, 1e-7, 123456.75], "[1e+21,1e-7,123456.75]"],
    [{ a: new ExactNumber("9007199254740993", true), b: new ExactNumber("0x1F", true) }, `{"a":9007199254740993,"b":31}`],
    [{ a: new ExactNumber("1.0", false), b: new ExactNumber("1e3", false) }, `{"a":1,"b":1000}`],
    [{ b: 1, a: undefined }, `{"b":1}`],
    [undefined, "null"],
  ])("writes %j", (value, text) => {
    expect(stringifyJson(value)).toBe(text);
  });

  test("sorts keys by their bytes, numbers too", () => {
    expect(stringifyJson({ b: 1, "10": 2, "9": 3, "\u{10000}": 4, "\uffff": 5 }, { sortKeys: true })).toBe(
      `{"10":2,"9":3,"b":1,"\uffff":5,"\u{10000}":4}`,
    );
  });

  test("escapes what Go escapes for HTML", () => {
    expect(stringifyJson({ "a&": "<b>\u2028" }, { escapeHtml: true })).toBe(`{"a\\u0026":"\\u003cb\\u003e\\u2028"}`);
  });

  test("indents, with exact numbers or without", () => {
    const value = { a: [1, {}], b: [] };
    expect(stringifyJson(value, { indent: 2, sortKeys: true })).toBe(JSON.stringify(value, undefined, 2));
    expect(stringifyJson(value, { indent: 2 })).toBe(JSON.stringify(value, undefined, 2));
  });
});

describe("deepEqual()", () => {
  test.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: [1, null] }, { b: [1, null], a: 1 }, true],
    [{ a: undefined }, {}, true],
    [{ a: null }, {}, false],
    [[1, 2], [2, 1], false],
    [{}, [], false],
    [1, new ExactNumber("1.0", false), true],
    [9007199254740992, new ExactNumber("9007199254740993", true), false],
    [{ constructor: 1 }, {}, false],
    [{}, { toString: 1 }, false],
    ["1", 1, false],
  ])("%j and %j: %s", (left, right, isEqual) => {
    expect(deepEqual(left, right)).toBe(isEqual);
    expect(deepEqual(right, left)).toBe(isEqual);
  });
});

test("keys of any name are set, read and removed as plain keys", () => {
  const object: Record<string, unknown> = {};
  setKey(object, "__proto__", 1);
  expect(getKey(object, "__proto__")).toBe(1);
  expect(getKey(object, "constructor")).toBeUndefined();
  expect(Object.keys(withoutKey(object, "__proto__"))).toEqual([]);
  expect(withoutKey(object, "absent")).toBe(object);
});

test("compareText() sorts as Go does, by UTF-8", () => {
  expect(["\u{10000}", "\uffff", "a", "B", "ab", ""].sort(compareText)).toEqual(["", "B", "a", "ab", "\uffff", "\u{10000}"]);
});

test("sameNumber() compares by value", () => {
  expect(sameNumber(new ExactNumber("-0x10", true), -16)).toBe(true);
  expect(sameNumber(new ExactNumber("1_000", true), 1000)).toBe(true);
  expect(sameNumber(new ExactNumber("0.10", false), 0.1)).toBe(true);
});
