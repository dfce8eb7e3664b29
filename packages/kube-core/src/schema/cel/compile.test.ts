// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { PatternCache } from "../pattern-cache.ts";
import { compile } from "./compile.ts";
import { fluxEnvironment, kubernetesEnvironment } from "./environment.ts";
import { writeJson } from "./json-values.ts";
import { DYN } from "./types.ts";

const kubernetes = kubernetesEnvironment(new PatternCache());
const flux = fluxEnvironment(new PatternCache());
const data = { x: { a: 1, b: "two", c: [1, 2, 3], d: { e: true } } };

function run(source: string, environment = kubernetes): unknown {
  return writeJson(compile(source, { environment, variables: { x: DYN } }).run(data));
}

function problem(source: string, environment = kubernetes): string {
  try {
    run(source, environment);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("values", () => {
  test.each<[string, unknown]>([
    ["1 + 2 * 3", 7],
    ["7 / -2", -3],
    ["7 % -2", 1],
    ["9223372036854775807 - 1 > 0", true],
    ["dyn(1) == 1.0 && 1u < 2", true],
    ["'a' + 'b'", "ab"],
    ["x.a + 1", 2],
    ["x['b']", "two"],
    ["x.c[1]", 2],
    ["has(x.a) && !has(x.zz)", true],
    ["x.?zz.orValue(5)", 5],
    ["x.?d.?e.value()", true],
    ["x.?a.optMap(v, v + 1).orValue(0)", 2],
    ["[?optional.none(), 1]", [1]],
    ["x.c.map(i, i * 2)", [2, 4, 6]],
    ["x.c.filter(i, i > 1)", [2, 3]],
    ["x.c.all(i, i > 0) && x.c.exists(i, i == 2) && x.c.exists_one(i, i == 3)", true],
    ["x.c.transformList(i, v, i * v)", [0, 2, 6]],
    ["x.zz == 1 || true", true],
    ["false && x.zz == 1", false],
    ["x.c.exists(i, i / (i - 2) == 1 || i == 3)", true],
    ["'%s is %d'.format(['a', 1])", "a is 1"],
    ["'a,b'.split(',')", ["a", "b"]],
    ["'😀a'.size()", 2],
    ["'hello'.matches('^h.*o$')", true],
    ["duration('90m').getHours()", 1],
    ["timestamp('2024-01-02T03:04:05Z').getHours('+02:30')", 5],
    ["quantity('1Gi').isGreaterThan(quantity('1G'))", true],
    ["url('https://a.b:80/c').getPort()", "80"],
    ["cidr('10.0.0.0/8').containsIP('10.1.2.3')", true],
    ["semver('1.2.3').isLessThan(semver('1.3.0'))", true],
    ["format.dns1123Label().validate('ABC').hasValue()", true],
    ["sets.contains([1, 2], [1])", true],
    ["[1, 3, 2].isSorted()", false],
    ["[1.5, 2.5].sum()", 4],
    ["type(1) == int", true],
  ])("%s", (source, expected) => {
    expect(run(source)).toEqual(expected);
  });
});

describe("errors, in cel-go's words", () => {
  test.each([
    ["x.", "ERROR: <input>:1:3: Syntax error: no viable alternative at input '.'\n | x.\n | ..^"],
    ["x y", "ERROR: <input>:1:3: Syntax error: extraneous input 'y' expecting <EOF>\n | x y\n | ..^"],
    ["(1", "ERROR: <input>:1:3: Syntax error: missing ')' at '<EOF>'\n | (1\n | ..^"],
    ["foo", "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo\n | ^"],
    ["1 + 'a'", "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 + 'a'\n | ..^"],
    ["[1, 'a']", "ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, 'a']\n | ....^"],
    ["'%d'.format(['a'])", "decimal clause can only be used on integers, was given string"],
    ["x.zz", "no such key: zz"],
    ["x.a.b", "no such key: b"],
    ["x.c[5]", "index out of bounds: 5"],
    ["1 / 0", "division by zero"],
    ["9223372036854775807 + 1", "integer overflow"],
    ["x.b + 1", "no such overload"],
    ["string(x)", "no such overload: string(map)"],
    ["int('x')", "type conversion error from 'string' to 'int'"],
    ["'a'.matches('[')", "invalid matches argument"],
  ])("%s", (source, expected) => {
    expect(problem(source)).toContain(expected);
  });
});

describe("bounds", () => {
  test.each([
    ["parentheses", "(".repeat(300) + "1" + ")".repeat(300), "expression recursion limit exceeded: 250"],
    ["a long sum", `1${"+1".repeat(100_00)}`, "max recursion depth exceeded"],
    ["a long path", `x${".a".repeat(10_000)}`, "max recursion depth exceeded"],
    ["a long text", `'${"a".repeat(200_000)}'`, "exceeds limit"],
    ["loops in loops", `x.c.all(a, ${"x.c.all(b, ".repeat(14)}true${")".repeat(14)})`, "operation cancelled: actual cost limit exceeded"],
  ])("%s", (_, source, expected) => {
    expect(problem(source)).toContain(expected);
  });

  test("a long conjunction is fine", () => {
    expect(run(`true${" && true".repeat(600)}`)).toBe(true);
  });

  test("the cost of an evaluation is told", () => {
    const expression = compile("x.c.all(i, i > 0)", { environment: kubernetes, variables: { x: DYN } });
    expect(() => expression.run(data, { limit: 5 })).toThrow("actual cost limit exceeded");
    expect(expression.outputType).toBe("bool");
  });
});

describe("Flux's environment", () => {
  test("knows what Kubernetes' does not, and the other way round", () => {
    expect(run("'abc'.reverse()", flux)).toBe("cba");
    expect(problem("quantity('1')", flux)).toContain("undeclared reference to 'quantity'");
    expect(run("'%s'.format([[1, 'a']])", flux)).toBe("[1, a]");
  });

  test("expressions may be parsed only", () => {
    const parsed = compile("foo.bar == 'x'", { environment: flux });
    expect(parsed.run({ foo: { bar: "x" } })).toBe(true);
    expect(() => parsed.run({})).toThrow("no such attribute(s): foo");
    expect(parsed.outputType).toBe("dyn");
  });
});
