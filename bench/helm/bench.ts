// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CompiledChart, defaultCapabilities, parseKubeVersion, printRelease } from "@flux-ts/helm";
import { loadChart, nodeTemplatePorts } from "@flux-ts/helm/node";
import { buildHelm } from "../../tests/oracles/helm/reference.ts";
import { kubectlBinaries } from "../../tests/kubernetes/kubectl-binaries.ts";
import { costOf, outputOf } from "../kustomize/process-cost.ts";
import { type Bench, type Figure, median } from "../measure.ts";
import { type BenchChart, grownChart, realCharts, smallChart } from "./charts.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = [process.execPath, `${root}packages/flux-ts/bin/helm-ts.cjs`];
const rounds = 5;

/** The reference: helm itself as `tests/oracles/helm` names it, else the newest of npm. */
function reference(folder: string): string {
  const built = buildHelm(join(folder, "helm"));
  if ("program" in built) return built.program;
  const packed = kubectlBinaries("1.35");
  if ("missing" in packed) throw new Error(`there is no helm to compare with: ${built.missing}; ${packed.missing}`);
  console.log(`  ${built.missing}; compared with helm 4.1.4 instead`);
  return packed.helm;
}

const argumentsOf = ({ path }: BenchChart): string[] => ["template", "rel", path, "-n", "ns", "--kube-version", "1.34.0", "--include-crds"];

/** Without what is made anew each time: passwords, and digests over them. */
function comparable(output: string): string {
  return output
    .replace(/"[A-Za-z0-9+/=]{40,}"|\b[0-9a-f]{64}\b/g, "random")
    .replace(/[ \t]+$/gm, "")
    .trim();
}

/** Milliseconds of CPU of one rendering in this process, its chart compiled: the median, after enough to be quick. */
async function warmCpuMs({ path }: BenchChart): Promise<number> {
  const chart = new CompiledChart(loadChart(path), { ports: await nodeTemplatePorts() });
  const capabilities = { ...defaultCapabilities(), kubeVersion: parseKubeVersion("1.34.0") };
  const cpuMs = (): number => {
    const before = process.cpuUsage();
    printRelease(chart.render({ release: { name: "rel", namespace: "ns" }, capabilities }), { includeCrds: true });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const begun = process.hrtime.bigint();
  while (process.hrtime.bigint() - begun < 2_000_000_000n) cpuMs();
  return median(Array.from({ length: 21 }, cpuMs));
}

interface Baseline {
  readonly helm: string;
  /** Of `helm version`. */
  readonly startMs: number;
  /** Of `node -e 0`. */
  readonly bareMs: number;
}

async function compare(chart: BenchChart, { helm, startMs, bareMs }: Baseline): Promise<Figure[]> {
  const ours = [...program, ...argumentsOf(chart)];
  const theirs = [helm, ...argumentsOf(chart)];
  if (comparable(outputOf(ours)) !== comparable(outputOf(theirs))) throw new Error(`${chart.name}: the outputs differ`);
  const costs = Array.from({ length: rounds }, () => ({ ours: costOf(ours).cpuMs, theirs: costOf(theirs).cpuMs }));
  const cold = median(costs.map((one) => one.ours));
  const theirCold = median(costs.map((one) => one.theirs));
  const warm = await warmCpuMs(chart);
  const above = Math.max(theirCold - startMs, 1);
  const note = `${Math.round(cold)} of ${Math.round(theirCold)} ms CPU`;
  return [
    {
      name: `${chart.name}: warm`,
      value: warm / above,
      unit: "x",
      target: { is: "at most", value: 0.8 },
      note: `${warm.toFixed(1)} of ${above.toFixed(1)} ms CPU`,
    },
    chart.name === "small"
      ? { name: `${chart.name}: cold, above node -e 0`, value: cold - bareMs, unit: "ms", target: { is: "at most", value: 60 }, note }
      : { name: `${chart.name}: cold`, value: cold / theirCold, unit: "x", target: { is: "at most", value: 1.5 }, note },
  ];
}

async function growth(folder: string): Promise<Figure[]> {
  let first: number | undefined;
  const figures: Figure[] = [];
  for (const count of [100, 200, 400, 800]) {
    const each = (await warmCpuMs(grownChart(folder, `grown-${count}`, count))) / count;
    first ??= each;
    figures.push({
      name: `${count} templates: cost of one, of that with 100`,
      value: each / first,
      unit: "x",
      target: { is: "at most", value: 1.3 },
    });
  }
  return figures;
}

/** Charts as helm-ts renders them, beside helm: outputs are compared first. */
export const helmBench: Bench = {
  name: "helm",
  run: async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "bench-helm-")));
    try {
      const helm = reference(folder);
      const middle = (command: readonly string[]): number => median(Array.from({ length: rounds }, () => costOf(command).cpuMs));
      const baseline = { helm, startMs: middle([helm, "version"]), bareMs: middle([process.execPath, "-e", "0"]) };
      const figures: Figure[] = [];
      for (const chart of [smallChart(folder), ...realCharts()]) figures.push(...(await compare(chart, baseline)));
      return [...figures, ...(await growth(folder))];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
