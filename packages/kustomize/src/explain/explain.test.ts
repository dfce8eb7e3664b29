// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { configMap, deployment, filesOf } from "../../test-support/files.ts";
import { build } from "../build.ts";
import { buildFlux } from "../flux/build-flux.ts";
import { toExplainedYaml } from "./explained-yaml.ts";
import type { FieldOrigin } from "./field-origin.ts";
import { originAt } from "./field-origin.ts";

/** A base, a component, an overlay with patches and a generator. */
const layers = filesOf({
  "base/kustomization.yaml": "resources:\n- web.yaml\n- both.yaml\n",
  "base/web.yaml": deployment,
  "base/both.yaml": `# two documents\n${configMap("first", "a: one")}---\n${configMap("second", "b: two")}`,
  "extras/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels:\n- pairs:\n    tier: front\n",
  "overlay/kustomization.yaml": `resources:
- ../base
components:
- ../extras
namePrefix: prod-
images:
- name: nginx
  newTag: "2.0"
configMapGenerator:
- name: settings
  literals:
  - color=blue
  files:
  - app.conf
  envs:
  - app.env
patches:
- path: replicas.yaml
- target:
    kind: ConfigMap
    name: first
  patch: |-
    - op: add
      path: /data/c
      value: three
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        spec:
          containers:
          - name: web
            env:
            - name: MODE
              value: fast
`,
  "overlay/app.conf": "x=y\n",
  "overlay/app.env": "# a comment\nSIZE=big\n",
  "overlay/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n",
});

function originsIn(fs = layers): (kind: string, name: RegExp, ...path: (string | number)[]) => FieldOrigin {
  const { objects, origins } = build(fs, "/overlay", { traceOrigins: true });
  return (kind, name, ...path) => {
    const object = objects.find((one) => one.kind === kind && name.test(one.metadata.name ?? ""));
    const node = object === undefined ? undefined : origins?.get(object);
    if (node === undefined) throw new Error(`no origins of ${kind} ${name}`);
    return originAt(node, path);
  };
}

test("each field knows the file and line of its base, also in the second document of a file", () => {
  const originOf = originsIn();
  expect(originOf("Deployment", /web/, "apiVersion")).toEqual({ file: "/base/web.yaml", line: 1, by: "resource" });
  expect(originOf("Deployment", /web/, "spec", "template", "spec", "containers", 0, "envFrom", 0)).toMatchObject({ line: 13 });
  expect(originOf("ConfigMap", /second/, "data", "b")).toEqual({ file: "/base/both.yaml", line: 14, by: "resource" });
});

test("what patches set comes from the lines of the patch: of its file, or of the kustomization that holds it", () => {
  const originOf = originsIn();
  expect(originOf("Deployment", /web/, "spec", "replicas")).toEqual({ file: "/overlay/replicas.yaml", line: 6, by: "patch" });
  const env = ["spec", "template", "spec", "containers", 0, "env", 0] as const;
  expect(originOf("Deployment", /web/, ...env, "value")).toMatchObject({ file: "/overlay/kustomization.yaml", line: 38, by: "patch" });
  expect(originOf("ConfigMap", /first/, "data", "c")).toMatchObject({ file: "/overlay/kustomization.yaml", line: 25, by: "patch" });
  expect(originOf("ConfigMap", /first/, "data", "a")).toMatchObject({ file: "/base/both.yaml", line: 7, by: "resource" });
});

test("transformers and components are named by the line of their field", () => {
  const originOf = originsIn();
  const overlay = { file: "/overlay/kustomization.yaml", by: "transformer" };
  expect(originOf("Deployment", /web/, "metadata", "name")).toEqual({ ...overlay, line: 5, field: "namePrefix" });
  expect(originOf("Deployment", /web/, "spec", "template", "spec", "containers", 0, "image")).toEqual({
    ...overlay,
    line: 7,
    field: "images[0]",
  });
  expect(originOf("Deployment", /web/, "metadata", "labels", "tier")).toMatchObject({ file: "/extras/kustomization.yaml", line: 4 });
});

