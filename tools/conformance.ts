// SPDX-License-Identifier: Apache-2.0
// npm run conformance -- [SUITE…] [--filter RE] [--show N] [--list]
// Runs the conformance suites against the cases in the folder named by CONFORMANCE (default ../shared/conformance).
// The stack is as deep as that of a worker thread: templates that include each other need it, and run in workers otherwise.
import { readdirSync, existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { conformanceDir, judge } from "@flux-ts/testbed";

const HELP = `Usage: npm run conformance -- [SUITE…] [--filter RE] [--show N] [--list]

Runs recorded cases of the real Kubernetes, kustomize and Flux against ours, and prints passed, known to fail and failing per suite and area.
The cases come from the folder named by the environment variable CONFORMANCE (default: ../shared/conformance beside the project).
Exit status 0 only when exactly the known failures fail. The last line is "N passed, N failed, N skipped".

  --filter RE   only cases whose name matches
  --show N      print N unexpected failures of each suite in full (default 5)
  --list        print the names of the suites and stop
`;

async function loadSuites(): Promise<readonly Suite[]> {
  const root = fileURLToPath(new URL("../packages", import.meta.url));
  const files = readdirSync(root)
    .map((name) => `${root}/${name}/conformance`)
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith(".suite.ts"))
        .map((file) => `${folder}/${file}`),
    )
    .toSorted();
  const suites: Suite[] = [];
  for (const file of files) {
    const loaded = (await import(pathToFileURL(file).href)) as { readonly suite?: Suite; readonly suites?: readonly Suite[] };
    suites.push(...(loaded.suites ?? []), ...(loaded.suite === undefined ? [] : [loaded.suite]));
  }
  return suites;
}

interface Options {
  readonly names: readonly string[];
  readonly filter?: RegExp;
  readonly show: number;
  readonly list: boolean;
}

function parseArguments(argv: readonly string[]): Options | undefined {
  const names: string[] = [];
  let filter: RegExp | undefined;
  let show = 5;
  let list = false;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] as string;
    if (word === "--help" || word === "-h") return undefined;
    if (word === "--filter") filter = new RegExp(argv[(index += 1)] ?? "");
    else if (word === "--show") show = Number(argv[(index += 1)] ?? "5");
    else if (word === "--list") list = true;
    else if (word.startsWith("-")) throw new Error(`unknown option ${word}; see --help`);
    else names.push(word);
  }
  return { names, show, list, ...(filter === undefined ? {} : { filter }) };
}

interface Counts {
  passed: number;
  known: number;
  failing: number;
  skipped: number;
}

function printTable(suite: Suite, results: readonly CaseResult[]): Counts {
  const areas = new Map<string, Counts>();
  const total: Counts = { passed: 0, known: 0, failing: 0, skipped: 0 };
  for (const result of results) {
    const counts = areas.get(result.area) ?? { passed: 0, known: 0, failing: 0, skipped: 0 };
    areas.set(result.area, counts);
    const column =
      result.outcome === "passed"
        ? "passed"
        : result.outcome === "skipped"
          ? "skipped"
          : Object.hasOwn(suite.knownFailures, result.name)
            ? "known"
            : "failing";
    counts[column] += 1;
    total[column] += 1;
  }
  const row = (name: string, counts: Counts): string => {
    const judged = counts.passed + counts.known + counts.failing;
    const share = judged === 0 ? "" : `${((100 * counts.passed) / judged).toFixed(1)} %`;
    return `  ${name.padEnd(40)} ${String(counts.passed).padStart(6)} ${String(counts.known).padStart(6)} ${String(counts.failing).padStart(8)} ${String(counts.skipped).padStart(8)}  ${share}`;
  };
  console.log(`\n${suite.name}`);
  console.log(`  ${"area".padEnd(40)} passed  known  failing  skipped`);
  for (const [name, counts] of [...areas].toSorted(([a], [b]) => (a < b ? -1 : 1))) console.log(row(name, counts));
  if (areas.size > 1) console.log(row("all", total));
  return total;
}

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2));
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const suites = await loadSuites();
  if (options.list) {
    console.log(suites.map((suite) => suite.name).join("\n"));
    return 0;
  }
  const unknown = options.names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) throw new Error(`no suite ${unknown.join(", ")}; there are: ${suites.map((suite) => suite.name).join(", ")}`);
  const folder = conformanceDir();
  if (folder === undefined) throw new Error("there are no cases: set CONFORMANCE to their folder");

  const sum = { passed: 0, failed: 0, skipped: 0 };
  let isAsKnown = true;
  for (const suite of suites) {
    if (options.names.length > 0 && !options.names.includes(suite.name)) continue;
    if (!suite.present(folder)) continue;
    const results: CaseResult[] = [];
    await suite.run(folder, (result) => results.push(result), options.filter === undefined ? {} : { filter: options.filter });
    const counts = printTable(suite, results);
    const { unexpected, mended } = judge(results, suite.knownFailures);
    for (const result of unexpected.slice(0, options.show)) console.log(`  ✗ ${result.name}\n${indent(result.detail ?? "")}`);
    if (unexpected.length > options.show) console.log(`  … and ${unexpected.length - options.show} more`);
    for (const result of mended) console.log(`  ✗ ${result.name} passes: take it off the list of known failures`);
    isAsKnown &&= unexpected.length === 0 && mended.length === 0;
    sum.passed += counts.passed;
    sum.failed += counts.known + counts.failing;
    sum.skipped += counts.skipped;
  }
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return isAsKnown ? 0 : 1;
}

function indent(text: string): string {
  return text
    .slice(0, 2000)
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`✗ ${(error as Error).message}`);
  process.exit(2);
}
