// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/sprig list.go", () => {
  it.each([
    [`{{ list 1 "a" nil }} {{ tuple 1 2 }} {{ len (list) }}`, "[1 a <nil>] [1 2] 0"],
    [
      "{{ first (list 1 2) }} {{ last (list 1 2) }} {{ rest (list 1 2 3) }} {{ initial (list 1 2 3) }} {{ first (list) }}",
      "1 2 [2 3] [1 2] <no value>",
    ],
    ["{{ append (list 1) 2 }} {{ prepend (list 1) 0 }} {{ concat (list 1) (list 2) (until 2) }}", "[1 2] [0 1] [1 2 0 1]"],
    [`{{ reverse (list 1 2 3) }} {{ uniq (list 1 1 1.0 "1") }} {{ compact (list 0 1 "" "a" nil) }}`, "[3 2 1] [1 1 1] [1 a]"],
    ["{{ without (list 1 2 3) 2 }} {{ has 1 (list 1) }} {{ has 1 (list 1.0) }} {{ has 1 nil }}", "[1 3] true false false"],
    [`{{ chunk 2 (list 1 2 3) }} {{ printf "%T" (chunk 2 (list 1 2 3)) }} {{ chunk -3 (list 1 2) }}`, "[[1 2] [3]] [][]interface {} []"],
    [`{{ sortAlpha (list "b" "a" 3) }} {{ join "," (list 1 "a" true) }} {{ join "," "x" }}`, "[3 a b] 1,a,true x"],
    [
      "{{ until 3 }} {{ untilStep 3 6 2 }} {{ untilStep 6 3 -2 }} {{ seq 3 }} {{ seq 2 4 }} {{ seq 0 -2 }} {{ seq 0 2 10 }}",
      "[0 1 2] [3 5] [6 4] 1 2 3 2 3 4 0 -1 -2 0 2 4 6 8 10",
    ],
    [`{{ rest (list) | toJson }} {{ list | toJson }} {{ printf "%T" (until 1) }}`, "null [] []int"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    [
      `{{ slice (list 1 2 3 4) 1 3 }} {{ slice (list 1 2) 1 }} {{ slice "hello" 1 3 }}`,
      "error calling slice: list should be type of slice or array but string",
    ],
    ["{{ first 1 }}", "error calling first: Cannot find first on type int"],
    ["{{ last nil }}", "error calling last: runtime error: invalid memory address or nil pointer dereference"],
    [`{{ concat (list 1) "a" }}`, "error calling concat: Cannot concat type string as list"],
    ["{{ slice (list 1) 0 5 }}", "error calling slice: reflect.Value.Slice: slice index out of bounds"],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
