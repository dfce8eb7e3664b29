// SPDX-License-Identifier: Apache-2.0
// Prints the CPU time that `kustomize-ts build` takes for the large cases of the corpus, beside that of `kubectl kustomize`, each as a
// whole process. Run `node tools/bundle.mjs` first, then: node tools/run.mjs packages/kustomize/bench/build.ts [REGEX].
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { conformanceDir } from "@flux-ts/testbed";
import { casesIn } from "../conformance/corpus.ts";

const RUNS = 5;
const ours = fileURLToPath(new URL("../../flux-ts/bin/kustomize-ts.mjs", import.meta.url));

/** Milliseconds of CPU, user and system, that one run of the command takes: the mean of several. */
function cpuOf(command: readonly string[]): number {
  const script = `for i in $(seq ${RUNS}); do "$@" > /dev/null 2>&1 || exit 1; done; times`;
  const out = execFileSync("bash", ["-c", script, "bash", ...command], { encoding: "utf8" });
  // The second line is of the children.
  const times = [...(out.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return (times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0) / RUNS) * 1000;
}

const folder = conformanceDir();
if (folder === undefined) throw new Error("there are no conformance cases here; set CONFORMANCE");
const wanted = new RegExp(process.argv[2] ?? "");
const work = mkdtempSync(join(tmpdir(), "kustomize-bench-"));
const ratios: number[] = [];
try {
  for (const one of casesIn(folder)) {
    if (one.group !== "large" || one.error || !wanted.test(one.name)) continue;
    const root = join(work, one.name.replaceAll("/", "_"));
    for (const [path, content] of Object.entries(one.files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(
        join(root, path),
        typeof content === "string" ? content.replaceAll("{dir}", root) : Buffer.from(content.base64, "base64"),
      );
    }
    const target = join(root, one.target);
    const flags = [`--load-restrictor=${one.options.loadRestrictor === "none" ? "LoadRestrictionsNone" : "LoadRestrictionsRootOnly"}`];
    const mine = cpuOf([process.execPath, ours, "build", target, ...flags]);
    let theirs: number;
    try {
      theirs = cpuOf(["kubectl", "kustomize", target, ...flags]);
    } catch {
      console.log(`${one.name.padEnd(60)} ${mine.toFixed(0).padStart(6)} ms  (kubectl cannot build it)`);
      continue;
    }
    ratios.push(mine / theirs);
    console.log(
      `${one.name.padEnd(60)} ${mine.toFixed(0).padStart(6)} ms  kubectl ${theirs.toFixed(0).padStart(6)} ms  ratio ${(mine / theirs).toFixed(2)}`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
const sorted = ratios.toSorted((a, b) => a - b);
console.log(
  `${ratios.length} cases; median ratio ${sorted[sorted.length >> 1]?.toFixed(2)}, worst ${sorted.at(-1)?.toFixed(2)} (below 1: ours takes less)`,
);
