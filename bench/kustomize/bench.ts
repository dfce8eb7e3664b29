// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeFileSystem } from "@flux-ts/cli";
import type { BuildOptions } from "@flux-ts/kustomize";
import { build, BuildCache, toYaml } from "@flux-ts/kustomize";
import { buildKustomize } from "../../tests/oracles/kustomize/reference.ts";
import type { Bench, Figure } from "../measure.ts";
import { median } from "../measure.ts";
import { costOf, outputOf } from "./process-cost.ts";
import type { Tree } from "./trees.ts";
import { grownTree, largeTrees, tinyTrees } from "./trees.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const flags = ["--load-restrictor=LoadRestrictionsNone", "--reorder=none"];
const options: BuildOptions = { loadRestrictor: "none", reorder: "none" };
const rounds = 5;

/** The command of the reference for a tree: kustomize itself, else what kubectl has of it. */
function referenceIn(folder: string): (tree: Tree) => string[] {
  const built = buildKustomize(join(folder, "kustomize"));
  if ("program" in built) return ({ target }) => [built.program, "build", target, ...flags];
  console.log(`  ${built.missing}; compared with kubectl kustomize instead`);
  return ({ target }) => ["kubectl", "kustomize", target, ...flags];
}

/** Milliseconds of CPU that one run takes in this process, the median of several; quick ones are repeated. */
function warmCpuMs(work: () => unknown): number {
  const cpuMs = (times: number): number => {
    const before = process.cpuUsage();
    for (let count = 0; count < times; count++) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / times;
  };
  const begun = process.hrtime.bigint();
  let last = cpuMs(1);
  for (let count = 1; count < 6 || process.hrtime.bigint() - begun < 1_000_000_000n; count++) last = cpuMs(1);
  const times = Math.max(1, Math.ceil(50 / Math.max(last, 0.001)));
  return median(Array.from({ length: rounds }, () => cpuMs(times)));
}

function inProcess({ target }: Tree, more: BuildOptions = {}): () => string {
  return () => toYaml(build(nodeFileSystem(), target, { ...options, ...more }).objects);
}

interface Programs {
  readonly ours: readonly string[];
  readonly theirs: (tree: Tree) => string[];
}

interface Comparison {
  readonly cold: { readonly ours: number; readonly theirs: number; readonly oursWall: number; readonly theirsWall: number };
  readonly warm: number;
  readonly unchanged: number;
}

/** Compares the outputs, then the costs, alternating. @throws {Error} when the outputs differ */
function compare(tree: Tree, { ours: program, theirs: reference }: Programs, isWarm: boolean): Comparison {
  const ours = [...program, "build", tree.target, ...flags];
  const theirs = reference(tree);
  if (outputOf(ours) !== outputOf(theirs)) throw new Error(`${tree.name}: the outputs differ`);
  const costs = Array.from({ length: rounds }, () => ({ ours: costOf(ours), theirs: costOf(theirs) }));
  const cache = new BuildCache({ digest: (content) => hash("sha256", content) });
  const files = nodeFileSystem();
  return {
    cold: {
      ours: median(costs.map((one) => one.ours.cpuMs)),
      theirs: median(costs.map((one) => one.theirs.cpuMs)),
      oursWall: median(costs.map((one) => one.ours.wallMs)),
      theirsWall: median(costs.map((one) => one.theirs.wallMs)),
    },
    warm: isWarm ? warmCpuMs(inProcess(tree)) : Number.NaN,
    unchanged: isWarm ? warmCpuMs(() => build(files, tree.target, { ...options, cache })) : Number.NaN,
  };
}

const atMost = (value: number): NonNullable<Figure["target"]> => ({ is: "at most", value });

function noteOf({ ours, theirs, oursWall, theirsWall }: Comparison["cold"]): string {
  return `${Math.round(ours)} of ${Math.round(theirs)} ms CPU, ${Math.round(oursWall)} of ${Math.round(theirsWall)} ms wall`;
}

