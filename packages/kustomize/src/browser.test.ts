// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build as bundle } from "esbuild";
import { expect, test } from "vitest";

test("the package, bundled for a browser, builds where there is nothing of Node", async () => {
  const { outputFiles } = await bundle({
    entryPoints: [fileURLToPath(new URL("index.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "kustomize",
    conditions: ["source"],
    logLevel: "silent",
  });
  const context = createContext({ TextDecoder, TextEncoder });
  runInContext(outputFiles[0]?.text ?? "", context);
  const yaml: unknown = runInContext(
    `const fs = new kustomize.MemoryFileSystem([
      ["app/kustomization.yaml", "namePrefix: my-\\nresources: [a.yaml]\\nconfigMapGenerator: [{name: g, literals: [a=b]}]\\n"],
      ["app/a.yaml", "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\n"],
    ]);
    typeof process + typeof Buffer + typeof require + "\\n" + kustomize.toYaml(kustomize.build(fs, "/app", { cache: new kustomize.BuildCache() }).objects)`,
    context,
  );
  expect(yaml).toMatch(/^undefinedundefinedundefined\n/);
  expect(yaml).toContain("name: my-a\n");
  expect(yaml).toMatch(/name: my-g-[a-z0-9]{10}\n/);
});
