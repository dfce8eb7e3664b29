// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { createEngine } from "./engine.ts";
import type { Limits } from "./execute/execution.ts";
import { helmFunctions } from "./helm/helm-functions.ts";
import { fromPlain } from "./plain.ts";
import { sprigFunctions } from "./sprig/sprig-functions.ts";
import { TemplateError } from "./template-error.ts";

const ports = { stringifyYaml: JSON.stringify, stringifyYamlPretty: JSON.stringify, parseYaml: JSON.parse };

function run(text: string, limits: Partial<Limits> = {}): string {
  const functions = new Map([...sprigFunctions({ now: () => 0n, random: (count) => new Uint8Array(count) }), ...helmFunctions(ports)]);
  const engine = createEngine({ functions, missingKey: "zero", limits });
  engine.parse("t", text);
  return engine.execute("t", fromPlain({ l: [1], d: { a: 1 } }));
}

function failureOf(text: string, limits: Partial<Limits> = {}): TemplateError {
  try {
    run(text, limits);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error(`${text} did not fail`);
}

/** A list that is in itself twice, this many times over. */
const DOUBLED = "{{ $x := list 1 2 }}{{ range 40 }}{{ $x = list $x $x }}{{ end }}";

describe("template bombs end with the code LIMIT", () => {
  it.each([
    ["{{ range 1000000 }}{{ range 1000000 }}{{ end }}{{ end }}", "takes more than 100000 steps"],
    ['{{ $x := "x" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}', "takes more than 100000 steps"],
    ['{{ repeat 1000000000 "x" }}', "a string of 1000000000 characters is too long"],
    ['{{ repeat 4000000000000 "x" }}', "is too long"],
    ["{{ until 1000000000 }}", "a list of 1000000000 numbers is too long"],
    ["{{ untilStep 0 1000000000 1 }}", "is too long"],
    ["{{ seq 1000000000 }}", "is too long"],
    ['{{ indent 1000000000 "a" }}', "an indentation of 1000000000 is too long"],
    ['{{ nindent 900000 (repeat 1000 "a\\n") }}', "is too long"],
    ['{{ replace "a" (repeat 10000 "b") (repeat 100000 "a") }}', "is too long"],
    ['{{ join (repeat 1000000 "x") (until 1000) }}', "is too long"],
    ['{{ printf (repeat 100 "%[1]*[2]d") 1000000 1 }}', "printing takes more than"],
    ["{{ randAlphaNum 1000000000 }}", "is too long"],
    ["{{ randBytes 1000000000 }}", "too many"],
    [`${DOUBLED}{{ toJson $x }}`, "takes more than 100000 steps"],
    [`${DOUBLED}{{ toYaml $x }}`, "takes more than 100000 steps"],
    [`${DOUBLED}{{ toToml (dict "x" $x) }}`, "takes more than 100000 steps"],
    [`${DOUBLED}{{ deepCopy $x }}`, "takes more than 100000 steps"],
    [`${DOUBLED}{{ $x }}`, "printing takes more than"],
    ['{{ regexMatch (repeat 10000 "(a|b)") (repeat 100000 "a") }}', "steps"],
    ['{{ define "r" }}{{ template "r" . }}{{ end }}{{ template "r" . }}', "exceeded maximum template depth (100000)"],
  ])("%s", (text, message) => {
    const error = failureOf(text, { maxSteps: text.includes("define") ? 1_000_000 : 100_000 });
    expect(error.message).toContain(message);
    expect(error.code).toBe("LIMIT");
  });

  it("a pattern that would be tried without end is matched in linear time", () => {
    expect(run('{{ regexMatch "^(a+)+$" (printf "%sb" (repeat 5000 "a")) }}')).toBe("false");
  });

  it.each(["1".repeat(200_000) + "x", `${"0x".repeat(50_000)}`, `1.${"0".repeat(200_000)}x`])(
    "a long number is read in linear time",
    (text) => {
      expect(run(`{{ int "${text}" }}{{ float64 "${text}" }}{{ durationRound "${text}s" }}`)).toMatch(/^00/);
    },
  );

  it("a map that is put into itself is not printed for ever", () => {
    expect(run('{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toJson $d | quote }}')).toBe('""');
    expect(failureOf('{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ mustToJson $d }}').message).toContain("nested more than 1000 deep");
  });
});

describe("templates deep inside of each other", () => {
  const rich = '{{ range $i, $v := .l }}{{ if $v }}{{ with $.d }}{{ include "r" $ | nindent 2 | trim }}{{ end }}{{ end }}{{ end }}';
  it.each([
    ["include", '{{ include "r" . }}'],
    ["include in control structures and pipelines", rich],
    ["include as an argument", '{{ list (dict "a" (include "r" .)) | toJson }}'],
    ["include behind and", '{{ and .l (include "r" .) }}'],
  ])("%s ends after Helm's thousand", (_name, body) => {
    const error = failureOf(`{{ define "r" }}${body}{{ end }}{{ include "r" . }}`);
    expect(error.message).toContain("rendering template has a nested reference name: r: unable to execute template");
    expect(error.code).toBe("EXECUTE");
  });

  it("a thousand that end give what they would one by one", () => {
    const body = '{{ $n := int .n }}{{ if gt $n 0 }}{{ $n }},{{ include "r" (dict "n" (sub $n 1)) }}{{ else }}end{{ end }}{{ $n }}';
    const down = Array.from({ length: 1000 }, (_, i) => 1000 - i);
    const expected = `${down.map((n) => `${n},`).join("")}end0${down.toReversed().join("")}`;
    expect(run(`{{ define "r" }}${body}{{ end }}{{ include "r" (dict "n" 1000) }}`)).toBe(expected);
  });

  it("tpl, template and include inside of each other", () => {
    const body =
      '{{ if lt .n 300 }}{{ $d := dict "n" (add1 .n) "t" .t }}{{ if mod .n 2 }}{{ tpl .t $d }}{{ else }}{{ template "r" $d }}{{ end }}{{ else }}!{{ end }}';
    expect(run(`{{ define "r" }}${body}{{ end }}{{ template "r" (dict "n" 0 "t" \`${body}\`) }}`)).toBe("!");
  });

  it("an error far inside names every step, outermost first", () => {
    const body = '{{ if lt (int .n) 60 }}{{ include "r" (dict "n" (add1 .n)) }}{{ else }}{{ .a.b.c }}{{ end }}';
    const { message } = failureOf(`{{ define "r" }}${body}{{ end }}{{ include "r" (dict "n" 0) }}`);
    expect(message.match(/error calling include/g)).toHaveLength(61);
    expect(message.endsWith('executing "r" at <.a.b.c>: nil pointer evaluating interface {}.b')).toBe(true);
  });
});
