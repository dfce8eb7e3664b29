// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseJson } from "@flux-ts/kube-core";
import type { StepResult } from "./run-script.ts";
import type { Script } from "./scripts.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The oracle, compiled; or why there is none. Go keeps what it compiled, so the second time takes a moment only. */
export function buildOracle(target: string): { readonly program: string } | { readonly missing: string } {
  if (spawnSync("go", ["version"]).status !== 0) return { missing: "Go is not installed" };
  const { status, stderr } = spawnSync("go", ["build", "-o", target, "."], { cwd: folder, encoding: "utf8", timeout: 240_000 });
  if (status === 0) return { program: target };
  if (/dial tcp|proxy|lookup |timeout|no required module|requires go/.test(stderr))
    return { missing: `the oracle's modules cannot be had: ${stderr.slice(0, 200)}` };
  throw new Error(`the oracle does not compile: ${stderr}`);
}

/** The results of Kubernetes' own field management, script by script. */
export function askOracle(program: string, scripts: readonly Script[]): StepResult[][] {
  const input = scripts.map((script) => JSON.stringify(script)).join("\n");
  const { status, stdout, stderr } = spawnSync(program, [], { input, encoding: "utf8", maxBuffer: 512 << 20, timeout: 120_000 });
  if (status !== 0) throw new Error(`the oracle failed: ${stderr}`);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseJson(line) as StepResult[]);
}
