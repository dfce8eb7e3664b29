// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The helm that `go.mod` beside this file names, compiled; or why there is none. */
export function buildHelm(target: string): { readonly program: string } | { readonly missing: string } {
  if (spawnSync("go", ["version"]).status !== 0) return { missing: "Go is not installed" };
  const args = ["build", "-o", target, "helm.sh/helm/v4/cmd/helm"];
  const { status, stderr } = spawnSync("go", args, { cwd: folder, encoding: "utf8", timeout: 900_000 });
  if (status === 0) return { program: target };
  if (/dial tcp|proxy|lookup |timeout|no required module|requires go/.test(stderr))
    return { missing: `the modules of helm cannot be had: ${stderr.slice(0, 200)}` };
  throw new Error(`helm does not compile: ${stderr}`);
}
