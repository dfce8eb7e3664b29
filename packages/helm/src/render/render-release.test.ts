// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { ChartFile } from "../chart/chart.ts";
import { loadFiles } from "../chart/load-files.ts";
import { HelmError } from "../helm-error.ts";
import { printExplained } from "../explain/print-explained.ts";
import { printRelease } from "../manifests/print-release.ts";
import { userValueLayers, userValues } from "../values/user-values.ts";
import { CompiledChart, type RenderOptions } from "./render-release.ts";

const encoder = new TextEncoder();
const ports = { now: () => 0n, random: (count: number) => new Uint8Array(count) };

function chartOf(files: Readonly<Record<string, string>>, limits = {}): CompiledChart {
  const all: ChartFile[] = Object.entries({ "Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n", ...files }).map(([name, text]) => ({
    name,
    data: encoder.encode(text),
  }));
  return new CompiledChart(
    loadFiles(all, () => []),
    { ports, limits },
  );
}

function render(files: Readonly<Record<string, string>>, options: Partial<RenderOptions> = {}, limits = {}): string {
  return printRelease(chartOf(files, limits).render({ release: { name: "r", namespace: "n" }, ...options }));
}

function errorOf(run: () => unknown): HelmError {
  try {
    run();
  } catch (error) {
    if (error instanceof HelmError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const out = (expression: string): Readonly<Record<string, string>> => ({ "templates/a.yaml": `kind: X\nvalue: {{ ${expression} }}\n` });

describe("rendering", () => {
  test("a compiled chart is rendered again with other values, and knows nothing of the first time", () => {
    const chart = chartOf({ "values.yaml": "a: 1\nm: {x: 1}\n", ...out('set .Values.m "y" .Values.a | toJson') });
    const text = (values: Record<string, unknown>): string =>
      printRelease(chart.render({ release: { name: "r", namespace: "n" }, values })).replaceAll(/^(?!value).*\n/gm, "");
    expect(text({ a: 2 })).toBe('value: {"x":1,"y":2}\n');
    expect(text({ m: { z: 1 } })).toBe('value: {"x":1,"y":1,"z":1}\n');
    expect(text({})).toBe('value: {"x":1,"y":1}\n');
  });

  test("__proto__ and constructor are keys of values like any other, and change nothing else", () => {
    const values = userValues({
      files: [{ name: "v", text: "__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 2}}\n" }],
      set: ["__proto__.x=1", "a.__proto__.y=2", "toString=3"],
      setJson: ['{"__proto__": {"z": 3}}'],
    });
    expect(render(out(".Values | toJson"), { values })).toContain(
      'value: {"__proto__":{"polluted":1,"x":1,"z":3},"a":{"__proto__":{"y":2}},"constructor":{"prototype":{"polluted":2}},"toString":3}',
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("bombs end at the limits: steps, output, depth, sizes", () => {
    const limits = { maxSteps: 100_000, maxOutput: 100_000 };
    const code = (files: Readonly<Record<string, string>>): string => errorOf(() => render(files, {}, limits)).code;
    expect(code(out("range until 1000000 }}{{ range until 1000000 }}x{{ end }}{{ end"))).toBe("LIMIT");
    expect(code(out('repeat 1000000000 "x"'))).toBe("LIMIT");
    expect(code({ "templates/a.yaml": '{{ define "l" }}{{ template "l" . }}{{ end }}{{ template "l" . }}' })).toBe("LIMIT");
    const doubled = `{{ $x := "x" }}${"{{ $x = print $x $x }}".repeat(60)}{{ $x }}`;
    expect(code({ "templates/a.yaml": doubled })).toBe("LIMIT");
    expect(
      errorOf(() => render({ "templates/a.yaml": '{{ define "i" }}{{ include "i" . }}{{ end }}{{ include "i" . }}' })).message,
    ).toContain("rendering template has a nested reference name: i");
  });

  test("a pattern that would take forever does not", () => {
    expect(render(out(`regexMatch "^(a+)+$" "${"a".repeat(5000)}b"`))).toContain("value: false");
    expect(render({ "files/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "", ...out(`len (.Files.Glob "${"**a".repeat(20)}b")`) })).toContain(
      "value: 0",
    );
  });

  test("an error tells the chart, template, line, column and expression, and where a missing value was looked for", () => {
    const files = { "values.yaml": "a: {}\n", "templates/a.yaml": "x: 1\ny: {{ .Values.a.b.c | quote }}\n" };
    const layers = userValueLayers({ files: [{ name: "prod.yaml", text: "z: 1\n" }], set: ["q=1"] });
    const error = errorOf(() => render(files, { values: layers.at(-1)?.values ?? {}, layers }));
    expect(error).toMatchObject({
      code: "TEMPLATE",
      place: "c/templates/a.yaml:2:13",
      message: 'c/templates/a.yaml:2:13\n  executing "c/templates/a.yaml" at <.Values.a.b.c>:\n    nil pointer evaluating interface {}.c',
      notes: [".Values.a.b is not set; searched: --set q=1, prod.yaml, c/values.yaml"],
    });
    const wrong = errorOf(() => render({ "values.yaml": "a: {k: secret}\n", ...out(".Values.a | upper") }));
    expect(wrong.notes).toEqual([]);
    expect(errorOf(() => render({ "values.yaml": "a: {k: secret}\n", ...out("upper .Values.a") })).notes).toEqual([
      ".Values.a is a map of 1 keys, set by c/values.yaml",
    ]);
  });

  test("traced, each line knows its template and line, and its values their layers", () => {
    const layers = userValueLayers({ set: ["image.tag=2"] });
    const release = chartOf({
      "values.yaml": "image: {name: web, tag: '1'}\n",
      "templates/_h.tpl": '{{ define "labels" }}a: b\nc: d{{ end }}',
      "templates/a.yaml":
        'kind: X\n{{- if true }}\nimage: "{{ .Values.image.name }}:{{ .Values.image.tag }}"\n{{- end }}\nlabels:\n  {{- include "labels" . | nindent 2 }}\nend: 1\n',
    }).render({ release: { name: "r", namespace: "n" }, values: layers.at(-1)?.values ?? {}, layers, trace: true });
    expect(printExplained(release)).toBe(
      [
        "                     │ ---",
        "                     │ # Source: c/templates/a.yaml",
        "c/templates/a.yaml:1 │ kind: X",
        'c/templates/a.yaml:3 │ image: "web:2"  ← image.name: c/values.yaml, image.tag: --set image.tag=2',
        "c/templates/a.yaml:5 │ labels:",
        "c/templates/a.yaml:6 │   a: b",
        "c/templates/a.yaml:6 │   c: d",
        "c/templates/a.yaml:7 │ end: 1",
        "",
      ].join("\n"),
    );
  });

  test("lookup asks its port, and finds nothing without one", () => {
    expect(render(out('lookup "v1" "Secret" "n" "s" | toJson'))).toContain("value: {}");
    const chart = new CompiledChart(chartOf(out('(lookup "v1" "Secret" "n" "s").data | toJson')).chart, {
      ports: { ...ports, lookup: (apiVersion, kind, namespace, name) => ({ data: [apiVersion, kind, namespace, name].join(" ") }) },
    });
    expect(printRelease(chart.render({ release: { name: "r", namespace: "n" } }))).toContain('value: "v1 Secret n s"');
  });

  test("hooks have events, weights and policies, and are no manifests", () => {
    const hook = `kind: Job
metadata:
  name: h
  annotations: {helm.sh/hook: "pre-install, Post-Upgrade", helm.sh/hook-weight: -3, helm.sh/hook-delete-policy: "hook-succeeded,before-hook-creation"}
`;
    const { hooks, manifests } = chartOf({ "templates/h.yaml": hook, "templates/x.yaml": "kind: X\n" }).render({
      release: { name: "r", namespace: "n" },
    });
    expect(hooks).toMatchObject([
      { name: "h", events: ["pre-install", "post-upgrade"], weight: -3, deletePolicies: ["hook-succeeded", "before-hook-creation"] },
    ]);
    expect(manifests.map(({ kind }) => kind)).toEqual(["X"]);
  });
});
