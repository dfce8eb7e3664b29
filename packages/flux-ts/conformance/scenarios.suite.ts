// SPDX-License-Identifier: Apache-2.0
// What Go Flux did on a real cluster (`scenarios/*.jsonl.gz`), replayed by the corpus' own runner against our controllers on our API server.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { flagsNotBuilt, fluxFlags } from "@flux-ts/controllers";
import { fluxKinds } from "@flux-ts/flux-api";
import { parseFlags, silentLogger } from "@flux-ts/kube-runtime";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { startLabCluster } from "../src/lab/cluster.ts";
import { knownFailures } from "./scenarios.known-failures.ts";
import { waitsFor, type Scenario } from "./scenario-features.ts";

/** Areas whose controllers are built. */
const AREAS = ["kustomization", "substitution", "git", "lab", "course", "cli"];

/** As the scenarios were recorded; the two gates of ours give upstream's behaviour. */
const FLAGS = [
  "--interval-jitter-percentage=0",
  "--requeue-dependency=5s",
  "--http-retry=2",
  "--concurrent=20",
  "--custom-apply-stage-kinds=stage.example.com/Widget",
  "--feature-gates=DefaultNamespaceFallback=false,RefuseEncrypted=false",
  "--metrics-addr=0",
  "--health-addr=0",
];

const BUNDLER = fileURLToPath(new URL("../../../tools/bundle.mjs", import.meta.url));

interface Reported {
  readonly name: string;
  readonly area: string;
  readonly ok?: boolean;
  readonly skipped?: string;
  readonly fails?: readonly { readonly step: unknown; readonly what: string; readonly diff: readonly string[] }[];
}

function folderOf(folder: string): string {
  return join(folder, "scenarios");
}

function loadScenarios(folder: string): readonly Scenario[] {
  return readdirSync(folderOf(folder))
    .filter((file) => file.endsWith(".jsonl.gz"))
    .flatMap((file) =>
      gunzipSync(readFileSync(join(folderOf(folder), file)))
        .toString("utf8")
        .split("\n"),
    )
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Scenario);
}

export const suite: Suite = {
  name: "scenarios",
  knownFailures,
  present: (folder) => existsSync(join(folderOf(folder), "run.mjs")),
  run: async (folder, tell, { filter }) => {
    const scenarios = loadScenarios(folder).filter(({ area, name }) => AREAS.includes(area) && (filter === undefined || filter.test(name)));
    const ready: Scenario[] = [];
    for (const scenario of scenarios) {
      const feature = waitsFor(scenario, join(folder, "../course"));
      if (feature === undefined) ready.push(scenario);
      else tell({ name: scenario.name, area: scenario.area, outcome: "skipped", detail: `waits for ${feature}` });
    }
    if (ready.length > 0) for (const result of await replay(folder, ready)) tell(result);
  },
};

async function replay(folder: string, scenarios: readonly Scenario[]): Promise<readonly CaseResult[]> {
  const scratch = mkdtempSync(join(tmpdir(), "flux-scenarios-"));
  const cluster = await startLabCluster({
    folder: join(scratch, "lab"),
    isKept: false,
    port: 0,
    podReadyAfterMs: 500,
    // The recorded steps were done before an autoscaler was looked at; a machine that is busy with other suites takes longer.
    autoscalerPeriodMs: 120_000,
    values: parseFlags(FLAGS, fluxFlags, flagsNotBuilt),
    log: silentLogger,
    workerUrl: new URL("../src/programs/compute-worker.ts", import.meta.url),
    path: process.env["PATH"] ?? "",
    hostname: "conformance",
  });
  try {
    // The recorded cluster had the bare definitions, and these are not part of an installation until `flux install` says so.
    for (const kind of fluxKinds) {
      const ref = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: `${kind.plural}.${kind.group}` };
      await cluster.client.patch(ref, { metadata: { labels: null } }, { type: "merge" });
    }
    const report = join(scratch, "report.json");
    const kubectl = findProgram("kubectl");
    const names = `^(${scenarios.map(({ name }) => name.replaceAll(/[^\w-]/g, "\\$&")).join("|")})$`;
    const args = [
      "--kubeconfig",
      cluster.kubeconfigPath,
      "--filter",
      names,
      "--jobs",
      "6",
      "--settle",
      "15",
      "--show",
      "0",
      "--json",
      report,
      "--flux",
      `${process.execPath} ${join(scratch, "bundle/flux.mjs")}`,
      ...(kubectl === undefined ? [] : ["--kubectl", kubectl]),
    ];
    await runNode([BUNDLER, join(scratch, "bundle"), "flux"]);
    await runNode([join(folderOf(folder), "run.mjs"), ...args, "--in", folderOf(folder)]);
    const reported = JSON.parse(readFileSync(report, "utf8")) as readonly Reported[];
    return reported.map(toResult);
  } finally {
    await cluster.stop(1000);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The absolute path of a program: the runner puts a script of the same name before it in the PATH. */
function findProgram(name: string): string | undefined {
  const paths = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  return paths.find((path) => existsSync(path));
}

function toResult({ name, area, ok, skipped, fails = [] }: Reported): CaseResult {
  if (skipped !== undefined) return { name, area, outcome: "skipped", detail: skipped };
  if (ok === true) return { name, area, outcome: "passed" };
  const detail = fails.map(({ step, what, diff }) => `step ${String(step)} ${what}\n  ${diff.slice(0, 12).join("\n  ")}`).join("\n");
  return { name, area, outcome: "failed", detail };
}

/** The runner exits with 1 when scenarios fail; what matters is its report. */
function runNode(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 64 << 20, timeout: 1_500_000 }, () => resolve());
  });
}
