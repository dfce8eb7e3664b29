// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitServer } from "@flux-ts/testbed/git-server";
import { runKustomize } from "./run.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kustomize-ts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ["", ""];
  const code = await runKustomize(args, { stdout: (text) => (out += text), stderr: (text) => (err += text), cwd: folder });
  return { code, out, err };
}

const object = (kind: string, name: string): string => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`;

describe("kustomize-ts build", () => {
  beforeEach(() => {
    put("app/kustomization.yaml", "resources: [a.yaml, ../shared.yaml]\n");
    put("app/a.yaml", object("Service", "a"));
    put("shared.yaml", object("ConfigMap", "s"));
  });

  test("--explain prints the file and line of each field", async () => {
    put("one/kustomization.yaml", "namePrefix: my-\nresources: [../two]\n");
    put("two/kustomization.yaml", "resources: [b.yaml]\n");
    put("two/b.yaml", object("ConfigMap", "b"));
    expect(await run("build", "one", "--explain")).toEqual({
      code: 0,
      err: "",
      out: [
        "two/b.yaml:1             │ apiVersion: v1",
        "two/b.yaml:2             │ kind: ConfigMap",
        "two/b.yaml:3             │ metadata:",
        "one/kustomization.yaml:1 │   name: my-b",
        "",
      ].join("\n"),
    });
  });

  test("files outside of the folder need the flag", async () => {
    const refused = await run("build", "app");
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(`security; file '${folder}/shared.yaml' is not in or below '${folder}/app'`);
    expect(await run("build", "app", "--load-restrictor", "LoadRestrictionsNone")).toEqual({
      code: 0,
      out: `${object("ConfigMap", "s")}---\n${object("Service", "a")}`,
      err: "",
    });
  });

  test("the order can be that of the files", async () => {
    const { out } = await run("build", "app", "--load-restrictor=LoadRestrictionsNone", "--reorder=none");
    expect(out.startsWith(object("Service", "a"))).toBe(true);
  });

  test("the output goes to a file, or to a folder as a file an object", async () => {
    const flags = ["--load-restrictor=LoadRestrictionsNone", "-o"];
    expect(await run("build", "app", ...flags, "all.yaml")).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(join(folder, "all.yaml"), "utf8")).toContain("kind: Service");
    mkdirSync(join(folder, "out"));
    await run("build", "app", ...flags, "out");
    expect(readdirSync(join(folder, "out")).toSorted()).toEqual(["v1_configmap_s.yaml", "v1_service_a.yaml"]);
  });

  test("what is wrong is told, and the exit code is 1", async () => {
    expect((await run("build", "nope")).err).toContain(`lstat ${folder}/nope: no such file or directory`);
    expect(await run("build", "app", "--bogus")).toMatchObject({ code: 1, err: "Error: unknown flag: --bogus\n" });
    expect((await run("build", "app", "--reorder=odd")).err).toContain("illegal flag value --reorder odd; legal values: [legacy none]");
    expect((await run("edit")).code).toBe(1);
  });

  test("a field that goes out of use is warned of on standard error", async () => {
    put("app/kustomization.yaml", "resources: [a.yaml]\ncommonLabels: {a: b}\n");
    const { code, out, err } = await run("build", "app");
    expect([code, out.includes("a: b")]).toEqual([0, true]);
    expect(err).toMatch(/^# Warning: 'commonLabels' is deprecated\./);
  });

  test("a symbolic link out of the folder is outside of it", async () => {
    symlinkSync(join(folder, "shared.yaml"), join(folder, "app/link.yaml"));
    put("app/kustomization.yaml", "resources: [link.yaml]\n");
    expect((await run("build", "app")).err).toContain("security;");
  });

  test("a base may be in a repository elsewhere, at a tag, and files behind an address", async () => {
    await using server = await createGitServer();
    const repository = server.repository("team/app", {
      "base/kustomization.yaml": "resources: [a.yaml]\n",
      "base/a.yaml": object("ConfigMap", "old"),
    });
    repository.tag("v1");
    repository.commit({ "base/a.yaml": object("ConfigMap", "new") });
    put("app/kustomization.yaml", `namePrefix: p-\nresources: ['${repository.url}//base?ref=v1']\n`);
    expect(await run("build", "app")).toEqual({ code: 0, out: object("ConfigMap", "p-old"), err: "" });
    expect(await run("build", `${repository.url}//base`)).toEqual({ code: 0, out: object("ConfigMap", "new"), err: "" });
    put("app/kustomization.yaml", `resources: ['${repository.url}//base?ref=nope']\n`);
    expect((await run("build", "app")).err).toContain("couldn't find remote ref nope");
    put("app/kustomization.yaml", `resources: ['${server.url}/nope.yaml']\n`);
    expect((await run("build", "app")).err).toContain("HTTP Error: status code 404");
  });

  test("charts are rendered where they lie, and refused with a way out where they do not", async () => {
    put("app/kustomization.yaml", "namePrefix: p-\nhelmCharts: [{name: x, releaseName: r, valuesInline: {size: 2}}]\n");
    expect((await run("build", "app", "--enable-helm")).err).toContain(
      `no repo specified for pull, no chart found at '${folder}/app/charts/x'`,
    );
    put("app/charts/x/Chart.yaml", "apiVersion: v2\nname: x\nversion: 0.1.0\n");
    put("app/charts/x/values.yaml", "size: 1\nmore: 1\n");
    put(
      "app/charts/x/templates/a.yaml",
      `${object("ConfigMap", "{{ .Release.Name }}")}data: {sum: "{{ .Values.size }}{{ .Values.more }}"}\n`,
    );
    expect((await run("build", "app", "--enable-helm")).out).toBe(
      'apiVersion: v1\ndata:\n  sum: "21"\nkind: ConfigMap\nmetadata:\n  name: p-r\n',
    );
    expect((await run("build", "app")).err).toContain("use a HelmRelease");
  });
});
