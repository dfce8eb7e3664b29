// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { configMap, errorOf, yamlOf } from "../test-support/files.ts";
import { build } from "./build.ts";
import { confineFileSystem } from "./confined-file-system.ts";
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
    expect(errorOf(() => yamlOf(files, "/b0", { maxFolders: 500 })).code).toBe("TOO_LARGE");
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

  test.each<[string, Record<string, string>, string, string]>([
    ["its own folder", { "a/kustomization.yaml": "resources: [.]\n" }, "/a", "CYCLE"],
    [
      "a folder that it is in",
      { "a/b/kustomization.yaml": "resources: [..]\n", "a/kustomization.yaml": "resources: [b]\n" },
      "/a",
      "CYCLE",
    ],
    ["one that uses it", { "a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n" }, "/a", "CYCLE"],
    [
      "a component that uses it",
      {
        "a/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncomponents: [../b]\n",
        "b/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncomponents: [../a]\n",
      },
      "/a",
      "CYCLE",
    ],
  ])("a kustomization that refers to %s is an error", (_, files, folder, code) => {
    expect(errorOf(() => yamlOf(files, folder)).code).toBe(code);
  });

  test("components that each use two more end in an error, not in days of work", () => {
    const head = "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n";
    const files: Record<string, string> = { "top/kustomization.yaml": "components: [../l0, ../r0]\n" };
    for (let index = 0; index < 30; index++) {
      for (const side of ["l", "r"]) {
        files[`${side}${index}/kustomization.yaml`] = `${head}components: [../l${index + 1}, ../r${index + 1}]\n`;
      }
    }
    for (const side of ["l", "r"]) files[`${side}30/kustomization.yaml`] = `${head}namePrefix: x\n`;
    expect(errorOf(() => yamlOf(files, "/top", { maxFolders: 500 })).code).toBe("TOO_LARGE");
  });

  test.each(["../../etc/passwd", "/etc/passwd", "a/../../../etc/passwd"])("a file outside of the tree, %s, is not read", (path) => {
    const fs = confineFileSystem(
      filesOf({ "root/app/kustomization.yaml": `configMapGenerator: [{name: g, files: [x=${path}]}]\n`, "etc/passwd": "secret" }),
      "/root",
    );
    for (const loadRestrictor of ["root", "none"] as const) {
      expect(errorOf(() => build(fs, "/root/app", { loadRestrictor })).message).not.toContain("secret");
    }
  });
});
