// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/sprig numeric.go", () => {
  it.each([
    ["{{ add 1 2 3 }} {{ add1 1 }} {{ sub 3 5 }} {{ mul 2 3 4 }} {{ div 7 2 }} {{ mod -7 3 }} {{ div -7 2 }}", "6 2 -2 24 3 -1 -3"],
    [`{{ add "3" 4.9 true nil "x" "0x10" "012" "1_0" "7.0" }} {{ mul 9223372036854775807 2 }}`, "51 -2"],
    ["{{ max 1 5 3 }} {{ biggest 1 2 }} {{ min 2 1 }} {{ maxf 1 2.5 }} {{ minf 1 2.5 }}", "5 2 1 2.5 1"],
    ["{{ addf 0.1 0.2 }} {{ add1f 1.5 }} {{ subf 0.3 0.1 }} {{ mulf 1.1 1.1 }} {{ divf 10 3 }}", "0.3 2.5 0.2 1.21 3.3333333333333335"],
    ["{{ ceil 1.2 }} {{ floor -1.2 }} {{ round 123.5555 3 }} {{ round 1.5 0 0.6 }} {{ round -2.5 0 }}", "2 -2 123.556 1 -3"],
    [
      `{{ int "12" }} {{ int 3.9 }} {{ int "a" }} {{ int64 "9223372036854775808" }} {{ float64 "1e3" }} {{ float64 "0x1p4" }} {{ atoi "12a" }} {{ atoi "-5" }}`,
      "12 3 0 0 1000 16 0 -5",
    ],
    [`{{ toDecimal "777" }} {{ toDecimal 8 }} {{ printf "%T %T %T" (add 1 2) (addf 1 2) (int 1) }}`, "511 0 int64 float64 int"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    ["{{ div 1 0 }}", "error calling div: runtime error: integer divide by zero"],
    ["{{ divf 1 0 }}", "error calling divf: decimal division by 0"],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
