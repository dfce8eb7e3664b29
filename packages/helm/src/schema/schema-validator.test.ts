// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { compileSchema } from "./validate-values.ts";

function check(schema: unknown, values: unknown): string {
  return compileSchema(JSON.stringify(schema)).check(values).trimEnd();
}

const conditional = {
  $schema: "http://json-schema.org/draft-07/schema#",
  if: { required: ["a"] },
  // A keyword of JSON Schema.
  // oxlint-disable-next-line unicorn/no-thenable
  then: { required: ["b"] },
  else: { required: ["c"] },
};

describe("values.schema.json", () => {
  test.each<[string, unknown, unknown, string]>([
    [
      "2020: prefixItems and items",
      { prefixItems: [{ type: "string" }], items: { type: "number" } },
      ["a", 1, "b"],
      "- at '/2': got string, want number",
    ],
    [
      "2020: unevaluatedProperties",
      { allOf: [{ properties: { a: true } }], unevaluatedProperties: false },
      { a: 1, b: 2 },
      "- at '/b': false schema",
    ],
    [
      "2019: dependentRequired",
      { $schema: "https://json-schema.org/draft/2019-09/schema", dependentRequired: { a: ["b"] } },
      { a: 1 },
      "- at '': properties 'b' required, if 'a' exists",
    ],
    ["07: if, then, else", conditional, {}, "- at '': missing property 'c'"],
    [
      "04: exclusiveMinimum is a boolean",
      { $schema: "http://json-schema.org/draft-04/schema#", properties: { a: { minimum: 3, exclusiveMinimum: true } } },
      { a: 3 },
      "- at '/a': exclusiveMinimum: got 3, want 3",
    ],
    [
      "oneOf that matches twice",
      { oneOf: [{ type: "string" }, { minLength: 1 }] },
      "ab",
      "- at '': 'oneOf' failed, subschemas 0, 1 matched",
    ],
    [
      "references by pointer, anchor and id",
      {
        $defs: { a: { $anchor: "x", type: "string" }, b: { $id: "b.json", type: "number" } },
        properties: { a: { $ref: "#x" }, b: { $ref: "b.json" }, c: { $ref: "#/$defs/a" } },
      },
      { a: 1, b: "1", c: 1 },
      "- at '/a': got number, want string\n- at '/b': got string, want number\n- at '/c': got number, want string",
    ],
    [
      "numbers with commas and powers",
      { properties: { a: { maximum: 1 }, b: { maximum: 1 } } },
      { a: 12345.5, b: 1234567 },
      "- at '/a': maximum: got 12,345.5, want 1\n- at '/b': maximum: got 1.234567×10⁰⁶, want 1",
    ],
    [
      "formats in draft 7",
      { $schema: "http://json-schema.org/draft-07/schema#", format: "email" },
      "x",
      "- at '': 'x' is not valid email: missing @",
    ],
    ["decimal multiples", { multipleOf: 0.1 }, 0.3, ""],
  ])("%s", (_, schema, values, problems) => {
    expect(check(schema, values)).toBe(problems);
  });

  test("nothing is fetched: references elsewhere are errors", () => {
    for (const $ref of ["https://example.com/s.json", "file:///etc/passwd", "other.json"]) {
      expect(() => check({ $ref }, {})).toThrow(/failing loading ".*": schemas elsewhere are not fetched/);
    }
    expect(() => check({ $schema: "https://example.com/meta" }, {})).toThrow("schemas elsewhere are not fetched");
  });

  test("a schema that is none is told of", () => {
    expect(() => check({ type: "strin" }, {})).toThrow("is not valid against metaschema");
    expect(() => check({ pattern: "(?=a)" }, "a")).toThrow("is not valid against metaschema");
  });

  test("bombs end: references that fan out, that run in circles, and nesting without end", () => {
    const fan: Record<string, unknown> = { l0: { type: "string" } };
    for (let level = 1; level <= 40; level++)
      fan[`l${level}`] = { allOf: [{ $ref: `#/$defs/l${level - 1}` }, { $ref: `#/$defs/l${level - 1}` }] };
    expect(() => check({ $defs: fan, $ref: "#/$defs/l40" }, "x")).toThrow("the schema asks for more than 300000 steps");
    expect(check({ $ref: "#" }, 1)).toContain("the schema refers to itself without end");
    let nested: unknown = { type: "string" };
    for (let level = 0; level < 2000; level++) nested = { not: nested };
    expect(() => check(nested, "x")).toThrow(/deep|depth/);
  });

  test("a pattern that would take forever does not", () => {
    expect(check({ pattern: "^(a+)+$" }, `${"a".repeat(5000)}b`)).toContain("does not match pattern");
  });
});
