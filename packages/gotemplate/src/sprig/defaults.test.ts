// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/sprig defaults.go, reflect.go", () => {
  it.each([
    [`{{ default "d" "" }} {{ default "d" 0 }} {{ default "d" "x" }} {{ default "d" }} {{ "" | default "p" }}`, "d d x d p"],
    [
      `{{ empty 0 }} {{ empty "a" }} {{ empty (dict) }} {{ empty nil }} {{ empty false }} {{ coalesce 0 "" nil "x" }} {{ coalesce nil | quote }}`,
      "true false true true true x ",
    ],
    [`{{ all 1 "" }} {{ all }} {{ any 0 "a" }} {{ any }} {{ ternary "y" "n" true }} {{ true | ternary 1 2 }}`, "false true true false y 1"],
    [
      `{{ typeOf 1 }} {{ typeOf 1.5 }} {{ typeOf "a" }} {{ typeOf nil }} {{ typeOf (list) }} {{ typeOf (dict) }} {{ typeOf (semver "1.2.3") }}`,
      "int float64 string <nil> []interface {} map[string]interface {} *semver.Version",
    ],
    [
      `{{ kindOf 1 }} {{ kindOf (list) }} {{ kindOf (dict) }} {{ kindOf nil }} {{ kindOf (semver "1.2.3") }} {{ kindOf now }}`,
      "int slice map invalid ptr struct",
    ],
    [`{{ typeIs "int" 1 }} {{ typeIsLike "semver.Version" (semver "1.2.3") }} {{ kindIs "map" (dict) }}`, "true true true"],
    [`{{ deepEqual (list 1 2) (list 1 2) }} {{ deepEqual 1 1.0 }} {{ deepEqual (dict "a" (list)) (dict "a" (list)) }}`, "true false true"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([[`{{ ternary 1 2 "x" }}`, `expected bool; found "x"`]])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
