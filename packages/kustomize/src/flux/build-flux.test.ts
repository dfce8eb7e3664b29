// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { toYaml } from "../build.ts";
import { confineFileSystem } from "../confined-file-system.ts";
import type { Files } from "../../test-support/files.ts";
import { configMap, deployment, errorOf, filesOf } from "../../test-support/files.ts";
import { buildFlux } from "./build-flux.ts";
import type { FluxOverlay } from "./generate-kustomization.ts";
import { generateKustomization } from "./generate-kustomization.ts";

function fluxYaml(files: Files, overlay: FluxOverlay = {}, folder = "/app"): string {
  return toYaml(buildFlux(filesOf(files), folder, overlay).objects);
}

function namesOf(files: Files, overlay: FluxOverlay = {}, folder = "/app"): readonly string[] {
  return buildFlux(filesOf(files), folder, overlay).objects.map((object) => String(object.metadata?.name));
}

describe("a folder without a kustomization file (G-KUS-2)", () => {
  test("stands for its YAML files and those below, in the order of their names", () => {
    const files = {
      "app/z.yaml": configMap("z"),
      "app/a.yml": configMap("a"),
      "app/sub/deep/m.yaml": configMap("m"),
      "app/readme.md": "# text",
      "app/values.json": "{}",
    };
    expect(namesOf(files)).toEqual(["a", "m", "z"]);
  });

  test("a folder below it that has a kustomization file counts as a whole", () => {
    const files = {
      "app/infrastructure.yaml": configMap("infrastructure"),
      "app/flux-system/kustomization.yaml": "resources: [sync.yaml]\n",
      "app/flux-system/sync.yaml": configMap("sync"),
      "app/flux-system/unused.yaml": configMap("unused"),
    };
    expect(namesOf(files)).toEqual(["sync", "infrastructure"]);
    expect(generateKustomization(filesOf(files), "/app", {}).manifest).toContain("- ./flux-system\n- ./infrastructure.yaml\n");
  });

  test("a folder where the file is to be made fails, once the manifests have been read (A3)", () => {
    const files = { "app/kustomization.yaml/a.yaml": configMap("a"), "app/b.yaml": configMap("b") };
    expect(errorOf(() => buildFlux(filesOf(files), "/app", {}))).toMatchObject({
      message: "open /app/kustomization.yaml: is a directory",
      stage: "generate",
    });
    expect(namesOf({ "app/kustomization.yml/a.yaml": configMap("a"), "app/b.yaml": configMap("b") })).toEqual(["b", "a"]);
  });

  test("every spelling of a kustomization file's name is found", () => {
    for (const name of ["kustomization.yaml", "kustomization.yml", "Kustomization"]) {
      expect(namesOf({ [`app/${name}`]: "resources: [b.yaml]\n", "app/a.yaml": configMap("a"), "app/b.yaml": configMap("b") })).toEqual([
        "b",
      ]);
    }
  });

  test("a file that holds no Kubernetes object fails while the kustomization is made", () => {
    const error = errorOf(() => fluxYaml({ "app/a.yaml": "foo: bar\n" }));
    expect(error.stage).toBe("generate");
    expect(error.message).toMatch(/^failed to decode Kubernetes YAML from \/app\/a.yaml: /);
  });

  test("what is ignored is left out", () => {
    const { objects } = buildFlux(
      filesOf({ "app/a.yaml": configMap("a"), "app/b.yaml": "no: object" }),
      "/app",
      {},
      {
        isIgnored: (path) => path === "/app/b.yaml",
      },
    );
    expect(objects).toHaveLength(1);
  });

  test("an empty folder is nothing to apply", () => {
    expect(buildFlux(filesOf({ "app/readme.md": "" }), "/app", {}).objects).toEqual([]);
  });
});

