// SPDX-License-Identifier: Apache-2.0
// npm run bench -- [NAME…] [--json FILE]: measures, and prints each figure beside its target. Times depend on the machine; it prints what it ran on.
import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import type { Bench, Figure } from "./measure.ts";
import { meets } from "./measure.ts";

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  apply: async () => (await import("./apply.ts")).applyBench,
  http: async () => (await import("./http.ts")).httpBench,
  pods: async () => (await import("./pods.ts")).podsBench,
  start: async () => (await import("./start.ts")).startBench,
  latency: async () => (await import("./latency.ts")).latencyBench,
  chain: async () => (await import("./chain.ts")).chainBench,
  many: async () => (await import("./many.ts")).manyBench,
  kustomize: async () => (await import("./kustomize/bench.ts")).kustomizeBench,
  helm: async () => (await import("./helm/bench.ts")).helmBench,
  gotemplate: async () => (await import("./gotemplate/bench.ts")).gotemplateBench,
};

const args = process.argv.slice(2);
const json = args.includes("--json") ? args[args.indexOf("--json") + 1] : undefined;
const names = args.filter((arg, index) => !arg.startsWith("--") && args[index - 1] !== "--json");
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (args.includes("--help") || unknown.length > 0) {
  console.log(`Usage: npm run bench -- [NAME…] [--json FILE]\nNames: ${Object.keys(BENCHES).join(", ")}`);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const [cpu] = cpus();
console.log(
  `${cpus().length} × ${cpu?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(2)}`,
);
const all: (Figure & { readonly bench: string })[] = [];
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  const bench = await BENCHES[name]?.();
  if (bench === undefined) continue;
  console.log(`\n${bench.name}`);
  for (const figure of await bench.run()) {
    const { target } = figure;
    const judged = target === undefined ? "" : `  ${meets(figure) ? "✔" : "✗"} ${target.is} ${target.value}`;
    console.log(
      `  ${figure.name.padEnd(56)} ${format(figure.value).padStart(10)} ${figure.unit}${judged}${figure.note ? `  (${figure.note})` : ""}`,
    );
    all.push({ ...figure, bench: name });
  }
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`);
process.exit(0);

function format(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}
