// SPDX-License-Identifier: Apache-2.0
import type { CaseResult, Suite } from "./conformance.ts";
import { judge } from "./conformance.ts";

export interface RunSuitesOptions {
  /** Empty: all suites. */
  readonly names: readonly string[];
  /** Only cases whose name matches. */
  readonly filter?: RegExp;
  /** How many unexpected failures of each suite are told in full. */
  readonly show: number;
  readonly print: (text: string) => void;
}

/**
 * Runs suites against the cases of a folder and prints a table for each. The last line is always `N passed, N failed, N skipped`; a
 * suite without cases counts as one skipped.
 *
 * @param folder undefined when there is none
 * @returns 0 when exactly the known failures fail; 1 when others do, or when a suite that was asked for has no case; 2 when there is
 *   no folder or no such suite
 */
export async function runSuites(suites: readonly Suite[], folder: string | undefined, options: RunSuitesOptions): Promise<number> {
  const { names, print } = options;
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const end = (status: number): number => {
    print(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
    return status;
  };
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    print(`✗ no suite ${unknown.join(", ")}; there are: ${suites.map((suite) => suite.name).join(", ")}`);
    return end(2);
  }
  const wanted = names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
  if (folder === undefined) {
    sum.skipped = wanted.length;
    print("✗ the folder of the cases is not there: set CONFORMANCE to it");
    return end(2);
  }

  const without: string[] = [];
  let isAsKnown = true;
  for (const suite of wanted) {
    const results: CaseResult[] = [];
    if (suite.present(folder))
      await suite.run(folder, (result) => results.push(result), options.filter === undefined ? {} : { filter: options.filter });
    if (results.length === 0) {
      without.push(suite.name);
      sum.skipped += 1;
      continue;
    }
    const counts = printTable(suite, results, print);
    const { unexpected, mended } = judge(results, suite.knownFailures);
    for (const result of unexpected.slice(0, options.show)) print(`  ✗ ${result.name}\n${indent(result.detail ?? "")}`);
    if (unexpected.length > options.show) print(`  … and ${unexpected.length - options.show} more`);
    for (const result of mended) print(`  ✗ ${result.name} passes: take it off the list of known failures`);
    isAsKnown &&= unexpected.length === 0 && mended.length === 0;
    sum.passed += counts.passed;
    sum.failed += counts.known + counts.failing;
    sum.skipped += counts.skipped;
  }
  const where = `${folder}${options.filter === undefined ? "" : ` whose name matches ${options.filter.source}`}`;
  if (without.length > 0) print(`\nNo cases in ${where} for: ${without.join(", ")}`);
  const isAnyMissed = without.length > 0 && (names.length > 0 || without.length === wanted.length);
  return end(isAsKnown && !isAnyMissed ? 0 : 1);
}

interface Counts {
  passed: number;
  known: number;
  failing: number;
  skipped: number;
}

function printTable(suite: Suite, results: readonly CaseResult[], print: (text: string) => void): Counts {
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
  print(`\n${suite.name}`);
  print(`  ${"area".padEnd(40)} passed  known  failing  skipped`);
  for (const [name, counts] of [...areas].toSorted(([a], [b]) => (a < b ? -1 : 1))) print(row(name, counts));
  if (areas.size > 1) print(row("all", total));
  return total;
}

function indent(text: string): string {
  return text
    .slice(0, 2000)
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");
}
