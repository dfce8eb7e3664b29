// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { ruleCompiler } from "../cel/index.ts";
import { fieldErrorBody } from "../field-error.ts";
import type { Schema } from "../schema.ts";
import { validateCustomResourceDefinition } from "./validate-definition.ts";

function definition(spec: Schema, changes: object = {}): unknown {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.example.com" },
    spec: {
      group: "example.com",
      names: { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", properties: { spec } } } }],
      ...changes,
    },
  };
}

function problems(value: unknown, old?: unknown): string[] {
  const errors = validateCustomResourceDefinition(value, { rules: ruleCompiler, ...(old === undefined ? {} : { old }) });
  return errors.map((error) => `${error.field}: ${fieldErrorBody(error)}`);
}

const AT = "spec.validation.openAPIV3Schema.properties[spec]";
const TEXT: Schema = { type: "string" };

describe("validateCustomResourceDefinition", () => {
  test("accepts what is right", () => {
    expect(problems(definition({ type: "object", properties: { a: TEXT } }))).toEqual([]);
  });

  test.each<[string, Schema, string]>([
    ["a schema without a type", { properties: { a: TEXT } }, `${AT}.type: Required value: must not be empty for specified object fields`],
    ["a list without items", { type: "array" }, `${AT}.items: Required value: must be specified`],
    [
      "a default that its schema refuses",
      { type: "integer", default: "x" },
      `${AT}.default: Invalid value: "string":  in body must be of type integer: "string"`,
    ],
    ["unknown list types", { type: "array", items: TEXT, "x-kubernetes-list-type": "bag" as "set" }, `${AT}.x-kubernetes-list-type`],
    [
      "a rule that does not compile",
      { type: "string", "x-kubernetes-validations": [{ rule: "self > 1" }] },
      "compilation failed: ERROR: <input>:1:6: found no matching overload for '_>_' applied to '(string, int)'",
    ],
    [
      "a rule with a constant that is none",
      { type: "integer", "x-kubernetes-validations": [{ rule: "self > int('x')" }] },
      "program instantiation failed: type conversion error from 'string' to 'int'",
    ],
    [
      "a rule that is no condition",
      { type: "string", "x-kubernetes-validations": [{ rule: "self" }] },
      "cel expression must evaluate to a bool",
    ],
    [
      "a rule that may cost too much",
      {
        type: "array",
        items: TEXT,
        "x-kubernetes-validations": [{ rule: "self.all(x, self.all(y, x == y))" }],
      },
      "estimated rule cost exceeds budget by factor of more than 100x",
    ],
  ])("refuses %s", (_, spec, expected) => {
    expect(problems(definition(spec)).join("\n")).toContain(expected);
  });

  test("lengths bound the cost", () => {
    const rule = { rule: "self.all(x, self.all(y, x == y))" };
    expect(
      problems(definition({ type: "array", maxItems: 10, items: { ...TEXT, maxLength: 10 }, "x-kubernetes-validations": [rule] })),
    ).toEqual([]);
  });

  test("the scope cannot change once the kind is served", () => {
    const established = { ...(definition(TEXT) as object), status: { conditions: [{ type: "Established", status: "True" }] } };
    expect(problems(definition(TEXT, { scope: "Cluster" }), definition(TEXT))).toEqual([]);
    expect(problems(definition(TEXT, { scope: "Cluster" }), established).join()).toContain("spec.scope");
  });
});
