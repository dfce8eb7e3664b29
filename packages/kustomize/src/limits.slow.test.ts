// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { configMap, errorOf, filesOf, yamlOf } from "../test-support/files.ts";
import { build } from "./build.ts";

describe("sizes that take a while", () => {
  test("many objects take time in proportion", () => {
    const cost = (count: number): number => {
      const names = Array.from({ length: count }, (_, index) => configMap(`c${index}`, `k: v${index}`));
      const fs = filesOf({ "kustomization.yaml": "resources: [a.yaml]\nnamePrefix: p-\nnamespace: shop\n", "a.yaml": names.join("---\n") });
      const start = performance.now();
      expect(build(fs, "/").objects).toHaveLength(count);
      return performance.now() - start;
    };
    cost(2000);
    expect(cost(20_000)).toBeLessThan(60 * Math.max(cost(2000), 5));
  });

  test("fifty thousand documents in a file do not overflow the stack", () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `apiVersion: v1\nkind: X\nmetadata: {name: x${index}}\n`).join("---\n");
    expect(build(filesOf({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": text }), "/").objects).toHaveLength(50_000);
    const list = `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: 50_000 }, (_, index) => `- {apiVersion: v1, kind: X, metadata: {name: x${index}}}\n`).join("")}`;
    expect(build(filesOf({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": list }), "/").objects).toHaveLength(50_000);
  });

  test("ten thousand folders are the most that a build visits, when nothing else is said", () => {
    const files: Record<string, string> = { "b20/kustomization.yaml": "namePrefix: p\n" };
    for (let index = 0; index < 20; index++) {
      files[`b${index}/kustomization.yaml`] = `resources: [../b${index + 1}, ../x${index + 1}]\nnamePrefix: p\n`;
      files[`x${index + 1}/kustomization.yaml`] = `resources: [../b${index + 1}]\nnameSuffix: s\n`;
    }
    expect(errorOf(() => yamlOf(files, "/b0")).code).toBe("TOO_LARGE");
  });
});
