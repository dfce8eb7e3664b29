// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { parseJson, stringifyJson } from "../json.ts";
import { applyJsonPatch } from "./json-patch.ts";

type Row = readonly [name: string, document: string, patch: string, result: string];

const rows: readonly Row[] = [
  ["adds a field", `{"a":1}`, `[{"op":"add","path":"/b","value":[1]}]`, `{"a":1,"b":[1]}`],
  ["replaces a field by adding it", `{"a":1}`, `[{"op":"add","path":"/a","value":null}]`, `{"a":null}`],
  ["adds into a list", `{"a":[1,3]}`, `[{"op":"add","path":"/a/1","value":2}]`, `{"a":[1,2,3]}`],
  ["adds at the end of a list", `{"a":[1]}`, `[{"op":"add","path":"/a/-","value":2}]`, `{"a":[1,2]}`],
  ["adds at the end by -1", `{"a":[1]}`, `[{"op":"add","path":"/a/-1","value":2}]`, `{"a":[1,2]}`],
  ["adds at the index after the last", `{"a":[1]}`, `[{"op":"add","path":"/a/1","value":2}]`, `{"a":[1,2]}`],
  ["decodes ~1 and ~0", `{"a/b":{"m~n":1}}`, `[{"op":"replace","path":"/a~1b/m~0n","value":2}]`, `{"a/b":{"m~n":2}}`],
  ["decodes ~01 once", `{"~1":1}`, `[{"op":"test","path":"/~01","value":1}]`, `{"~1":1}`],
  ["takes an empty key", `{"":1}`, `[{"op":"test","path":"/","value":1}]`, `{"":1}`],
  ["removes an item", `{"a":[1,2,3]}`, `[{"op":"remove","path":"/a/1"}]`, `{"a":[1,3]}`],
  ["removes the last item by -1", `{"a":[1,2]}`, `[{"op":"remove","path":"/a/-1"}]`, `{"a":[1]}`],
  ["replaces a field that is absent, as the API server does", `{}`, `[{"op":"replace","path":"/a","value":1}]`, `{"a":1}`],
  ["replaces the whole document", `{"a":1}`, `[{"op":"replace","path":"","value":{"b":2}}]`, `{"b":2}`],
  ["moves", `{"a":{"b":1},"c":[]}`, `[{"op":"move","from":"/a/b","path":"/c/0"}]`, `{"a":{},"c":[1]}`],
  ["copies", `{"a":{"b":[1]}}`, `[{"op":"copy","from":"/a/b","path":"/c"}]`, `{"a":{"b":[1]},"c":[1]}`],
  [
    "tests objects whatever the order of keys",
    `{"a":{"x":1,"y":[null]}}`,
    `[{"op":"test","path":"/a","value":{"y":[null],"x":1}}]`,
    `{"a":{"x":1,"y":[null]}}`,
  ],
  ["tests an absent field against null", `{}`, `[{"op":"test","path":"/a","value":null}]`, `{}`],
  [
    "sets keys named like those of prototypes",
    `{}`,
    `[{"op":"add","path":"/__proto__","value":{"x":1}},{"op":"add","path":"/__proto__/constructor","value":2}]`,
    `{"__proto__":{"x":1,"constructor":2}}`,
  ],
  [
    "keeps integers exact",
    `{"a":9007199254740993}`,
    `[{"op":"copy","from":"/a","path":"/b"}]`,
    `{"a":9007199254740993,"b":9007199254740993}`,
  ],
];

describe("applyJsonPatch()", () => {
  test.each(rows)("%s", (_, document, patch, result) => {
    const before = parseJson(document);
    expect(stringifyJson(applyJsonPatch(before, parseJson(patch)))).toBe(result);
    expect(stringifyJson(before)).toBe(document);
  });

  test.each([
    [`{}`, `[{"op":"remove","path":"/a"}]`, "error in remove for path: '/a': Unable to remove nonexistent key: a: missing value"],
    [`{}`, `[{"op":"add","path":"/a/b","value":1}]`, `add operation does not apply: doc is missing path: "/a/b": missing value`],
    [
      `{"a":[1]}`,
      `[{"op":"add","path":"/a/3","value":1}]`,
      "error in add for path: '/a/3': Unable to access invalid index: 3: invalid index referenced",
    ],
    [
      `{"a":[1]}`,
      `[{"op":"add","path":"/a/x","value":1}]`,
      `error in add for path: '/a/x': value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax`,
    ],
    [
      `{"a":[1]}`,
      `[{"op":"replace","path":"/a/1","value":1}]`,
      "replace operation does not apply: doc is missing key: /a/1: missing value",
    ],
    [`{"a":1}`, `[{"op":"test","path":"/a","value":2}]`, "testing value /a failed: test failed"],
    [`{"a":1}`, `[{"op":"test","path":"/constructor","value":1}]`, "testing value /constructor failed: test failed"],
    [`{}`, `[{"op":"explode","path":"/a"}]`, "Unexpected kind: explode"],
    [`{}`, `[{"op":"move","from":"/a/b","path":"/c"}]`, "move operation does not apply: doc is missing from path: /a/b: missing value"],
    [`{}`, `{"op":"add"}`, "json: cannot unmarshal object into Go value of type jsonpatch.Patch"],
  ])("refuses: %s %s", (document, patch, message) => {
    expect(() => applyJsonPatch(parseJson(document), parseJson(patch))).toThrow(expect.objectContaining({ message }) as Error);
  });

  test("stops when copies grow beyond the limit", () => {
    const doubling = Array.from({ length: 60 }, (_, round) => ({ op: "copy", from: "/a", path: `/a/${round}` }));
    expect(() => applyJsonPatch({ a: { x: "0123456789" } }, doubling)).toThrow(/exceeding the limit 3145728/);
  });
});

test("applyJsonPatch() does not nest values deeper than a parser would", () => {
  const deep = parseJson(`${"[".repeat(600)}${"]".repeat(600)}`);
  const pointer = "/0".repeat(600);
  const pile = [
    { op: "add", path: "/a", value: deep },
    { op: "add", path: `/a${pointer}`, value: deep },
  ];
  expect(() => applyJsonPatch({}, pile)).toThrow("the patched object would nest deeper than 1000 levels");
});
