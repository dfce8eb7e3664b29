// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runHelm } from "./run.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "helm-ts-"));
  put("c/Chart.yaml", "apiVersion: v2\nname: mini\nversion: 0.1.0\n");
  put("c/values.yaml", "size: 1\n");
  put(
    "c/templates/a.yaml",
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-a\ndata: {size: {{ .Values.size | quote }}, ns: {{ .Release.Namespace }}}\n",
  );
  put("c/templates/test.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations: {helm.sh/hook: test}\n");
  put("c/templates/NOTES.txt", "Size {{ .Values.size }}\n");
  put("c/crds/x.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function run(...words: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ["", ""];
  const code = await runHelm(words, {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    stdin: () => "size: 9\n",
    cwd: folder,
    now: () => Date.UTC(2026, 10, 5, 7, 8, 9),
  });
  return { code, out, err };
}

const configMap = (name: string, size: string, namespace = "default"): string =>
  `# Source: mini/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}-a\ndata: {size: "${size}", ns: ${namespace}}\n`;
const hook = "# Source: mini/templates/test.yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations: {helm.sh/hook: test}\n";

describe("helm-ts template", () => {
  test("prints manifests, then hooks; flags come in all spellings", async () => {
    expect(await run("template", "rel", "c")).toEqual({ code: 0, err: "", out: `---\n${configMap("rel", "1")}---\n${hook}\n` });
    expect((await run("template", "c", "--skip-tests")).out).toBe(`---\n${configMap("release-name", "1")}`);
    expect((await run("template", "-nshop", "rel", "c", "--set=size=3", "--no-hooks")).out).toBe(`---\n${configMap("rel", "3", "shop")}`);
    expect((await run("template", "rel", "c", "-f", "-", "-s", "templates/a.yaml")).out).toBe(`---\n${configMap("rel", "9")}\n`);
    expect((await run("template", "rel", "c", "--include-crds", "--skip-tests")).out).toContain("# Source: mini/crds/x.yaml\n");
    expect((await run("template", "c", "--name-template", '{{ "x" | repeat 3 }}', "--skip-tests")).out).toBe(
      `---\n${configMap("xxx", "1")}`,
    );
  });

  test("writes files with --output-dir", async () => {
    expect((await run("template", "rel", "c", "--output-dir", "out")).out).toBe(
      "wrote out/mini/templates/a.yaml\nwrote out/mini/templates/test.yaml\n\n",
    );
    expect(readFileSync(join(folder, "out/mini/templates/a.yaml"), "utf8")).toBe(`---\n${configMap("rel", "1")}\n`);
  });

  test("errors are Helm's, with what is known beside them", async () => {
    const error = async (...words: string[]): Promise<string> => (await run("template", ...words)).err;
    expect(await error("rel", "./nope")).toBe('Error: path "./nope" not found\n');
    expect(await error()).toContain('"helm template" requires at least 1 argument');
    expect(await error("rel", "c", "--foo")).toBe("Error: unknown flag: --foo\n");
    expect(await error("rel", "c", "-s", "templates/x.yaml")).toBe("Error: could not find template templates/x.yaml in chart\n");
    expect(await error("rel", "c", "-f", "none.yaml")).toBe("Error: open none.yaml: no such file or directory\n");
    expect(await error("Rel", "c")).toContain('release name check failed: release name "Rel"');
    expect(await error("rel", "c", "--validate")).toContain("needs a cluster");
    put("c/templates/b.yaml", "a: {{ .Values.x.y }}\n");
    expect(await error("rel", "c")).toBe(
      'Error: mini/templates/b.yaml:1:13\n  executing "mini/templates/b.yaml" at <.Values.x.y>:\n    nil pointer evaluating interface {}.y\n\nUse --debug flag to render out invalid YAML\n  .Values.x is not set; searched: mini/values.yaml\n',
    );
  });

  test("--explain prints the template, line and layers of each line", async () => {
    expect((await run("template", "rel", "c", "--explain", "--skip-tests", "--set", "size=5")).out).toContain(
      'mini/templates/a.yaml:5 │ data: {size: "5", ns: default}  ← size: --set size=5\n',
    );
  });
});

test("helm-ts install --dry-run=client prints what would be installed", async () => {
  expect((await run("install", "rel", "c", "--dry-run=client", "-n", "ns")).out).toBe(
    `NAME: rel\nLAST DEPLOYED: Thu Nov  5 07:08:09 2026\nNAMESPACE: ns\nSTATUS: pending-install\nREVISION: 1\nDESCRIPTION: Dry run complete\nHOOKS:\n---\n${hook}\nMANIFEST:\n---\n${configMap("rel", "1", "ns")}\n\nNOTES:\nSize 1\n`,
  );
  expect((await run("install", "rel", "c")).err).toContain("add --dry-run=client");
  expect((await run("install", "c", "--dry-run=client")).err).toBe("Error: must either provide a name or specify --generate-name\n");
});

test("helm-ts lint tells what is wrong, and fails on errors", async () => {
  expect(await run("lint", "c")).toEqual({
    code: 0,
    err: "",
    out: "==> Linting c\n[INFO] Chart.yaml: icon is recommended\n\n1 chart(s) linted, 0 chart(s) failed\n",
  });
  put("c/Chart.yaml", "apiVersion: v2\nname: mini\nversion: one\nappVersion: 1\n");
  put("c/templates/old.yml", "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: Bad_Name}\n");
  const { code, out, err } = await run("lint", "c", "nope");
  expect([code, err]).toEqual([1, "Error: 2 chart(s) linted, 2 chart(s) failed\n"]);
  expect(out).toContain("[ERROR] Chart.yaml: appVersion should be of type string but it's of type float64\n");
  expect(out).toContain("[ERROR] Chart.yaml: version 'one' is not a valid SemVer\n");
  expect(out).toContain('[ERROR] templates/: validation: chart.metadata.version "one" is invalid\n');
  expect(out).toContain("Error unable to check Chart.yaml file in chart: stat nope/Chart.yaml: no such file or directory\n");
  put("c/Chart.yaml", "apiVersion: v2\nname: mini\nversion: 1.0.0\n");
  expect((await run("lint", "c", "--quiet")).out).toContain(
    "[WARNING] templates/old.yml: batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob\n",
  );
  expect((await run("lint", "c", "--strict")).code).toBe(1);
});

test("helm-ts show prints parts of a chart", async () => {
  put("c/README.md", "# Mini\n");
  expect((await run("show", "chart", "c")).out).toBe("apiVersion: v2\nname: mini\nversion: 0.1.0\n\n");
  expect((await run("show", "values", "c")).out).toBe("size: 1\n\n");
  expect((await run("inspect", "readme", "c")).out).toBe("# Mini\n\n");
  expect((await run("show", "crds", "c")).out).toBe("---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\n");
  expect((await run("show", "all", "c")).out).toContain("version: 0.1.0\n\n---\nsize: 1\n\n---\n# Mini\n");
});
