// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The kustomize that `go.mod` beside this file names, compiled; or why there is none. */
export function buildKustomize(target: string): { readonly program: string } | { readonly missing: string } {
  return compile(target, "sigs.k8s.io/kustomize/kustomize/v5");
}

/** The program beside this file, which builds many trees in one run; or why there is none. */
export function buildOracle(target: string): { readonly program: string } | { readonly missing: string } {
  return compile(target, ".");
}

function compile(target: string, source: string): { readonly program: string } | { readonly missing: string } {
  if (spawnSync("go", ["version"]).status !== 0) return { missing: "Go is not installed" };
  const args = ["build", "-o", target, source];
  const { status, stderr } = spawnSync("go", args, { cwd: folder, encoding: "utf8", timeout: 600_000 });
  if (status === 0) return { program: target };
  if (/dial tcp|proxy|lookup |timeout|no required module|requires go/.test(stderr))
    return { missing: `the modules of kustomize cannot be had: ${stderr.slice(0, 200)}` };
  throw new Error(`kustomize does not compile: ${stderr}`);
}
