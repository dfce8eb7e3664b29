// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Io } from "../../io.ts";
import { root } from "../../root.ts";
import { runCommand } from "../../run.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flux-explain-"));
  put("app/kustomization.yaml", "resources:\n- settings.yaml\nnamePrefix: my-\n");
  put("app/settings.yaml", `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  color: \${color}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

async function flux(...args: string[]): Promise<string> {
  let [out, err] = ["", ""];
  const io: Io = {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    stdin: () => Promise.resolve(""),
    ask: () => Promise.reject(new Error("nobody is there")),
    env: {},
    cwd: folder,
    home: folder,
    clock: { now: () => 0, after: () => () => {} },
    terminal: { isTty: false, columns: 80 },
    signal: new AbortController().signal,
  };
  expect(await runCommand(root, args, io), err).toBe(0);
  return out;
}

test("flux build dir --explain prints the file and line of each field, with variables filled in", async () => {
  expect(await flux("build", "dir", "app", "--explain", "--substitute", "color=red", "--target-namespace", "shop")).toBe(
    [
      "app/settings.yaml:1      │ apiVersion: v1",
      "app/settings.yaml:5      │ data:",
      "app/settings.yaml:6      │   color: red",
      "app/settings.yaml:2      │ kind: ConfigMap",
      "app/settings.yaml:3      │ metadata:",
      "app/kustomization.yaml:3 │   name: my-settings",
      "spec.targetNamespace     │   namespace: shop",
      "",
    ].join("\n"),
  );
});

test("flux build kustomization --explain names the fields of the Kustomization, and marks what is added after the build", async () => {
  put(
    "ks.yaml",
    `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: flux-system}
spec: {interval: 1m, path: ./app, prune: true, targetNamespace: shop, sourceRef: {kind: GitRepository, name: app}}
`,
  );
  const out = await flux("build", "kustomization", "app", "--path", "app", "--kustomization-file", "ks.yaml", "--dry-run", "--explain");
  const lines = out.split("\n").map((line) => line.split(" │ "));
  const marginOf = (text: string): string | undefined => lines.find(([, content]) => content?.trim() === text)?.[0]?.trim();
  expect(marginOf("namespace: shop")).toBe("spec.targetNamespace");
  expect(marginOf("name: my-settings")).toBe("app/kustomization.yaml:3");
  expect(marginOf("kustomize.toolkit.fluxcd.io/name: app")).toBe("");
  expect(marginOf("labels:")).toBe("-");
});
