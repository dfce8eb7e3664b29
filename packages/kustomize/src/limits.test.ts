// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { configMap, errorOf, yamlOf } from "../test-support/files.ts";
import { build } from "./build.ts";
import { filesOf } from "../test-support/files.ts";

describe("what a hostile repository cannot do", () => {
  test("keys named like parts of JavaScript's objects are keys like any other", () => {
    const object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  __proto__: x\n  constructor: y\n  toString: z\n";
    const patch = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {__proto__: changed, hasOwnProperty: new}\n";
    const yaml = yamlOf({
      "kustomization.yaml":
        "resources: [a.yaml]\npatches: [{path: p.yaml}]\ncommonLabels: {__proto__: l}\nconfigMapGenerator: [{name: g, literals: [__proto__=v]}]\n",
      "a.yaml": object,
      "p.yaml": patch,
    });
    expect(yaml).toContain('  __proto__: changed\n  constructor: "y"\n  hasOwnProperty: new\n  toString: z\n');
    expect(yaml).toContain("    __proto__: l\n");
    expect(yaml).toContain("data:\n  __proto__: v\n");
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("bases that each use the next one twice end in an error, not in days of work", () => {
    const files: Record<string, string> = { "b40/kustomization.yaml": "namePrefix: p\n" };
    for (let index = 0; index < 40; index++) {
      files[`b${index}/kustomization.yaml`] = `resources: [../b${index + 1}, ../x${index + 1}]\nnamePrefix: p\n`;
      files[`x${index + 1}/kustomization.yaml`] = `resources: [../b${index + 1}]\nnameSuffix: s\n`;
    }
    expect(errorOf(() => yamlOf(files, "/b0")).code).toBe("TOO_LARGE");
  });

  test("a chain of bases may be deep, but not endlessly", () => {
    const chain = (length: number): Record<string, string> => {
      const files: Record<string, string> = {
        [`b${length}/kustomization.yaml`]: "resources: [a.yaml]\n",
        [`b${length}/a.yaml`]: configMap("a"),
      };
      for (let index = 0; index < length; index++) files[`b${index}/kustomization.yaml`] = `resources: [../b${index + 1}]\n`;
      return files;
    };
    expect(yamlOf(chain(150), "/b0")).toContain("name: a");
    expect(errorOf(() => yamlOf(chain(1000), "/b0")).code).toBe("TOO_LARGE");
  });

  test("aliases that multiply end in an error", () => {
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nx0: &x0 [a, a, a, a, a, a, a, a, a]\n";
    for (let index = 1; index < 12; index++)
      yaml += `x${index}: &x${index} [${Array(9)
        .fill(`*x${index - 1}`)
        .join(", ")}]\n`;
    expect(errorOf(() => yamlOf({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": yaml })).code).toBe("INVALID_RESOURCE");
  });

  test("a value that nests without end is an error of the file", () => {
    const files = { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": `${configMap("a")}x: ${"[".repeat(100_000)}` };
    expect(errorOf(() => yamlOf(files)).code).toBe("INVALID_RESOURCE");
  });

  test("a file has a largest size", () => {
    const files = { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": configMap("a", `k: ${"x".repeat(5000)}`) };
    expect(errorOf(() => yamlOf(files, "/", { maxFileBytes: 4096 })).code).toBe("TOO_LARGE");
  });

  test("a pattern of a selector is matched in linear time", () => {
    const files = {
      "kustomization.yaml":
        "resources: [a.yaml]\npatches:\n- patch: '- {op: add, path: /data, value: {a: b}}'\n  target: {name: '(a+)+$'}\n",
      "a.yaml": configMap(`${"a".repeat(60)}b`),
    };
    expect(yamlOf(files)).not.toContain("\ndata:");
  });

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
});
