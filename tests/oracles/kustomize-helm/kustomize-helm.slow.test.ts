// SPDX-License-Identifier: Apache-2.0
// Charts within kustomizations, beside the real kubectl and helm of npm.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeFileSystem } from "@flux-ts/cli";
import { build, toYaml } from "@flux-ts/kustomize";
import { inflateCharts } from "flux-ts";
import { kubectlBinaries } from "../../kubernetes/kubectl-binaries.ts";
import { CHARTS, NEWER, TREES } from "./trees.ts";

const programs = kubectlBinaries("1.35");
const why = "missing" in programs ? ` (skipped: ${programs.missing})` : "";
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kustomize-helm-"));
  if ("missing" in programs) return;
  // The kustomize of kubectl 1.35 runs Helm 3 only, and asks for the version with a flag that Helm 4 does not know.
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo v3.99.0; exit; fi\nexec '${programs.helm}' "$@"\n`;
  writeFileSync(join(folder, "helm"), script, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** What kubectl prints; undefined when it fails. */
function kubectl(root: string): { readonly out: string | undefined; readonly err: string } {
  if ("missing" in programs) throw new Error(programs.missing);
  const env = {
    ...process.env,
    TZ: "UTC",
    KUBECONFIG: "/dev/null",
    HELM_CACHE_HOME: folder,
    HELM_CONFIG_HOME: folder,
    HELM_DATA_HOME: folder,
  };
  const { status, stdout, stderr } = spawnSync(
    programs.kubectl,
    ["kustomize", "--enable-helm", "--helm-command", join(folder, "helm"), root],
    {
      encoding: "utf8",
      env,
    },
  );
  return { out: status === 0 ? stdout : undefined, err: stderr };
}

async function ours(root: string): Promise<{ readonly out: string | undefined; readonly err: string }> {
  try {
    return { out: toYaml(build(nodeFileSystem(), root, { inflateChart: await inflateCharts() }).objects), err: "" };
  } catch (error) {
    return { out: undefined, err: error instanceof Error ? error.message : String(error) };
  }
}

describe.skipIf("missing" in programs)(`kustomizations with charts are built as kubectl kustomize --enable-helm builds them${why}`, () => {
  test.each(Object.entries(TREES))("%s", { timeout: 60_000 }, async (name, tree) => {
    const root = join(folder, name.replace(/\W/g, "-"));
    write(root, { ...CHARTS, ...(typeof tree === "string" ? { "kustomization.yaml": tree } : tree) });
    const wanted = kubectl(root);
    const found = await ours(root);
    if (wanted.out === undefined) expect(found.out, `kubectl says: ${wanted.err}`).toBeUndefined();
    else if (Object.hasOwn(NEWER, name)) {
      const others = (out: string | undefined): string[] => (out ?? "").split("\n").filter((line) => !line.startsWith("  namespace: "));
      expect(others(found.out)).toEqual(others(wanted.out));
      expect(found.out).not.toBe(wanted.out);
    } else expect(found).toEqual({ out: wanted.out, err: "" });
  });
});
