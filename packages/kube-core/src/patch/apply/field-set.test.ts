// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldSet } from "./field-set.ts";
import {
  difference,
  fieldSetOfPaths,
  forEachPath,
  hasPath,
  intersection,
  isSubset,
  printPath,
  recursiveDifference,
  sameSet,
  sortSet,
  union,
} from "./field-set.ts";
import { decodeFieldSet } from "./managers.ts";
import { fieldElement } from "./path-element.ts";

/** Short paths of few names, so that many are above, below and beside one another. */
const paths = fc.array(fc.array(fc.constantFrom("a", "b", "__proto__"), { minLength: 1, maxLength: 3 }), { maxLength: 6 });

function pathsOf(set: FieldSet): string[] {
  const found: string[] = [];
  forEachPath(set, (path) => found.push(printPath(path)));
  return found.toSorted();
}

const printed = (list: readonly (readonly string[])[]): string[] =>
  [...new Set(list.map((path) => printPath(path.map(fieldElement))))].toSorted();

/** Whether every node is in its one form: a path with nothing below it is `{}`, never `{".": {}}`. */
function isNormal(node: FieldSet): boolean {
  const elements = Object.keys(node);
  return (
    !(elements.length === 1 && elements[0] === ".") && elements.every((element) => element === "." || isNormal(node[element] as FieldSet))
  );
}

describe("sets of paths", () => {
  test("are what sets are, whatever stands above and below", () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const a = fieldSetOfPaths(...left);
        const b = fieldSetOfPaths(...right);
        const inA = printed(left);
        const inB = printed(right);
        const isBelowB = (path: string): boolean => inB.some((other) => path === other || path.startsWith(`${other}.`));
        expect(pathsOf(a)).toEqual(inA);
        expect(pathsOf(union(a, b))).toEqual([...new Set([...inA, ...inB])].toSorted());
        expect(pathsOf(intersection(a, b))).toEqual(inA.filter((path) => inB.includes(path)));
        expect(pathsOf(difference(a, b))).toEqual(inA.filter((path) => !inB.includes(path)));
        expect(pathsOf(recursiveDifference(a, b))).toEqual(inA.filter((path) => !isBelowB(path)));
        expect(isSubset(a, b)).toBe(inA.every((path) => inB.includes(path)));
        expect(sameSet(a, b)).toBe(inA.join() === inB.join());
        expect(left.every((path) => hasPath(a, path.map(fieldElement)))).toBe(true);
        for (const set of [a, union(a, b), intersection(a, b), difference(a, b), recursiveDifference(a, b)])
          expect(isNormal(set)).toBe(true);
      }),
      { seed: 13, numRuns: 500 },
    );
  });

  test("share what does not change", () => {
    const set = fieldSetOfPaths(["a", "b"], ["c", "d"]);
    expect(union(set, fieldSetOfPaths(["a", "b"]))).toBe(set);
    expect(difference(set, fieldSetOfPaths(["x"]))).toBe(set);
    expect(difference(set, fieldSetOfPaths(["a"]))).toBe(set);
    expect(difference(set, fieldSetOfPaths(["a", "b"]))["f:c"]).toBe(set["f:c"]);
  });

  test("are written in the API server's order", () => {
    const set = { "v:1": {}, 'k:{"b":1}': {}, "i:10": {}, "i:2": {}, "f:b": { "f:y": {}, ".": {} }, "f:a": {} };
    expect(Object.keys(sortSet(set))).toEqual(["f:a", "f:b", 'k:{"b":1}', "v:1", "i:2", "i:10"]);
    expect(Object.keys(sortSet(set)["f:b"] as FieldSet)).toEqual([".", "f:y"]);
    const sorted = sortSet(set);
    expect(sortSet(sorted)).toBe(sorted);
  });
});

describe("decodeFieldSet()", () => {
  test("gives back a tree that is in order itself", () => {
    const tree = { "f:spec": { ".": {}, "f:a": {}, 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} }, 'v:"x"': {}, "i:0": {} } };
    expect(decodeFieldSet(tree)).toBe(tree);
  });

  test.each([
    [{ 'k:{ "b": 1, "a":"<" }': {} }, { 'k:{"a":"\\u003c","b":1}': {} }],
    [
      { "v:1.0": {}, "i:+2": {} },
      { "v:1": {}, "i:2": {} },
    ],
    [{ "f:a": { ".": {} } }, { "f:a": {} }],
    [{ "f:a": { "q:unknown": {} } }, { "f:a": {} }],
    [{ "f:__proto__": { "f:constructor": {} } }, { "f:__proto__": { "f:constructor": {} } }],
  ])("spells %j in one way", (tree, set) => {
    expect(decodeFieldSet(tree)).toEqual(set);
  });

  test.each([[{ "f:a": 1 }], [{ "f:a": null }], [{ a: {} }], [{ "k:[": {} }], [{ "k:[]": {} }], [{ "v:": {} }], [{ "i:x": {} }], ["x"]])(
    "refuses %j",
    (tree) => {
      expect(() => decodeFieldSet(tree)).toThrow(expect.objectContaining({ code: "INVALID_FIELD_SET" }) as Error);
    },
  );

  test("refuses a tree that nests too deep", () => {
    const deep = Array.from({ length: 1100 }).reduce<unknown>((below) => ({ "f:a": below }), {});
    expect(() => decodeFieldSet(deep)).toThrow("fieldsV1 nests deeper than 1000 levels");
  });
});
