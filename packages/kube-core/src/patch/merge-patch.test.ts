// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json-object.ts";
import { deepEqual, parseJson, stringifyJson } from "../json.ts";
import { applyMergePatch, createMergePatch } from "./merge-patch.ts";

describe("applyMergePatch()", () => {
  test.each([
    [`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`],
    [`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`],
    [`{"a":"b"}`, `{"a":null}`, `{}`],
    [`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`],
    [`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`],
    [`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`],
    [`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`],
    [`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`],
    [`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`],
    [`{}`, `{"a":[null,{"b":null}]}`, `{"a":[null,{}]}`],
    [`{"a":{}}`, `{"a":[{"b":null}]}`, `{"a":[{"b":null}]}`],
    [`{}`, `{"__proto__":{"x":1},"constructor":{"y":null}}`, `{"__proto__":{"x":1},"constructor":{}}`],
    [`{"a":{"b":1}}`, `{"a":{"__proto__":2}}`, `{"a":{"b":1,"__proto__":2}}`],
  ])("%s + %s", (document, patch, result) => {
    const before = parseJson(document);
    expect(stringifyJson(applyMergePatch(before, parseJson(patch)))).toBe(result);
    expect(stringifyJson(before)).toBe(document);
  });

  test("gives back the document itself when nothing changes", () => {
    const document = { a: { b: [1, { c: 2 }] } };
    expect(applyMergePatch(document, { a: { b: [1, { c: 2 }], x: null } })).toBe(document);
  });
});

const value = fc.letrec<{ any: unknown; object: Record<string, unknown> }>((tie) => ({
  any: fc.oneof({ depthSize: "small" }, fc.boolean(), fc.integer(), fc.string(), fc.array(tie("any"), { maxLength: 3 }), tie("object")),
  object: fc.dictionary(fc.oneof(fc.constantFrom("a", "b", "__proto__", "constructor", "toString"), fc.string()), tie("any"), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
}));

describe("createMergePatch()", () => {
  test("makes a patch that turns the one into the other, none when they are the same", () => {
    fc.assert(
      fc.property(value.object, value.object, (before, after) => {
        const patch = createMergePatch(before, after);
        expect(patch === undefined).toBe(deepEqual(before, after));
        const patched = patch === undefined ? before : (applyMergePatch(before, patch) as JsonObject);
        expect(deepEqual(patched, after)).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