test("generated data comes from literals, files and lines of env files; references follow the name they refer to", () => {
  const originOf = originsIn();
  expect(originOf("ConfigMap", /settings/, "data", "color")).toMatchObject({
    file: "/overlay/kustomization.yaml",
    line: 12,
    by: "generator",
  });
  expect(originOf("ConfigMap", /settings/, "data", "app.conf")).toEqual({ file: "/overlay/app.conf", line: 1, by: "generator" });
  expect(originOf("ConfigMap", /settings/, "data", "SIZE")).toEqual({ file: "/overlay/app.env", line: 2, by: "generator" });
  const reference = ["spec", "template", "spec", "containers", 0, "envFrom", 0, "configMapRef", "name"] as const;
  expect(originOf("Deployment", /web/, ...reference)).toMatchObject({ file: "/overlay/kustomization.yaml", line: 5, by: "reference" });
});

test("every field of the output has an origin, and objects are the same with and without", () => {
  const traced = build(layers, "/overlay", { traceOrigins: true });
  expect(traced.objects).toEqual(build(layers, "/overlay").objects);
  expect(build(layers, "/overlay").origins).toBeUndefined();
  for (const object of traced.objects) {
    const visit = (value: unknown, path: readonly (string | number)[]): void => {
      const node = traced.origins?.get(object);
      expect(node === undefined ? undefined : originAt(node, path).file, path.join(".")).toMatch(/^\//);
      if (typeof value !== "object" || value === null) return;
      for (const [key, child] of Object.entries(value)) visit(child, [...path, Array.isArray(value) ? Number(key) : key]);
    };
    visit(object, []);
  }
});

test("toExplainedYaml() puts file and line in front of what comes from there", () => {
  const fs = filesOf({
    "a/kustomization.yaml": "resources: [x.yaml]\nnamePrefix: my-\n",
    "a/x.yaml": configMap("x", "text: |\n    l1\n    l2"),
  });
  const { objects, origins } = build(fs, "/a", { traceOrigins: true });
  expect(toExplainedYaml(objects, (object) => origins?.get(object), { relativeTo: "/" })).toBe(
    [
      "a/x.yaml:1             │ apiVersion: v1",
      "a/x.yaml:5             │ data:",
      "a/x.yaml:6             │   text: |",
      "                       │     l1",
      "                       │     l2",
      "a/x.yaml:2             │ kind: ConfigMap",
      "a/x.yaml:3             │ metadata:",
      "a/kustomization.yaml:2 │   name: my-x",
      "",
    ].join("\n"),
  );
});

test("what a Flux Kustomization adds is named by its field; the rest keeps its line of the file on disk", () => {
  const overlay = {
    targetNamespace: "shop",
    patches: [{ patch: '[{"op": "add", "path": "/data/z", "value": "q"}]', target: { kind: "ConfigMap" } }],
  };
  const fs = filesOf({ "a/kustomization.yaml": "# first\nnamePrefix: my-\nresources:\n- x.yaml\n", "a/x.yaml": configMap("x", "k: v") });
  const { objects, origins } = buildFlux(fs, "/a", overlay, { traceOrigins: true });
  const [object] = objects;
  const node = object === undefined ? undefined : origins?.get(object);
  if (node === undefined) throw new Error("no origins");
  expect(originAt(node, ["metadata", "namespace"])).toEqual({
    file: undefined,
    line: undefined,
    by: "transformer",
    field: "spec.targetNamespace",
  });
  expect(originAt(node, ["data", "z"])).toMatchObject({ file: undefined, by: "patch", field: "spec.patches[0]" });
  expect(originAt(node, ["metadata", "name"])).toMatchObject({ file: "/a/kustomization.yaml", line: 2 });
  expect(originAt(node, ["data", "k"])).toMatchObject({ file: "/a/x.yaml", line: 6 });
});
