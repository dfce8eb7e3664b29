// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build as bundle } from "esbuild";
import { expect, test } from "vitest";

test("the package, bundled for a browser, renders a chart where there is nothing of Node", async () => {
  const { outputFiles } = await bundle({
    entryPoints: [fileURLToPath(new URL("index.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "helm",
    conditions: ["source"],
    logLevel: "silent",
  });
  const context = createContext({ TextDecoder, TextEncoder, btoa, atob });
  runInContext(outputFiles[0]?.text ?? "", context);
  const text: unknown = runInContext(
    `const encoder = new TextEncoder();
    const files = Object.entries({
      "Chart.yaml": "apiVersion: v2\\nname: web\\nversion: 1.0.0\\n",
      "values.yaml": "size: 1\\n",
      "values.schema.json": '{"properties": {"size": {"type": "integer"}}}',
      "templates/a.yaml": 'kind: X\\nsize: {{ .Values.size }}\\nsum: {{ "a" | sha256sum | trunc 8 }}\\nfiles: { {{ (.Files.Glob "*.txt").AsSecrets }} }\\n',
      "f.txt": "file",
    }).map(([name, content]) => ({ name, data: encoder.encode(content) }));
    const chart = new helm.CompiledChart(helm.loadFiles(files, () => []), { ports: { now: () => 0n, random: (count) => new Uint8Array(count) } });
    typeof process + typeof Buffer + typeof require + "\\n" +
      helm.printRelease(chart.render({ release: { name: "r", namespace: "n" }, values: helm.userValues({ set: ["size=2"] }) }))`,
    context,
  );
  expect(text).toBe(
    "undefinedundefinedundefined\n---\n# Source: web/templates/a.yaml\nkind: X\nsize: 2\nsum: ca978112\nfiles: { f.txt: ZmlsZQ== }\n",
  );
});
