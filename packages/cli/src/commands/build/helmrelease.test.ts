// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Io } from "../../io.ts";
import { root } from "../../root.ts";
import { runCommand } from "../../run.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flux-build-hr-"));
  put("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n");
  put("chart/values.yaml", "replicas: 1\nnote: none\n");
  put(
    "chart/templates/a.yaml",
    `apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}
data: {replicas: {{ .Values.replicas | quote }}, note: {{ .Values.note | quote }}, url: "db://{{ .Values.password }}@host"}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: {{ required "a password is needed" .Values.password | quote }}}
`,
  );
  put(
    "release.yaml",
    `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: apps}
spec:
  targetNamespace: shop
  valuesFrom:
  - {kind: ConfigMap, name: common}
  - {kind: Secret, name: pass, valuesKey: p, targetPath: password}
  - {kind: ConfigMap, name: nope, optional: true}
  values: {replicas: 3}
  postRenderers:
  - kustomize:
      patches: [{target: {kind: ConfigMap}, patch: '[{"op": "add", "path": "/data/patched", "value": "yes"}]'}]
`,
  );
  put(
    "values.yaml",
    `apiVersion: v1
kind: ConfigMap
metadata: {name: common, namespace: apps}
data: {values.yaml: "replicas: 2\\nnote: shared"}
---
apiVersion: v1
kind: Secret
metadata: {name: pass}
stringData: {p: hunter22}
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function flux(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ["", ""];
  const io: Io = {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    stdin: () => Promise.resolve(""),
    ask: () => Promise.reject(new Error("nobody is there")),
    env: {},
    cwd: folder,
    home: folder,
    clock: { now: () => 0, after: () => () => {} },
    terminal: { isTty: false, columns: 80 },
    signal: new AbortController().signal,
  };
  return { code: await runCommand(root, args, io), out, err };
}

describe("flux build helmrelease", () => {
  test("merges valuesFrom in its order and values over it, post-renders, and masks secrets wherever they stand (G-HEL-5)", async () => {
    const labels = "    helm.toolkit.fluxcd.io/name: web\n    helm.toolkit.fluxcd.io/namespace: apps\n";
    expect(await flux("build", "helmrelease", "web", "--file", "release.yaml,values.yaml", "--chart", "chart")).toEqual({
      code: 0,
      err: "",
      out: [
        "---\napiVersion: v1\nkind: Secret\nmetadata:\n  labels:\n",
        labels,
        "  name: s\nstringData:\n  password: '*****'\n",
        '---\napiVersion: v1\ndata:\n  note: shared\n  patched: "yes"\n  replicas: "3"\n  url: db://*****@host\nkind: ConfigMap\nmetadata:\n  labels:\n',
        labels,
        "  name: shop-web\n  namespace: shop\n",
      ].join(""),
    });
  });

  test("tells what is missing: a ConfigMap, a chart, a value and where it was looked for", async () => {
    expect((await flux("build", "hr", "web", "--file", "release.yaml", "--chart", "chart")).err).toContain(
      "could not resolve ConfigMap chart values reference 'apps/common' with key 'values.yaml': configmap not found in the files",
    );
    expect((await flux("build", "hr", "web", "--file", "release.yaml")).err).toContain("name the chart with --chart");
    put("bare.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec: {values: {replicas: 1}}\n");
    const { code, err } = await flux("build", "hr", "--file", "bare.yaml", "--chart", "chart");
    expect(code).toBe(1);
    expect(err).toContain("execution error at (web/templates/a.yaml:9:26): a password is needed");
    expect(err).toContain(".Values.password is not set; searched: spec.values, web/values.yaml");
  });
});
