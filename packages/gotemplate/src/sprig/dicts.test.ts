// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/sprig dict.go", () => {
  it.each([
    [`{{ dict "a" 1 "b" }} {{ dict 1 2 }} {{ dict | toJson }}`, "map[a:1 b:] map[1:2] {}"],
    [
      `{{ $d := dict "a" 1 }}{{ get $d "a" }} {{ get $d "b" | quote }} {{ hasKey $d "a" }} {{ set $d "c" 3 }} {{ unset $d "a" }} {{ $d }}`,
      `1 "" true map[a:1 c:3] map[c:3] map[c:3]`,
    ],
    [
      `{{ pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3) }} {{ keys (dict "a" 1 "b" 2) | sortAlpha }} {{ values (dict "a" 1) }}`,
      "[1 3] [a b] [1]",
    ],
    [`{{ pick (dict "a" 1 "b" 2) "a" "z" }} {{ omit (dict "a" 1 "b" 2) "a" }}`, "map[a:1] map[b:2]"],
    [
      `{{ merge (dict "a" "" "b" 1) (dict "a" 2 "b" 3 "c" nil) | toJson }} {{ mergeOverwrite (dict "a" 1 "b" (dict "c" 1)) (dict "a" 0 "b" (dict "d" 2)) | toJson }}`,
      `{"a":2,"b":1} {"a":0,"b":{"c":1,"d":2}}`,
    ],
    [
      `{{ $d := dict "n" (dict) }}{{ $s := dict "n" (dict "a" 1) }}{{ $_ := merge $d $s }}{{ $_ := set $d.n "b" 2 }}{{ $s | toJson }} {{ $d | toJson }}`,
      `{"n":{"a":1}} {"n":{"a":1,"b":2}}`,
    ],
    [
      `{{ $d := dict "a" (list 1) }}{{ $c := deepCopy $d }}{{ $_ := set $c "b" 2 }}{{ $d | toJson }}{{ $c | toJson }}`,
      `{"a":[1]}{"a":[1],"b":2}`,
    ],
    [
      `{{ dig "a" "b" "none" (dict "a" (dict "b" 1)) }} {{ dig "a" "x" "none" (dict "a" (dict "b" 1)) }} {{ dig "x" "y" "none" (dict) }}`,
      "1 none none",
    ],
    [`{{ get (dict "__proto__" 1) "__proto__" }} {{ hasKey (dict) "constructor" }} {{ (dict "toString" 2).toString }}`, "1 false 2"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    [`{{ dig "a" "b" "x" (dict "a" 1) }}`, "error calling dig: interface conversion: interface {} is int, not map[string]interface {}"],
    [`{{ set "a" "b" "c" }}`, `can't handle "a" for arg of type map[string]interface {}`],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
