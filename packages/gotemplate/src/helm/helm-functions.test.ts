// SPDX-License-Identifier: Apache-2.0
// Expectations are what Go gives.
import { describe, expect, it } from "vitest";
import { render } from "../../conformance/render-case.ts";

describe("helm.sh/helm/v4 pkg/engine funcs.go", () => {
  it.each([
    ['{{ toYaml (dict "b" (list 1 (dict "c" "x\\ny")) "a" "on") }}', 'a: "on"\nb:\n- 1\n- c: |-\n    x\n    y'],
    [`{{ toYamlPretty (dict "b" (list 1 2.0 (list 1e6)) "a" "yes") }}`, 'a: "yes"\nb:\n  - 1\n  - 2\n  - - 1e+06'],
    [
      '{{ fromYaml "a: [1, 2.5]\\nb: yes" | toJson }} {{ fromYamlArray "- a\\n- 1" | toJson }} {{ fromYaml "- a" | toJson }}',
      `{"a":[1,2.5],"b":true} ["a",1] {"Error":"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}"}`,
    ],
    [
      `{{ toJson (dict "a" "<&>" "b" 1e21 "c" 1.0 "d" nil) }} {{ toRawJson "<&>" }} {{ toPrettyJson (dict "a" (list 1)) }}`,
      '{"a":"\\u003c\\u0026\\u003e","b":1e+21,"c":1,"d":null} "<&>" {\n  "a": [\n    1\n  ]\n}',
    ],
    [
      '{{ fromJson "{\\"a\\": 1e2}" | toJson }} {{ fromJson "[1" | toJson }} {{ fromJsonArray "[1,\\"a\\"]" | toJson }} {{ fromJson "null" | toJson }} {{ fromJson "tru" | toJson }}',
      `{"a":100} {"Error":"unexpected end of JSON input"} [1,"a"] null {"Error":"invalid character ' ' in literal true (expecting 'e')"}`,
    ],
    [
      '{{ toToml (dict "t" (dict "a" 1.0 "b" (list "x")) "l" (list (dict "k" 1)) "s" "q\\"") }}',
      's = "q\\""\n\n[[l]]\n  k = 1\n\n[t]\n  a = 1.0\n  b = ["x"]\n',
    ],
    [
      "{{ fromToml \"a = 1\\n[t]\\nb = 1979-05-27\\n[[l]]\\nc = 'x'\\n[[l]]\\nd = [1.5, true]\\n\" | toJson }}",
      `{"a":1,"l":[{"c":"x"},{"d":[1.5,true]}],"t":{"b":"1979-05-27T00:00:00Z"}}`,
    ],
    [
      '{{ fromToml "a = 1\\na = 2" | toJson }} {{ fromToml "a = " | toJson }} {{ fromToml "x = \\"a" | toJson }}',
      '{"Error":"toml: line 2 (last key \\"a\\"): Key \'a\' has already been defined."} {"Error":"toml: line 1 (last key \\"a\\"): unexpected EOF; expected value"} {"Error":"toml: line 1 (last key \\"x\\"): unexpected EOF; expected \'\\"\'"}',
    ],
    ['{{ tpl "{{ .a }}{{ define \\"x\\" }}!{{ end }}{{ include \\"x\\" . }}" (dict "a" 1) }}', "1!"],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    [`{{ required "need a" "" }}`, "execution error at (mini/templates/out.yaml:1:8): need a"],
    [`{{ fail "no" }}`, "execution error at (mini/templates/out.yaml:1:8): no"],
    [
      `{{ tpl "{{ .a.b.c }}" (dict "a" (dict)) }}`,
      `error calling tpl: error during tpl function execution for "{{ .a.b.c }}": template: gotpl:1:5: executing "gotpl" at <.a.b.c>: nil pointer evaluating interface {}.c`,
    ],
    [`{{ include "nope" . }}`, `template: no template "nope" associated with template "gotpl"`],
  ])("%s fails as in Go", (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});