/** The peak of resident memory of one build as a process. */
function peakMiB({ target }: Tree, [, script = ""]: readonly string[]): number {
  const report = "process.on('exit',()=>process.stderr.write(String(process.resourceUsage().maxRSS)))";
  const args = ["--import", `data:text/javascript,${encodeURIComponent(report)}`, script, "build", target, ...flags];
  const shell = '"$@" 2>&1 >/dev/null';
  // Behind the warnings.
  const said = execFileSync("bash", ["-c", shell, "bash", process.execPath, ...args], { encoding: "utf8" });
  return Number(/\d+$/.exec(said)?.[0]) / 1024;
}

function ofLarge(trees: readonly Tree[], programs: Programs, startMs: number): Figure[] {
  return trees.flatMap((tree): Figure[] => {
    const { cold, warm, unchanged } = compare(tree, programs, true);
    const above = cold.theirs - startMs;
    return [
      { name: `${tree.name}: cold`, value: cold.ours / cold.theirs, unit: "x", target: atMost(0.5), note: noteOf(cold) },
      {
        name: `${tree.name}: warm`,
        value: warm / above,
        unit: "x",
        target: atMost(/generated-(?:1000|2000)/.test(tree.name) ? 0.05 : 0.2),
        note: `${warm.toFixed(1)} of ${Math.round(above)} ms CPU`,
      },
      {
        name: `${tree.name}: unchanged`,
        value: unchanged / above,
        unit: "x",
        target: atMost(0.01),
        note: `${unchanged.toFixed(2)} ms CPU`,
      },
    ];
  });
}

function ofTiny(trees: readonly Tree[], programs: Programs, bareMs: number): Figure[] {
  return trees.map((tree) => {
    const { cold } = compare(tree, programs, false);
    return { name: `${tree.name}: cold, above node -e 0`, value: cold.ours - bareMs, unit: "ms", target: atMost(50), note: noteOf(cold) };
  });
}

/** Only two sizes are compared with the reference, whose cost grows faster than the trees do. */
function ofGrowth(folder: string, programs: Programs, startMs: number): Figure[] {
  let perObject: number | undefined;
  return [250, 500, 1000, 2000, 4000].flatMap((count): Figure[] => {
    const tree = grownTree(folder, count);
    const compared = count === 1000 || count === 2000 ? compare(tree, programs, true) : undefined;
    const warm = compared?.warm ?? warmCpuMs(inProcess(tree));
    perObject ??= warm / count;
    const figures: Figure[] = [
      {
        name: `${tree.name}: cost an object, of that with 250`,
        value: warm / count / perObject,
        unit: "x",
        target: atMost(1.3),
        note: `${warm.toFixed(1)} ms CPU`,
      },
    ];
    if (compared === undefined) return figures;
    const above = compared.cold.theirs - startMs;
    const note = `${warm.toFixed(1)} of ${Math.round(above)} ms CPU; cold ${noteOf(compared.cold)}`;
    return [{ name: `${tree.name}: warm`, value: warm / above, unit: "x", target: atMost(0.05), note }, ...figures];
  });
}

export const kustomizeBench: Bench = {
  name: "kustomize build (from the bundle, and in this process), compared with kustomize 5.8.1 by CPU time, medians of 5",
  run: async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "kustomize-bench-")));
    try {
      execFileSync(process.execPath, [`${root}tools/bundle.mjs`, folder, "kustomize-ts"]);
      const programs: Programs = { ours: [process.execPath, join(folder, "kustomize-ts.mjs")], theirs: referenceIn(folder) };
      const tiny = tinyTrees(folder);
      const [smallest] = tiny;
      const of = (command: readonly string[]): number => median(Array.from({ length: rounds }, () => costOf(command).cpuMs));
      const startMs = smallest === undefined ? 0 : of(programs.theirs(smallest));
      const bareMs = of([process.execPath, "-e", "0"]);
      const large = largeTrees(folder);
      const peaks = large.map((tree) => ({ tree, peak: peakMiB(tree, programs.ours) })).toSorted((a, b) => b.peak - a.peak);
      const figures: Figure[] = [
        ...ofTiny(tiny, programs, bareMs),
        ...ofLarge(large, programs, startMs),
        ...ofGrowth(folder, programs, startMs),
      ];
      const [most] = peaks;
      if (most !== undefined) figures.push({ name: `peak memory, the most: ${most.tree.name}`, value: most.peak, unit: "MiB" });
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
