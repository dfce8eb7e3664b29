// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, KustomizeError, MemoryFileSystem, toYaml } from "@flux-ts/kustomize";
import { afterAll, describe, expect, test } from "vitest";
import { buildOracle } from "./reference.ts";

const folder = mkdtempSync(join(tmpdir(), "kustomize-oracle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const oracle = buildOracle(join(folder, "oracle"));

type Files = Readonly<Record<string, string>>;

const configMap = (more = ""): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n${more}`;
const deployment =
  "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  annotations: {old: x, none: null}\nspec:\n  replicas: 1\n  text: s\n  list: [a]\n";
const bases: Files = {
  "gen/kustomization.yaml": "configMapGenerator: [{name: web, literals: [a=b]}]\nnamePrefix: p-\n",
  "plain/kustomization.yaml": "resources: [r.yaml]\nnamePrefix: p-\n",
  "plain/r.yaml": `${configMap("data: {a: b}\n")}---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{configMap: {name: web}}]}\n`,
};
const indent = (text: string): string => text.replace(/^(?=.)/gm, "    ");

/** Trees where what kustomize notes in annotations shows, where values change their type, and where keys stand twice. */
function* trees(): Generator<readonly [string, Files]> {
  const patches = [
    "[{op: remove, path: /metadata/annotations}]",
    "[{op: add, path: /metadata, value: {name: web}}]",
    "[{op: test, path: /metadata/annotations, value: {}}]",
    "[{op: copy, from: /metadata/annotations, path: /data/x}]",
    "[{op: remove, path: /kind}]",
    "[{op: replace, path: /apiVersion, value: v2}]",
    configMap("  annotations: null\n"),
    configMap("  annotations: {$patch: delete}\n"),
    configMap("  $patch: replace\n"),
    configMap("data: {a: 1, a: 2}\n"),
    configMap("fresh: {a: 1, a: 2}\n"),
    configMap("metadata: {labels: {a: b}}\n"),
  ];
  for (const base of ["gen", "plain"]) {
    for (const more of ["", "namePrefix: q-\n", "buildMetadata: [originAnnotations, transformerAnnotations]\n"]) {
      for (const patch of patches) {
        // The base's generated object carries a note that only a copy of all annotations shows.
        if (base === "gen" && patch.includes("op: copy")) continue;
        const kustomization = `resources: [../${base}]\n${more}patches:\n- target: {kind: ConfigMap}\n  patch: |-\n${indent(patch)}\n`;
        yield [`${base} + ${more}${patch}`, { ...bases, "top/kustomization.yaml": kustomization }];
      }
    }
  }
  for (const value of ["5", "true", "'5'", "~", "abc", "1.5"]) {
    for (const path of ["spec.replicas", "spec.text", "spec.fresh", "metadata.annotations.none", "spec.list.-"]) {
      const kustomization = `resources: [d.yaml]\nreplacements:\n- sourceValue: ${JSON.stringify(value)}\n  targets: [{select: {kind: Deployment}, fieldPaths: [${path}], options: {create: true}}]\n`;
      yield [`${value} into ${path}`, { "top/kustomization.yaml": kustomization, "top/d.yaml": deployment }];
    }
    for (const config of [
      `kind: LabelTransformer\nlabels: {a: ${value}}\nfieldSpecs: [{path: metadata/labels, create: true}]`,
      `kind: LabelTransformer\nlabels: {a: b}\nfieldSpecs: [{path: metadata/labels, create: true, kind: ${value}}]`,
      `kind: PatchTransformer\ntarget: {name: ${value}}\npatch: '[{op: add, path: /x, value: 1}]'`,
      `kind: ValueAddTransformer\nvalue: ${value}\ntargets: [{fieldPath: spec/text}]`,
      `kind: ReplicaCountTransformer\nreplica: {name: web, count: ${value}}\nfieldSpecs: [{path: spec/replicas}]`,
    ]) {
      const transformer = `apiVersion: builtin\nmetadata: {name: t}\n${config}\n`;
      const files = { "top/kustomization.yaml": "resources: [d.yaml]\ntransformers: [t.yaml]\n", "top/t.yaml": transformer };
      yield [`${value} in ${config}`, { ...files, "top/d.yaml": deployment }];
    }
  }
}

function ours(files: Files): string {
  try {
    return toYaml(build(new MemoryFileSystem(Object.entries(files).map(([path, text]) => [`/tree/${path}`, text])), "/tree/top").objects);
  } catch (error) {
    if (error instanceof KustomizeError) return "an error";
    throw error;
  }
}

describe.skipIf("missing" in oracle)(`kustomize itself${"missing" in oracle ? ` (skipped: ${oracle.missing})` : ""}`, () => {
  test("builds the same, and refuses the same", { timeout: 240_000 }, () => {
    const all = [...trees()];
    const input = all.map(([, files]) => JSON.stringify({ files, target: "top" })).join("\n");
    const program = "program" in oracle ? oracle.program : "";
    const { status, stdout, stderr } = spawnSync(program, [], { input, encoding: "utf8", maxBuffer: 64 << 20 });
    expect(status, stderr).toBe(0);
    const theirs = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly output: string; readonly error: string });
    expect(theirs).toHaveLength(all.length);
    const show = (of: (index: number, files: Files) => string): [string, string][] =>
      all.map(([name, files], index) => [name, of(index, files)]);
    expect(show((_, files) => ours(files))).toEqual(show((index) => (theirs[index]?.error === "" ? theirs[index].output : "an error")));
  });
});
