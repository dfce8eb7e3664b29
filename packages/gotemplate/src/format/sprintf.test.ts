// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Go's package fmt", () => {
  it.each([
    [
      `{{ printf "%v %+v %#v %T" (list 1 "a") (dict "k" 1.0) (list nil) (dict) }}`,
      "[1 a] map[k:1] []interface {}{interface {}(nil)} map[string]interface {}",
    ],
    [
      `{{ printf "%5d|%-5d|%05d|%+d|% d|%x|%#X|%o|%b|%c|%q|%U" 42 42 42 42 42 255 255 8 5 65 65 0x1F600 }}`,
      "   42|42   |00042|+42| 42|ff|0XFF|10|101|A|'A'|U+1F600",
    ],
    [
      '{{ printf "%s|%10.2s|%-5s|%q|%x|% X|%+q|%#q" "héllo" "héllo" "ab" "a\\"b" "hi" "hi" "é" "x" }}',
      'héllo|        hé|ab   |"a\\"b"|6869|68 69|"\\u00e9"|`x`',
    ],
    [
      `{{ printf "%f %.2f %e %g %8.3f|%-8.1f|%+.1e %G" 1.5 1.005 123456.789 1e21 3.14159 2.5 12345.678 1e-7 }}`,
      "1.500000 1.00 1.234568e+05 1e+21    3.142|2.5     |+1.2e+04 1E-07",
    ],
    [
      `{{ printf "%t %v %p" true nil nil }} {{ printf "%d %s" "a" 1 }} {{ printf "%d" }} {{ printf "%" }} {{ printf "%!" 1 }}`,
      "true <nil> %!p(<nil>) %!d(string=a) %!s(int=1) %!d(MISSING) %!(NOVERB) %!!(int=1)",
    ],
    [
      `{{ printf "%[2]d %[1]d %[3]*.[2]*[1]f" 1 2 3 }} {{ printf "%*d|%-*d" 5 42 5 42 }} {{ printf "a" 1 "b" }}`,
      "2 1 %!f(int= 01)    42|42    a%!(EXTRA int=1, string=b)",
    ],
    [
      `{{ print 1 2 "a" "b" 3 }} {{ println "a" 1 }} {{ print nil 1.0 1e6 1e20 123456789.0 }}`,
      "1 2ab3 a 1\n <nil> 1 1e+06 1e+20 1.23456789e+08",
    ],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});