describe("what a Flux Kustomization adds (G-KUS-3)", () => {
  const files = {
    "app/kustomization.yaml":
      "resources: [web.yaml]\nimages:\n- {name: nginx, newName: mirror/nginx, digest: 'sha256:aa'}\npatches:\n- patch: '- {op: replace, path: /spec/replicas, value: 2}'\n  target: {kind: Deployment}\n",
    "app/web.yaml": deployment,
  };

  test("namespace, prefix and suffix", () => {
    const yaml = fluxYaml(files, { targetNamespace: "shop", namePrefix: "a-", nameSuffix: "-z" });
    expect(yaml).toContain("  name: a-web-z\n  namespace: shop\n");
  });

  test("patches come after those of the file", () => {
    const patches = [{ patch: "- {op: replace, path: /spec/replicas, value: 3}", target: { kind: "Deployment" } }];
    expect(fluxYaml(files)).toContain("replicas: 2");
    expect(fluxYaml(files, { patches })).toContain("replicas: 3");
  });

  test("images are merged by name, field by field; a new tag takes a digest's place", () => {
    expect(fluxYaml(files)).toContain("image: mirror/nginx@sha256:aa\n");
    expect(fluxYaml(files, { images: [{ name: "nginx", newTag: "2.0" }] })).toContain("image: mirror/nginx:2.0\n");
    expect(fluxYaml(files, { images: [{ name: "nginx", newName: "other" }] })).toContain("image: other@sha256:aa\n");
  });

  test("components must be local, and there, unless missing ones are ignored", () => {
    const withComponent = {
      ...files,
      "c/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\n",
    };
    expect(namesOf(withComponent, { components: ["../c"] })).toEqual(["web-c"]);
    expect(errorOf(() => fluxYaml(withComponent, { components: ["../d"] }))).toMatchObject({ stage: "build", code: "NOT_FOUND" });
    expect(namesOf(withComponent, { components: ["../d", "../c"], ignoreMissingComponents: true })).toEqual(["web-c"]);
    expect(errorOf(() => fluxYaml(withComponent, { components: ["https://github.com/a/b"] }))).toMatchObject({ stage: "generate" });
  });

  test("metadata of the build", () => {
    expect(fluxYaml(files, { buildMetadata: ["originAnnotations"] })).toContain("config.kubernetes.io/origin: |\n      path: web.yaml\n");
  });

  test("fields that kustomize does not know are left out of the outermost file, and only there", () => {
    expect(namesOf({ ...files, "app/kustomization.yaml": "resource: [x]\nresources: [web.yaml]\n" })).toEqual(["web"]);
    const nested = { "app/kustomization.yaml": "resources: [../base]\n", "base/kustomization.yaml": "resource: [x]\n" };
    expect(errorOf(() => fluxYaml(nested))).toMatchObject({ stage: "build", code: "INVALID_KUSTOMIZATION" });
  });

  test("objects keep the order of the files", () => {
    const ordered = {
      "app/kustomization.yaml": "resources: [web.yaml, a.yaml]\n",
      "app/web.yaml": deployment,
      "app/a.yaml": configMap("a"),
    };
    expect(namesOf(ordered)).toEqual(["web", "a"]);
  });
});

describe("a build stays in its artifact (G-KUS-4)", () => {
  const files = {
    "artifact/app/kustomization.yaml": "resources: [../base/a.yaml]\n",
    "artifact/base/a.yaml": configMap("a"),
    "secret.yaml": configMap("secret"),
  };
  const confined = (kustomization: string): (() => unknown) => {
    const fs = confineFileSystem(filesOf({ ...files, "artifact/app/kustomization.yaml": kustomization }), "/artifact");
    return () => buildFlux(fs, "/artifact/app", {});
  };

  test("files may come from anywhere in it", () => {
    expect(buildFlux(confineFileSystem(filesOf(files), "/artifact"), "/artifact/app", {}).objects).toHaveLength(1);
  });

  test.each(["../../secret.yaml", "/secret.yaml"])("%s is outside", (path) => {
    expect(errorOf(confined(`resources: ['${path}']\n`)).message).toContain("security; '/secret.yaml' is not in or below '/artifact'");
    expect(errorOf(confined(`configMapGenerator:\n- name: c\n  files: ['${path}']\n`)).message).toContain("security;");
    expect(errorOf(confined(`patches:\n- path: '${path}'\n`)).message).toContain("security;");
  });

  test("a symbolic link that leads out is outside too", () => {
    const memory = filesOf({ ...files, "artifact/app/kustomization.yaml": "resources: [link.yaml]\n", "artifact/app/link.yaml": "" });
    const linked = confineFileSystem(
      {
        read: (path) => memory.read(path),
        list: (path) => memory.list(path),
        isDirectory: (path) => memory.isDirectory(path),
        realPath: (path) => memory.realPath(path === "/artifact/app/link.yaml" ? "/secret.yaml" : path),
      },
      "/artifact",
    );
    expect(errorOf(() => buildFlux(linked, "/artifact/app", {})).message).toContain("security;");
  });

  test("plugins that run programs, and Helm, are not there", () => {
    expect(errorOf(confined("generators: ['{apiVersion: x/v1, kind: Exec, metadata: {name: a}}']\n")).code).toBe("UNSUPPORTED");
    expect(errorOf(confined("helmCharts: [{name: x}]\n")).message).toContain("must specify --enable-helm");
  });
});
