// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("Masterminds/sprig strings.go", () => {
  it.each([
    ['{{ trim "  a b \\n" }}|{{ trimAll "$" "$5.00$" }}|{{ trimSuffix "-" "a-" }}|{{ trimPrefix "-" "-a" }}', "a b|5.00|a|a"],
    [
      `{{ upper "straße" }} {{ lower "ÀÉ" }} {{ title "hello wörld o'neil" }} {{ untitle "Hello World" }}`,
      "STRAßE àé Hello Wörld O'Neil hello world",
    ],
    [`{{ repeat 3 "ab" }} {{ nospace "a b c" }} {{ initials "First Try" }} {{ swapcase "aB cD" }}`, "ababab abc FT Ab Cd"],
    [`{{ trunc 3 "hello" }} {{ trunc -3 "hello" }} {{ trunc 1 "é" | b64enc }}`, "hel llo ww=="],
    [`{{ substr 0 2 "hello" }} {{ substr -1 2 "hello" }} {{ substr 2 -1 "hello" }}`, "he he llo"],
    [`{{ abbrev 5 "hello world" }} {{ abbrevboth 5 10 "1234 5678 9123" }} {{ abbrev 3 "hello" }}`, "he... ...5678... hello"],
    [
      '{{ wrap 5 "aa bb cc dd" }}|{{ wrapWith 4 "\\t" "Hello World" }}|{{ wrapWith 3 "" "abcdef" }}',
      "aa bb\ncc dd|Hell\to\tWorl\td|abc\ndef",
    ],
    [`{{ contains "cat" "catch" }} {{ hasPrefix "c" "cat" }} {{ hasSuffix "c" "cat" }}`, "true true false"],
    [
      '{{ quote "a\\"b" 1 nil "é\\x00" }} {{ squote "a" 1 true }} {{ cat "a" 1 nil "b" }}',
      '"a\\"b" "1" "é\\x00" \'a\' \'1\' \'true\' a 1 b',
    ],
    [
      '{{ indent 2 "a\\nb" }}|{{ nindent 2 "a\\nb" }}|{{ replace "a" "bb" "banana" }}|{{ replace "" "-" "ab" }}',
      "  a\n  b|\n  a\n  b|bbbnbbnbb|-a-b-",
    ],
    [`{{ plural "one" "many" 1 }} {{ plural "one" "many" 0 }}`, "one many"],
    [
      `{{ snakecase "FirstNameHTTPServer2go" }} {{ kebabcase "HTTP20xOK Duration2m3s" }} {{ camelcase "http_server-name__x_" }}`,
      "first_name_http_server_2go http-20x-ok-duration-2m3s HttpServerName_X_",
    ],
    [
      `{{ split "," "a,b" }} {{ splitn "," 2 "a,b,c" }} {{ splitList "" "aé" }} {{ (split "-" "x-y")._1 }}`,
      "map[_0:a _1:b] map[_0:a _1:b,c] [a é] y",
    ],
    [`{{ toString 1.5 }} {{ toString (list 1 "a") }} {{ toStrings (list 1 nil "a") }}`, "1.5 [1 a] [1 a]"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    [`{{ repeat -1 "a" }}`, "error calling repeat: strings: negative Repeat count"],
    [`{{ substr 3 2 "hello" }}`, "error calling substr: runtime error: slice bounds out of range [3:2]"],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
