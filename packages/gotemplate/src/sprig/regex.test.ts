// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/sprig regex.go", () => {
  it.each([
    [
      '{{ regexMatch "^a+$" "aaa" }} {{ regexMatch "(" "a" }} {{ regexFind "\\\\d+" "a12b3" }} {{ regexFind "x" "a" | quote }}',
      `true false 12 ""`,
    ],
    [`{{ regexFindAll "[a-z]" "a1b2" -1 }} {{ regexFindAll "[a-z]" "a1b2" 1 }} {{ regexFindAll "x" "a" -1 | toJson }}`, "[a b] [a] null"],
    [
      '{{ regexReplaceAll "(a)(b)?" "abaa" "<${1}$2>" }} {{ regexReplaceAll "a(?P<n>.)" "axay" "${n}$$" }} {{ regexReplaceAllLiteral "a" "ba" "$1" }}',
      "<ab><a><a> x$y$ b$1",
    ],
    [
      `{{ regexSplit "z*" "pzzaz" -1 | toJson }} {{ regexSplit "," "a,b,c" 2 | toJson }} {{ regexSplit "a" "" -1 | toJson }} {{ regexSplit "a" "b" 0 | toJson }}`,
      `["p","a",""] ["a","b,c"] [""] null`,
    ],
    [`{{ regexQuoteMeta "a.b*c" }} {{ regexReplaceAll "" "ab" "-" }} {{ regexFindAll "" "é" -1 | toJson }}`, 'a\\.b\\*c -a-b- ["",""]'],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    [
      `{{ regexFind "a**" "a" }}`,
      "error calling regexFind: regexp: Compile(`a**`): error parsing regexp: invalid nested repetition operator: `**`",
    ],
    [`{{ mustRegexFind "(" "a" }}`, "error calling mustRegexFind: error parsing regexp: missing closing ): `(`"],
    [
      `{{ regexFind "(?=a)" "a" }}`,
      "error calling regexFind: regexp: Compile(`(?=a)`): error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
    ],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
