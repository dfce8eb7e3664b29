// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { array, integer, listMap, mapOf, object, oneOf, optional, set, string, time } from "./build.ts";
import { Correlation } from "./correlation.ts";
import { defaultValue, dropNulls } from "./defaults.ts";
import { fieldErrorBody } from "./field-error.ts";
import { validateListKeys } from "./list-keys.ts";
import { pruneValue } from "./prune.ts";
import type { Schema } from "./schema.ts";
import { validateValue } from "./validate.ts";

function messages(schema: Schema, value: unknown): string[] {
  return validateValue(schema, value).map((error) => `${error.field}: ${fieldErrorBody(error)}`);
}

const nested = (schema: Schema): Schema => object({ a: optional(schema) });

describe("validateValue", () => {
  test.each<[string, Schema, unknown, string[]]>([
    ["nothing wrong", object({ a: string() }), { a: "x" }, []],
    ["missing field", object({ a: string() }), {}, ["a: Required value"]],
    ["wrong type", nested(string()), { a: 1 }, ['a: Invalid value: "integer": a in body must be of type string: "integer"']],
    ["null", nested(string()), { a: null }, ['a: Invalid value: "null": a in body must be of type string: "null"']],
    ["nullable", nested(string({ nullable: true })), { a: null }, []],
    ["a whole double is an integer", nested(integer()), { a: 3 }, []],
    ["not in the enumeration", nested(oneOf(["x", "y"])), { a: "z" }, ['a: Unsupported value: "z": supported values: "x", "y"']],
    ["pattern", nested(string({ pattern: "^a+$" })), { a: "b" }, ["a: Invalid value: \"b\": a in body should match '^a+$'"]],
    ["characters, not bytes", nested(string({ maxLength: 2 })), { a: "éé" }, []],
    ["too long", nested(string({ maxLength: 2 })), { a: "abc" }, ["a: Too long: may not be more than 2 bytes"]],
    ["too long by one", nested(string({ maxLength: 1 })), { a: "ab" }, ["a: Too long: may not be more than 1 byte"]],
    ["too many", nested(array(integer(), { maxItems: 1 })), { a: [1, 2] }, ["a: Too many: 2: must have at most 1 item"]],
    ["format", nested(time()), { a: "soon" }, ['a: Invalid value: "soon": a in body must be of type date-time: "soon"']],
    ["minimum", nested(integer({ minimum: 3 })), { a: 2 }, ["a: Invalid value: 2: a in body should be greater than or equal to 3"]],
    [
      "values of a map",
      nested(mapOf(integer())),
      { a: { k: "x" } },
      ['a.k: Invalid value: "string": a.k in body must be of type integer: "string"'],
    ],
    ["a field of every object's prototype is none of ours", object({ toString: string() }), {}, ["toString: Required value"]],
  ])("%s", (_, schema, value, expected) => {
    expect(messages(schema, value)).toEqual(expected);
  });

  test("what did not change may stay invalid", () => {
    const schema = object({ a: string({ maxLength: 1 }), b: string() });
    const old = { a: "long", b: "x" };
    const value = { a: "long", b: "y" };
    expect(validateValue(schema, value, { correlation: new Correlation(value, old, schema) })).toEqual([]);
    const changed = { a: "longer", b: "y" };
    expect(validateValue(schema, changed, { correlation: new Correlation(changed, old, schema) })).toHaveLength(1);
  });

  test("a deep value does not end the process", () => {
    let schema: Schema = string();
    let value: unknown = 1;
    for (let depth = 0; depth < 500; depth++) {
      schema = object({ a: schema });
      value = { a: value };
    }
    expect(validateValue(schema, value)).toHaveLength(1);
  });
});

describe("validateListKeys", () => {
  const schema = object({
    keyed: optional(listMap(["k"], object({ k: string(), v: optional(integer()) }))),
    unique: optional(set(string())),
  });
  test.each<[string, unknown, string[]]>([
    ["different keys", { keyed: [{ k: "a" }, { k: "b" }] }, []],
    ["the same key", { keyed: [{ k: "a" }, { k: "a", v: 1 }] }, ['keyed[1]: Duplicate value: {"k":"a"}']],
    ["the same item", { unique: ["a", "b", "a"] }, ['unique[2]: Duplicate value: "a"']],
  ])("%s", (_, value, expected) => {
    expect(validateListKeys(schema, value).map((error) => `${error.field}: ${fieldErrorBody(error)}`)).toEqual(expected);
  });
});

describe("pruneValue", () => {
  test("drops what the schema does not name, and tells it", () => {
    const { value, unknownFields } = pruneValue(object({ a: object({ b: string() }) }), { a: { b: "x", c: 1 }, d: [2] });
    expect(value).toEqual({ a: { b: "x" } });
    expect([...unknownFields].sort()).toEqual(["a.c", "d"]);
  });

  test("keeps everything where the schema says so", () => {
    const schema = object({ a: optional(object({}, { preserveUnknownFields: true })) });
    expect(pruneValue(schema, { a: { x: { y: 1 } } }).value).toEqual({ a: { x: { y: 1 } } });
  });

  test("`__proto__` is a field like others", () => {
    const value = JSON.parse('{"a":"x","__proto__":{"b":1}}') as unknown;
    const pruned = pruneValue(object({ a: string() }), value);
    expect(Object.keys(pruned.value as object)).toEqual(["a"]);
    expect(Object.getPrototypeOf(pruned.value)).toBe(Object.prototype);
  });
});

describe("defaults", () => {
  const schema = object({
    a: optional(string({ default: "x" })),
    b: optional(object({ c: optional(integer({ default: 3 })) })),
    d: optional(object({ e: optional(integer({ default: 4 })) }, { default: {} })),
    n: optional(string({ nullable: true, default: "n" })),
  });
  test.each<[string, unknown, unknown]>([
    ["fills in", {}, { a: "x", d: { e: 4 }, n: "n" }],
    ["fills in what is inside of what is there", { b: {} }, { a: "x", b: { c: 3 }, d: { e: 4 }, n: "n" }],
    ["keeps what is there", { a: "y", d: { e: 5 }, n: "m" }, { a: "y", d: { e: 5 }, n: "m" }],
    ["a null that may not be one counts as absent", { a: null }, { a: "x", d: { e: 4 }, n: "n" }],
    ["a null that may be one stays", { n: null }, { a: "x", d: { e: 4 }, n: null }],
  ])("%s", (_, value, expected) => {
    expect(defaultValue(schema, dropNulls(schema, value))).toEqual(expected);
  });
});
