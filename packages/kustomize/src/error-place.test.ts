// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Files } from "../test-support/files.ts";
import { configMap, errorOf, filesOf, yamlOf } from "../test-support/files.ts";
import { build } from "./build.ts";
import { BuildCache } from "./incremental/build-cache.ts";

const base: Files = { "a.yaml": configMap("a", "k: v") };

test.each<[string, string, object]>([
  [
    "a field that is not known",
    "resources: [a.yaml]\nimages:\n- name: x\n- name: y\n  newtagg: z\n",
    { line: 5, field: "images[1].newtagg" },
  ],
  ["a value of another type", "resources: [a.yaml]\nreplicas:\n- name: a\n  count: three\n", { line: 4, field: "replicas[0].count" }],
  ["text that is not YAML", "resources: [a.yaml]\nlabels: [\n", { line: 3, field: undefined }],
  [
    "a patch without a target",
    "resources: [a.yaml]\n\npatches:\n- patch: '[{op: remove, path: /data}]'\n",
    { line: 4, field: "patches[0]" },
  ],
  ["a generator of what is there", "resources: [a.yaml]\nconfigMapGenerator:\n- name: a\n", { line: 3, field: "configMapGenerator[0]" }],
  ["an order that is none", "resources: [a.yaml]\nsortOptions: {order: z}\n", { line: 2, field: "sortOptions" }],
  ["a replacement without a source", "resources: [a.yaml]\nreplacements:\n- targets: []\n", { line: 2, field: "replacements" }],
])("an error tells where %s stands", (_, kustomization, place) => {
  const { path, line, field } = errorOf(() => yamlOf({ ...base, "kustomization.yaml": kustomization }));
  expect({ path, line, field }).toEqual({ path: "/kustomization.yaml", ...place });
});

test("an error of another file tells that file, and the field that names it", () => {
  const missing = errorOf(() => yamlOf({ "kustomization.yaml": "resources:\n- gone.yaml\n" }));
  expect(missing).toMatchObject({ code: "NOT_FOUND", path: "/gone.yaml", field: "resources[0]" });
  const broken = errorOf(() => yamlOf({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": `${configMap("a")}---\na: [\n` }));
  expect(broken).toMatchObject({ code: "INVALID_RESOURCE", path: "a.yaml", line: 7, field: "resources[0]" });
});

test("an error in a base tells the base's file", () => {
  const files = { "kustomization.yaml": "resources: [base]\n", "base/kustomization.yaml": "namePrefix: [a]\n" };
  expect(errorOf(() => yamlOf(files))).toMatchObject({ path: "/base/kustomization.yaml", line: 1, field: "namePrefix" });
});

test("fields that go out of use tell where they stand, and what to write today", () => {
  const files = {
    ...base,
    "kustomization.yaml":
      "bases: [b]\ncommonLabels: {app: x}\npatchesStrategicMerge:\n- p.yaml\n- |-\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n" +
      "patchesJson6902:\n- target: {kind: ConfigMap, name: a}\n  path: j.yaml\nimageTags:\n- name: i\n  newTag: v1\n" +
      "vars:\n- name: V\n  objref: {apiVersion: v1, kind: ConfigMap, name: a}\n",
    "b/kustomization.yaml": "resources: [a.yaml]\n",
    "b/a.yaml": configMap("a", "k: v"),
    "p.yaml": configMap("a", "p: q"),
    "j.yaml": "- {op: add, path: /data/j, value: j}\n",
  };
  const { deprecations, warnings } = build(filesOf(files), "/");
  expect(warnings).toHaveLength(7);
  expect(deprecations.map(({ path, line, field, replacement }) => [`${path}:${line}`, field, replacement])).toEqual([
    ["/kustomization.yaml:1", "bases", "resources:\n- b\n"],
    ["/kustomization.yaml:2", "commonLabels", "labels:\n- includeSelectors: true\n  pairs:\n    app: x\n"],
    ["/kustomization.yaml:12", "imageTags", "images:\n- name: i\n  newTag: v1\n"],
    ["/kustomization.yaml:9", "patchesJson6902", "patches:\n- path: j.yaml\n  target:\n    kind: ConfigMap\n    name: a\n"],
    [
      "/kustomization.yaml:3",
      "patchesStrategicMerge",
      "patches:\n- path: p.yaml\n- patch: |-\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: a}\n",
    ],
    [
      "/kustomization.yaml:15",
      "vars",
      "replacements:\n- source:\n    fieldPath: metadata.name\n    kind: ConfigMap\n    name: a\n    version: v1\n",
    ],
  ]);
});

test("what is written in place of a field that goes out of use builds the same", () => {
  const old = { ...base, "kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {app: x}\n" };
  const [deprecation] = build(filesOf(old), "/").deprecations;
  expect(yamlOf({ ...base, "kustomization.yaml": `resources: [a.yaml]\n${deprecation?.replacement}` })).toBe(yamlOf(old));
});

test("a build with warnings is kept too, for as long as its files are where they were", () => {
  const cache = new BuildCache();
  const files = { "x/a.yaml": configMap("a"), "x/kustomization.yaml": "bases: []\nresources: [a.yaml]\ncommonLabels: {a: b}\n" };
  const first = build(filesOf(files), "/x", { cache, cacheRoot: "/x" });
  expect(build(filesOf(files), "/x", { cache, cacheRoot: "/x" })).toBe(first);
  const moved = filesOf(Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace("x/", "y/"), text])));
  expect(build(moved, "/y", { cache, cacheRoot: "/y" }).deprecations[0]?.path).toBe("/y/kustomization.yaml");
});
