// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { createEngine } from "./engine.ts";
import { fromPlain } from "./plain.ts";
import { sprigFunctions } from "./sprig/sprig-functions.ts";
import { helmFunctions } from "./helm/helm-functions.ts";
import type { Limits } from "./execute/execution.ts";

const ports = { stringifyYaml: JSON.stringify, stringifyYamlPretty: JSON.stringify, parseYaml: JSON.parse };

function render(text: string, data: unknown = {}, limits: Partial<Limits> = {}): string {
  const functions = new Map([...sprigFunctions({ now: () => 0n, random: (count) => new Uint8Array(count) }), ...helmFunctions(ports)]);
  const engine = createEngine({ functions, missingKey: "zero", limits });
  engine.parse("t", text);
  return engine.execute("t", fromPlain(data));
}

describe("createEngine", () => {
  it.each([
    ["{{ range $i, $x := .list }}{{ $i }}={{ $x }};{{ end }}", { list: ["a", "b"] }, "0=a;1=b;"],
    ["{{ range $k, $v := . }}{{ $k }}{{ $v }} {{ end }}", { b: 2, a: 1 }, "a1 b2 "],
    ["{{ range 4 }}{{ if eq . 2 }}{{ break }}{{ end }}{{ . }}{{ end }}", {}, "01"],
    ['{{ printf "%05d|%-4s|%q|%v" 42 "ab" "x" .n }}', { n: 1e6 }, '00042|ab  |"x"|1e+06'],
    ['{{ tpl "{{ define \\"d\\" }}<{{ . }}>{{ end }}{{ include \\"d\\" .a }}" . }}', { a: "x" }, "<x>"],
    ['{{ trunc 2 "é!" | b64enc }}', {}, "w6k="],
    ['{{ trunc 1 "é" | b64enc | b64dec | b64enc }}', {}, "ww=="],
    ['{{ get . "__proto__" }}{{ hasKey . "constructor" }}', JSON.parse('{"__proto__":"own"}'), "ownfalse"],
  ])("renders %s", (text, data, expected) => {
    expect(render(text, data)).toBe(expected);
  });

  it.each([
    ["a\n{{ .x.y }}", 'template: t:2:5: executing "t" at <.x.y>: nil pointer evaluating interface {}.y'],
    ["{{ index .x }", 'template: t:1: unexpected "}" in operand'],
    ["{{ upper 1 }}", 'template: t:1:9: executing "t" at <1>: expected string; found 1'],
  ])("tells of %s as Go does", (text, message) => {
    expect(() => render(text, {})).toThrow(message);
  });

  it.each([
    ["{{ range 1000000 }}{{ range 1000000 }}{{ end }}{{ end }}", { maxSteps: 10_000 }, "takes more than 10000 steps"],
    ['{{ range 100 }}{{ repeat 100 "x" }}{{ end }}', { maxOutput: 1000 }, "writes more than 1000 characters"],
    ['{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}', { maxDepth: 50 }, "exceeded maximum template depth (50)"],
    ['{{ repeat 1000000000 "x" }}', {}, "is too long"],
    ["{{ until 1000000000 }}", {}, "is too long"],
  ])("ends %s with a clear error", (text, limits, message) => {
    expect(() => render(text, {}, limits)).toThrow(message);
  });
});
