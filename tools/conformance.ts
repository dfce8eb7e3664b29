// SPDX-License-Identifier: Apache-2.0
// npm run conformance -- [SUITE…] [--filter RE] [--show N] [--list]
// Runs the conformance suites against the cases in the folder named by CONFORMANCE (default ../shared/conformance).
// The stack is as deep as that of a worker thread: templates that include each other need it, and run in workers otherwise.
import { readdirSync, existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Suite } from "@flux-ts/testbed";
import { conformanceDir, runSuites } from "@flux-ts/testbed";

const HELP = `Usage: npm run conformance -- [SUITE…] [--filter RE] [--show N] [--list]

Runs recorded cases of the real Kubernetes, kustomize and Flux against ours, and prints passed, known to fail and failing per suite and area.
The cases come from the folder named by the environment variable CONFORMANCE (default: ../shared/conformance beside the project).
Exit status 0 only when exactly the known failures fail; 1 otherwise, and when a suite named here has no cases; 2 when there is no such
suite or no folder. The last line is always "N passed, N failed, N skipped".

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
  return runSuites(suites, conformanceDir(), { ...options, print: console.log });
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`✗ ${(error as Error).message}`);
  console.log("\n0 passed, 0 failed, 0 skipped");
  process.exit(2);
}
