// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { Expressions, HealthCheck, HealthChecks } from "./index.ts";

const expressions = new Expressions();

describe("expressions", () => {
  test.each<[string, () => unknown, string]>([
    ["that are none", () => expressions.parse("foo."), "failed to parse the CEL expression 'foo.': ERROR: <input>:1:5: Syntax error"],
    [
      "of another type than asked for",
      () => expressions.compile("'a'", { variables: [], outputType: "bool" }),
      "CEL expression output type mismatch: expected bool, got string",
    ],
    ["with constants that are none", () => expressions.parse("int('x')"), "failed to create CEL program: type conversion error"],
    [
      "over what is not there",
      () => expressions.parse("foo").evaluateBoolean({}),
      "failed to evaluate the CEL expression 'foo': no such attribute(s): foo",
    ],
    [
      "that give another type",
      () => expressions.parse("foo").evaluateBoolean({ foo: 1 }),
      "failed to evaluate CEL expression as boolean: 'foo'",
    ],
    [
      "that give a list with other things than texts",
      () => expressions.parse("foo").evaluateStrings({ foo: ["a", 1] }),
      "failed to evaluate CEL expression 'foo' as []string: unsupported type conversion from 'int' to string",
    ],
  ])("%s fail", (_, act, message) => {
    expect(act).toThrow(message);
  });

  test("see whole numbers as integers", () => {
    expect(expressions.parse("self.a + 1").evaluate({ self: { a: 1 } })).toBe(2);
  });
});

describe("health checks", () => {
  const object = (status: object, generation = 1) => ({ apiVersion: "a.b/v1", kind: "K", metadata: { name: "x", generation }, status });
  const check = new HealthCheck(
    { inProgress: "status.phase == 'busy'", failed: "status.phase == 'bad'", current: "status.phase == 'good'" },
    expressions,
  );

  test.each<[string, object, string]>([
    ["the first expression that is true counts", { phase: "busy" }, "InProgress"],
    ["failed comes before current", { phase: "bad" }, "Failed"],
    ["current is last", { phase: "good" }, "Current"],
    ["none is true", { phase: "odd" }, "InProgress"],
    ["an older generation was observed", { phase: "good", observedGeneration: 0 }, "InProgress"],
    ["a generation that is no number says nothing", { phase: "good", observedGeneration: "0" }, "Current"],
  ])("%s", (_, status, expected) => {
    expect(check.evaluate(object(status)).status).toBe(expected);
  });

  test("a check of the kind wins over one of the group", () => {
    const checks = new HealthChecks(
      [
        { apiVersion: "a.b/v1", current: "false", failed: "true" },
        { apiVersion: "a.b/v1", kind: "K", current: "true" },
      ],
      expressions,
    );
    expect(checks.evaluate(object({}))?.status).toBe("Current");
    expect(checks.evaluate({ ...object({}), kind: "Other" })?.status).toBe("Failed");
    expect(checks.evaluate({ ...object({}), apiVersion: "v1" })).toBeUndefined();
  });
});
