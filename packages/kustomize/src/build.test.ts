// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { build } from "./build.ts";
import { configMap, deployment, errorOf, filesOf, yamlOf } from "../test-support/files.ts";

describe("what a kustomization is made of", () => {
  test("resources come in the order of kinds, or as they were named when asked so", () => {
    const files = {
      "kustomization.yaml": "resources: [web.yaml, a.yaml]\n",
      "web.yaml": deployment,
      "a.yaml": configMap("a"),
    };
    const kinds = (yaml: string): readonly string[] => yaml.match(/^kind: .*$/gm) ?? [];
    expect(kinds(yamlOf(files))).toEqual(["kind: ConfigMap", "kind: Deployment"]);
    expect(kinds(yamlOf(files, "/", { reorder: "none" }))).toEqual(["kind: Deployment", "kind: ConfigMap"]);
  });

  test("a base keeps what its own kustomization did, and the overlay goes on top", () => {
    const files = {
      "base/kustomization.yaml": "resources: [a.yaml]\nnamePrefix: base-\n",
      "base/a.yaml": configMap("a"),
      "prod/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\nnamespace: shop\ncommonAnnotations: {team: a}\n",
    };
    expect(yamlOf(files, "/prod")).toBe(
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n    team: a\n  name: prod-base-a\n  namespace: shop\n",
    );
  });

  test("a component changes the resources of whoever uses it", () => {
    const files = {
      "kustomization.yaml": "resources: [web.yaml]\ncomponents: [more]\n",
      "web.yaml": deployment,
      "more/kustomization.yaml":
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nreplicas:\n- name: web\n  count: 5\nimages:\n- name: nginx\n  newTag: '2.0'\n",
    };
    expect(yamlOf(files)).toContain("replicas: 5");
    expect(yamlOf(files)).toContain("image: nginx:2.0");
  });

  test("a folder that is no component cannot be used as one", () => {
    const files = { "kustomization.yaml": "components: [base]\n", "base/kustomization.yaml": "namePrefix: a-\n" };
    expect(errorOf(() => yamlOf(files)).message).toContain("expected kind 'Component' for path '/base' but got 'Kustomization'");
  });

  test("fields of old are moved to where they belong, with a warning", () => {
    const files = {
      "kustomization.yaml": "bases: [base]\ncommonLabels: {app: web}\n",
      "base/kustomization.yaml": "resources: [a.yaml]\n",
      "base/a.yaml": configMap("a"),
    };
    const { objects, warnings } = build(filesOf(files), "/");
    expect(objects[0]?.metadata?.labels).toEqual({ app: "web" });
    expect(warnings).toEqual([
      "# Warning: 'bases' is deprecated. Please use 'resources' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
      "# Warning: 'commonLabels' is deprecated. Please use 'labels' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    ]);
  });

  test("a resource marked as local is only there for the build", () => {
    const local = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations: {config.kubernetes.io/local-config: 'true'}\n";
    expect(yamlOf({ "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": local })).toBe("");
  });

  test("origins are noted when asked for", () => {
    const files = { "kustomization.yaml": "resources: [a.yaml]\nbuildMetadata: [originAnnotations]\n", "a.yaml": configMap("a") };
    expect(yamlOf(files)).toContain("    config.kubernetes.io/origin: |\n      path: a.yaml\n");
  });
});

describe("names that other objects refer to", () => {
  test("a generated ConfigMap has the hash of its content in its name, and references follow", () => {
    const files = {
      "kustomization.yaml": "resources: [web.yaml]\nnamePrefix: x-\nconfigMapGenerator:\n- name: settings\n  literals: [a=b]\n",
      "web.yaml": deployment,
    };
    const yaml = yamlOf(files);
    const name = /name: (x-settings-[a-z0-9]{10})\n/.exec(yaml)?.[1];
    expect(name).toBeDefined();
    expect(yaml).toContain(`configMapRef:\n            name: ${name}\n`);
    expect(yamlOf({ ...files, "kustomization.yaml": files["kustomization.yaml"].replace("a=b", "a=c") })).not.toContain(String(name));
  });

  test("a name that several objects have is an error, not a guess", () => {
    const role = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: sa\n  namespace: ";
    const binding =
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: crb\nsubjects:\n- kind: ServiceAccount\n  name: sa\n";
    const files = { "kustomization.yaml": "resources: [r.yaml]\nnamePrefix: p-\n", "r.yaml": `${role}a\n---\n${role}b\n---\n${binding}` };
    expect(errorOf(() => yamlOf(files)).message).toContain("found multiple possible referrals");
  });
});

describe("generators", () => {
  const base = { "base/kustomization.yaml": "configMapGenerator:\n- name: c\n  literals: [a=1, b=2]\n" };

  test("an overlay merges into, or replaces, what a base generated", () => {
    const overlay = (behavior: string): string =>
      yamlOf(
        {
          ...base,
          "prod/kustomization.yaml": `resources: [../base]\nconfigMapGenerator:\n- name: c\n  behavior: ${behavior}\n  literals: [b=3]\n`,
        },
        "/prod",
      );
    expect(overlay("merge")).toContain('data:\n  a: "1"\n  b: "3"\n');
    expect(overlay("replace")).toContain('data:\n  b: "3"\n');
    expect(errorOf(() => overlay("create")).code).toBe("CONFLICT");
  });

  test("a file that is not text goes into binaryData; a Secret keeps all in base64", () => {
    const fs = {
      "kustomization.yaml": "configMapGenerator:\n- name: c\n  files: [k]\nsecretGenerator:\n- name: s\n  literals: [p=geheim]\n",
    };
    const all = build(
      {
        ...pick(filesOf({ ...fs, k: "x" })),
        read: (path) => (path === "/k" ? Uint8Array.of(0xff, 0xfe) : filesOf(fs).read(path)),
      },
      "/",
    ).objects;
    expect(all[0]).toMatchObject({ kind: "ConfigMap", binaryData: { k: "//4=" } });
    expect(all[1]).toMatchObject({ kind: "Secret", type: "Opaque", data: { p: "Z2VoZWlt" } });
  });
});

function pick(fs: ReturnType<typeof filesOf>): Omit<ReturnType<typeof filesOf>, "read"> {
  return { isDirectory: (path) => fs.isDirectory(path), list: (path) => fs.list(path), realPath: (path) => fs.realPath(path) };
}

describe("patches", () => {
  const built = (patch: string): string =>
    yamlOf({ "kustomization.yaml": `resources: [web.yaml]\npatches:\n${patch}`, "web.yaml": deployment });

  test("lists merge by the key of their items, and $patch deletes", () => {
    const patched = built(`- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
          - name: web
            image: nginx:9
          - name: sidecar
            image: envoy
`);
    expect(patched).toContain(
      "- envFrom:\n        - configMapRef:\n            name: settings\n        image: nginx:9\n        name: web\n",
    );
    expect(patched).toContain("- image: envoy\n        name: sidecar\n");
    expect(built("- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n    $patch: delete\n")).toBe("");
  });

  test("a JSON patch needs a target, and its paths must be there", () => {
    const operations = "- patch: |\n    - {op: replace, path: /spec/replicas, value: 7}\n";
    expect(built(`${operations}  target: {kind: Deployment}\n`)).toContain("replicas: 7");
    expect(errorOf(() => built(operations)).message).toContain("must specify a target for JSON patch");
    const missing = operations.replace("/spec/replicas", "/none/deep");
    expect(errorOf(() => built(`${missing}  target: {kind: Deployment}\n`)).message).toBe(
      "replace operation does not apply: doc is missing path: /none/deep: missing value",
    );
  });

  test("a patch that nothing matches is an error with its own configuration in it", () => {
    const error = errorOf(() => built("- path: nope.yaml\n"));
    expect(error.message).toMatch(
      /^trouble configuring builtin PatchTransformer with config: `\npath: nope.yaml\n`: failed to get the patch file/,
    );
  });

  test("replacements copy a field into others, or into a part of one", () => {
    const files = {
      "kustomization.yaml": `resources: [web.yaml, c.yaml]
replacements:
- source: {kind: ConfigMap, name: c, fieldPath: data.tag}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.containers.[name=web].image"]
    options: {delimiter: ":", index: 1}
`,
      "web.yaml": deployment,
      "c.yaml": configMap("c", "tag: v3"),
    };
    expect(yamlOf(files)).toContain("image: nginx:v3");
  });
});

describe("what goes wrong is told with a code", () => {
  const kustomization =
    (text: string): (() => unknown) =>
    (): unknown =>
      yamlOf({ "kustomization.yaml": text, "a.yaml": configMap("a"), "sub/b.yaml": configMap("b") });

  test.each([
    ["resources: [nope.yaml]\n", "NOT_FOUND"],
    ["resources: [sub]\n", "NO_KUSTOMIZATION"],
    ["resources: [a.yaml, a.yaml]\n", "CONFLICT"],
    ["resources: [.]\n", "CYCLE"],
    ["resource: [a.yaml]\n", "INVALID_KUSTOMIZATION"],
    ["resources: a.yaml\n", "INVALID_KUSTOMIZATION"],
    ["resources: [a.yaml\n", "INVALID_KUSTOMIZATION"],
    ["resources: ['https://example.com/a.yaml']\n", "REMOTE"],
    ["resources: ['https://github.com/org/repo//base?ref=v1']\n", "REMOTE"],
    ["helmCharts: [{name: x}]\n", "UNSUPPORTED"],
    ["resources: [a.yaml]\ntransformers: ['{apiVersion: x/v1, kind: Exec, metadata: {name: a}}']\n", "UNSUPPORTED"],
  ])("%s%s", (text, code) => {
    expect(errorOf(kustomization(text)).code).toBe(code);
  });

  test("a file that is not YAML is told with its path and line", () => {
    const error = errorOf(() => yamlOf({ "kustomization.yaml": "resources: [bad.yaml]\n", "bad.yaml": "a: 1\nb: [\n" }));
    expect(error).toMatchObject({ code: "INVALID_RESOURCE", path: "bad.yaml" });
    expect(error.message).toContain("MalformedYAMLError");
  });
});
