// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { ExactNumber } from "../exact-number.ts";
import { parseYaml, parseYamlDocuments } from "./parse-yaml.ts";
import { SpelledScalar } from "./spelled-scalar.ts";
import { YamlError } from "./yaml-error.ts";

function errorOf(text: string, options: Parameters<typeof parseYaml>[1] = {}): YamlError {
  try {
    parseYaml(text, options);
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
  throw new Error(`no error for ${text}`);
}

describe("plain scalars are what Go takes them for", () => {
  const both: readonly (readonly [string, unknown])[] = [
    ["0777", 511],
    ["0o777", 511],
    ["0b101", 5],
    ["0x1F", 31],
    ["-0x10", -16],
    ["1_000", 1000],
    ["1_000.5", 1000.5],
    ["08", 8],
    [".5", 0.5],
    ["1e3", 1000],
    ["1.", 1],
    ["+12", 12],
    ["190:20:30", "190:20:30"],
    ["1e400", "1e400"],
    ["~", null],
    ["", null],
    ["Null", null],
    ["True", true],
    ["FALSE", false],
    ["tRUE", "tRUE"],
    ["!!str 5", "5"],
    ['!!int "5"', 5],
    ["!!float 5", 5],
    ["!!binary aGVsbG8=", "hello"],
    ["!custom 5", "5"],
  ];
  for (const [text, value] of both) {
    test(`${text === "" ? "nothing" : text} is ${JSON.stringify(value)}`, () => {
      expect(parseYaml(`k: ${text}`)).toEqual({ k: value });
      expect(parseYaml(`k: ${text}`, { flavour: "kyaml" })).toEqual({ k: value });
    });
  }

  for (const [text, value] of [
    ["y", true],
    ["Yes", true],
    ["on", true],
    ["n", false],
    ["NO", false],
    ["off", false],
  ] as const) {
    test(`${text} is ${value} for sigs and text for kyaml`, () => {
      expect(parseYaml(`[${text}]`)).toEqual([value]);
      expect(parseYaml(`[${text}]`, { flavour: "kyaml" })).toEqual([text]);
    });
  }

  test("a date is text for sigs and a time for kyaml", () => {
    expect(parseYaml("d: 2001-12-14")).toEqual({ d: "2001-12-14" });
    expect(parseYaml("d: 2001-12-14", { flavour: "kyaml" })).toEqual({ d: "2001-12-14T00:00:00Z" });
    expect(parseYaml("d: 2001-1-4 1:02:3.50", { flavour: "kyaml" })).toEqual({ d: "2001-01-04T01:02:03.5Z" });
    expect(parseYaml("d: 2001-13-14", { flavour: "kyaml" })).toEqual({ d: "2001-13-14" });
  });

  test("integers beyond 2^53 keep every digit", () => {
    expect(parseYaml("[123456789012345678, 18446744073709551615]")).toEqual([
      new ExactNumber("123456789012345678", true),
      new ExactNumber("18446744073709551615", true),
    ]);
    expect(parseYaml("[18446744073709551616]")).toEqual([18446744073709551616]);
  });

  test("keepSpelling tells how scalars are written that would be written otherwise", () => {
    expect(parseYaml("[1.0, 1, 0x1F, null, '1.0']", { flavour: "kyaml", keepSpelling: true })).toEqual([
      new SpelledScalar("1.0", 1),
      1,
      new SpelledScalar("0x1F", 31),
      null,
      "1.0",
    ]);
    expect(parseYaml("k:", { flavour: "kyaml", keepSpelling: true })).toEqual({ k: new SpelledScalar("", null) });
  });
});

describe("structure", () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    ["a list under its key without indentation", "a:\n- 1\n- 2\nb: 3\n", { a: [1, 2], b: 3 }],
    ["nested lists on one line", "- - 1\n  - 2\n- a: 1\n  b: 2\n", [[1, 2], { a: 1, b: 2 }]],
    ["a literal block, clipped, stripped and kept", "a: |\n  x\n   y\n\nb: |-\n  x\nc: |+\n  x\n\n", { a: "x\n y\n", b: "x", c: "x\n\n" }],
    ["a folded block with more indented lines", "a: >\n  one\n  two\n\n  three\n   four\n  five\n", { a: "one two\nthree\n four\nfive\n" }],
    ["a block with an indentation of its own", "a: |2\n    x\n", { a: "  x\n" }],
    ["plain text over several lines", "a: one\n  two\n\n  three\nb: 1\n", { a: "one two\nthree", b: 1 }],
    ["quoted text over several lines", "a: \"one\n  two\\\n  three\"\nb: 'it''s'\n", { a: "one twothree", b: "it's" }],
    ["escapes", 'a: "\\x41\\u00e9\\t\\ud83d\\ude00"\n', { a: "Aé\t😀" }],
    ["flow collections", 'a: {b: [1, "2", {c: d}], e: }\nf: [a: 1, {}]\n', { a: { b: [1, "2", { c: "d" }], e: null }, f: [{ a: 1 }, {}] }],
    ["JSON", '{"a":{"b":[1,2,{"c":null}]},"d":"x"}', { a: { b: [1, 2, { c: null }] }, d: "x" }],
    ["comments", "# one\na: 1 # two\n# three\nb: x#y\n", { a: 1, b: "x#y" }],
    ["anchors and aliases", "a: &x {k: 1}\nb: *x\nc: &y 5\nd: *y\n", { a: { k: 1 }, b: { k: 1 }, c: 5, d: 5 }],
    [
      "merge keys, of which the first wins",
      "a: &a {x: 1, w: 1}\nb: &b {x: 2, z: 2}\nc:\n  <<: [*a, *b]\n  w: 3\n",
      {
        a: { x: 1, w: 1 },
        b: { x: 2, z: 2 },
        c: { x: 1, w: 3, z: 2 },
      },
    ],
    ["explicit keys", "? a\n: 1\n? b\n", { a: 1, b: null }],
    ["text that looks like syntax", "a: -x\nb: :y\nc: a:b\nd: http://x\n", { a: "-x", b: ":y", c: "a:b", d: "http://x" }],
    ["line breaks of Windows", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", { a: 1, b: "x\ny\n" }],
  ];
  for (const [name, text, value] of cases) {
    test(name, () => {
      expect(parseYaml(text)).toEqual(value);
    });
  }

  test("__proto__ and constructor are keys like any other", () => {
    const value = parseYaml('__proto__: {a: 1}\nconstructor: x\nb: {"__proto__": 2}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["__proto__", "constructor", "b"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });

  test("documents come in order, empty ones as null", () => {
    expect(parseYamlDocuments("---\na: 1\n---\n# nothing\n---\nb: 2\n...\n---\nc: |\n  x\n")).toEqual([
      { a: 1 },
      null,
      { b: 2 },
      { c: "x\n" },
    ]);
    expect(parseYamlDocuments("")).toEqual([]);
  });

  test("keys become text as sigs.k8s.io/yaml makes them", () => {
    expect(parseYaml("{1: a, true: b, 0x10: c, yes: d}")).toEqual({ "1": "a", true: "d", "16": "c" });
  });
});

describe("errors say what go-yaml says, and where", () => {
  const cases: readonly (readonly [string, string, string, number])[] = [
    ["a: 1\nb: c: d\n", "yaml: line 2: mapping values are not allowed in this context", "SYNTAX", 2],
    ["a: 1\nb\n", "yaml: line 3: could not find expected ':'", "SYNTAX", 3],
    ["a:\n\t- b\n", "yaml: line 2: found character that cannot start any token", "SYNTAX", 2],
    ["x: 1\na: [1, 2\n", "yaml: line 2: did not find expected ',' or ']'", "SYNTAX", 3],
    ["a: *x\n", "yaml: unknown anchor 'x' referenced", "SYNTAX", 1],
    ["a: !!int x\n", "yaml: cannot decode !!str `x` as a !!int", "TAG", 1],
    ["a: .inf\n", "json: unsupported value: +Inf", "NOT_JSON", 1],
    ["{a: 1}: b\n", "invalid map key: a list or a mapping", "NOT_JSON", 1],
  ];
  for (const [text, message, code, line] of cases) {
    test(message, () => {
      const error = errorOf(text);
      expect({ message: error.message, code: error.code, line: error.line }).toEqual({ message, code, line });
    });
  }

  test("keys that stand twice are an error for kyaml and the last one wins for sigs", () => {
    const text = "a: 1\nb: 2\na: 3\n";
    expect(parseYaml(text)).toEqual({ a: 3, b: 2 });
    expect(errorOf(text, { flavour: "kyaml" }).message).toBe(
      'yaml: unmarshal errors:\n  line 3: mapping key "a" already defined at line 1',
    );
    expect(errorOf(text, { duplicateKeys: "error" }).message).toBe('yaml: unmarshal errors:\n  line 3: key "a" already set in map');
  });

  test("kyaml refuses keys further in that are no text, unless they are taken by their text", () => {
    expect(errorOf("data: {1: a}", { flavour: "kyaml" }).code).toBe("NOT_JSON");
    expect(parseYaml("data: {1: a}", { flavour: "kyaml", keysByText: true })).toEqual({ data: { "1": "a" } });
  });

  test("several documents are an error where one is asked for, unless the first is", () => {
    expect(errorOf("a: 1\n---\nb: 2\n").code).toBe("SEVERAL_DOCUMENTS");
    expect(parseYaml("a: 1\n---\nb: 2\n", { severalDocuments: "first" })).toEqual({ a: 1 });
  });
});

describe("hostile text", () => {
  test("a bomb of aliases is refused", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 10; level++)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(", ")}]`,
      );
    expect(errorOf(lines.join("\n")).code).toBe("TOO_LARGE");
  });

  test("an alias inside of what it stands for is refused", () => {
    expect(errorOf("a: &a\n  b: *a\n").code).toBe("TOO_LARGE");
  });

  for (const [name, text] of [
    ["flow lists", "[".repeat(100_000)],
    ["flow mappings", "{a: ".repeat(100_000)],
    ["block lists", "- ".repeat(100_000)],
  ] as const) {
    test(`deep nesting of ${name} is refused, not a stack overflow`, () => {
      expect(errorOf(text).code).toBe("TOO_DEEP");
    });
  }

  test("50,000 documents and an empty one do not overflow anything", () => {
    expect(parseYamlDocuments("a: 1\n---\n".repeat(50_000))).toHaveLength(50_001);
  });

  test("control characters are refused", () => {
    expect(errorOf("a: \u0001").message).toBe("yaml: control characters are not allowed");
  });
});
