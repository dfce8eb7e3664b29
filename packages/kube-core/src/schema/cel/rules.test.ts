// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { Correlation } from "../correlation.ts";
import { fieldErrorBody } from "../field-error.ts";
import type { Schema, SchemaRule } from "../schema.ts";
import { array, integer, object, optional, string } from "../build.ts";
import { compileRules } from "./rules.ts";

function check(schema: Schema, value: unknown, old?: unknown): { errors: string[]; warnings: readonly string[] } {
  const correlation = old === undefined ? undefined : new Correlation(value, old, schema);
  const result = compileRules(schema, { isRoot: false })?.check(value, old, correlation === undefined ? {} : { correlation });
  return {
    errors: (result?.errors ?? []).map((error) => `${error.field}: ${fieldErrorBody(error)}`),
    warnings: result?.warnings ?? [],
  };
}

const counted = (rule: SchemaRule): Schema => object({ n: optional(integer({ rules: [rule] })) });

describe("rules of schemas", () => {
  test.each<[string, SchemaRule, unknown, string[]]>([
    ["holds", { rule: "self > 1" }, { n: 2 }, []],
    ["is not asked where there is no value", { rule: "self > 1" }, {}, []],
    ["fails, in its own words", { rule: "self > 1", message: "more" }, { n: 1 }, ["n: Invalid value: 1: more"]],
    ["fails without words", { rule: "self > 1" }, { n: 1 }, ["n: Invalid value: 1: failed rule: self > 1"]],
    ["says what it computes", { rule: "self > 1", messageExpression: "'got ' + string(self)" }, { n: 1 }, ["n: Invalid value: 1: got 1"]],
    ["has a reason", { rule: "self > 1", message: "no", reason: "FieldValueForbidden" }, { n: 1 }, ["n: Forbidden: no"]],
    ["needs a value before", { rule: "self >= oldSelf" }, { n: 1 }, []],
  ])("a rule that %s", (_, rule, value, expected) => {
    expect(check(counted(rule), value).errors).toEqual(expected);
  });

  test("the value before counts", () => {
    const schema = counted({ rule: "self >= oldSelf", message: "no less" });
    expect(check(schema, { n: 2 }, { n: 1 }).errors).toEqual([]);
    expect(check(schema, { n: 1 }, { n: 2 }).errors).toEqual(["n: Invalid value: 1: no less"]);
  });

  test("what was wrong before and did not change is only told", () => {
    const schema = object({ n: integer({ rules: [{ rule: "self > 1", message: "more" }] }), s: string() });
    const { errors, warnings } = check(schema, { n: 1, s: "b" }, { n: 1, s: "a" });
    expect(errors).toEqual([]);
    expect(warnings).toEqual(["n: Invalid value: 1: more"]);
  });

  test("a path leads to the field that is meant", () => {
    const schema = object({
      o: object(
        { p: optional(string()) },
        { rules: [{ rule: "has(self.p)", fieldPath: ".p", message: "needed", reason: "FieldValueRequired" }] },
      ),
    });
    expect(check(schema, { o: {} }).errors).toEqual(["o.p: Required value: needed"]);
  });

  test("a schema without rules has no checker", () => {
    expect(compileRules(object({ a: string() }))).toBeUndefined();
  });

  test("evaluation ends when the budget is spent", () => {
    const schema = object({ l: array(integer(), { rules: [{ rule: "self.all(x, self.all(y, self.all(z, x + y + z > 0)))" }] }) });
    const value = { l: Array.from({ length: 300 }, () => 1) };
    expect(check(schema, value).errors.join()).toContain("cost limit");
  });
});
