// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactNumber } from "../exact-number.ts";
import { parseYaml } from "./parse-yaml.ts";
import { SpelledScalar } from "./spelled-scalar.ts";
import { stringifyYaml } from "./stringify-yaml.ts";
import { YamlError } from "./yaml-error.ts";

describe("scalars are written as sigs.k8s.io/yaml writes them", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    ["plain", "plain"],
    ["", '""'],
    ["yes", '"yes"'],
    ["n", '"n"'],
    ["1", '"1"'],
    ["0o7", '"0o7"'],
    ["1_000", '"1_000"'],
    ["12:30:45", '"12:30:45"'],
    ["2001-12-14", '"2001-12-14"'],
    ["~", '"~"'],
    ["<<", "<<"],
    ["a: b", "'a: b'"],
    ["a:b", "a:b"],
    ["it's", "it's"],
    ["'x", "'''x'"],
    ["- x", "'- x'"],
    ["-x", "-x"],
    ["#x", "'#x'"],
    ["x #y", "'x #y'"],
    [" x", "' x'"],
    ["a\tb", '"a\\tb"'],
    ["é", "é"],
    ["😀", '"\\U0001F600"'],
    ["\u00a0", "\u00a0"],
    ["{{ x }}", "'{{ x }}'"],
    ["a\nb", "|-\n    a\n    b"],
    ["a\nb\n", "|\n    a\n    b"],
    ["a\n\n", "|+\n    a\n"],
    [" a\nb", "|2-\n     a\n    b"],
    ["a \nb", '"a \\nb"'],
    [1.5, "1.5"],
    [1e6, "1000000"],
    [1234567.5, "1.2345675e+06"],
    [1e21, "1e+21"],
    [1e-6, "1e-06"],
    [0.0001, "0.0001"],
    [-0, "0"],
    [null, "null"],
    [true, "true"],
    [[], "[]"],
    [{}, "{}"],
    [new ExactNumber("123456789012345678", true), "123456789012345678"],
    [new SpelledScalar("0x1F", 31), "31"],
  ];
  for (const [value, text] of cases) {
    test(JSON.stringify(value) ?? "", () => {
      // One level in, as most values are.
      expect(stringifyYaml({ a: { k: value } })).toBe(`a:\n  k: ${text}\n`);
    });
  }
});

describe("structure", () => {
  test("keys are sorted, numbers in them by value and letters last, and lists are not indented", () => {
    expect(stringifyYaml({ b: 1, a10: 1, a9: 1, _x: 1, A: 1, "1": 1, list: [[1, 2], { c: 1, a: {} }, []] })).toBe(
      '_x: 1\n"1": 1\nA: 1\na9: 1\na10: 1\nb: 1\nlist:\n- - 1\n  - 2\n- a: {}\n  c: 1\n- []\n',
    );
  });

  test("keys keep their order when asked to", () => {
    expect(stringifyYaml({ b: 1, a: 2 }, { sortKeys: false })).toBe("b: 1\na: 2\n");
  });

  test("long text folds at spaces behind column 80, unless there is no width", () => {
    const words = Array(30).fill("word").join(" ");
    expect(stringifyYaml({ k: words })).toBe(`k: ${Array(16).fill("word").join(" ")}\n  ${Array(14).fill("word").join(" ")}\n`);
    expect(stringifyYaml({ k: words }, { width: Infinity })).toBe(`k: ${words}\n`);
  });

  test("keys of several lines or over 128 bytes are written behind a question mark", () => {
    expect(stringifyYaml({ ["k".repeat(129)]: { a: 1 } })).toBe(`? ${"k".repeat(129)}\n: a: 1\n`);
    expect(stringifyYaml({ "a\nb": [1] })).toBe("? |-\n  a\n  b\n: - 1\n");
  });

  test("what is not there is left out, in lists it is null", () => {
    expect(stringifyYaml({ a: undefined, b: [undefined] })).toBe("b:\n- null\n");
  });

  test("values that nest too deeply are refused", () => {
    let value: unknown = 1;
    for (let level = 0; level < 100_000; level++) value = [value];
    expect(() => stringifyYaml(value)).toThrow(YamlError);
  });

  test("what is written is read back as the same", () => {
    const leaf = fc.oneof(
      fc.string({ unit: fc.constantFrom(...Array.from("ab yn01:-#'\"\\{}[],&*!|>%@`?~\n\t._é😀")) }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string({ maxLength: 6 }), tie("value"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (one) => {
        let text: string;
        try {
          text = stringifyYaml(one);
        } catch (error) {
          // Characters that YAML does not take.
          expect(error).toBeInstanceOf(YamlError);
          return;
        }
        expect(parseYaml(text)).toEqual(one);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test("keys can be in the order of their bytes", () => {
    const keys = { b10: 1, b9: 2, B: 3, 2: 5, 10: 6 };
    expect(stringifyYaml(keys, { sortKeys: "bytes" })).toBe('"10": 6\n"2": 5\nB: 3\nb10: 1\nb9: 2\n');
  });
});
