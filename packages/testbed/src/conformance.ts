// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** How one case of a corpus ended. */
export interface CaseResult {
  /** Unique within the suite. */
  readonly name: string;
  /** What figures are grouped by. */
  readonly area: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly detail?: string;
}

/** Cases recorded from the real thing, and how to run them against ours. */
export interface Suite {
  readonly name: string;
  /** Cases that are known to fail, each with its reason. One that passes is an error too. */
  readonly knownFailures: Readonly<Record<string, string>>;
  /** Whether the folder holds cases of this suite. */
  present(folder: string): boolean;
  /** Runs every case found under the folder, in any order, telling each result once. */
  run(folder: string, tell: (result: CaseResult) => void, options: SuiteOptions): Promise<void>;
}

export interface SuiteOptions {
  /** Runs only the cases whose name matches. */
  readonly filter?: RegExp;
}

/** The folder of the conformance cases: `CONFORMANCE`, else `../shared/conformance` beside the project; undefined when there is none. */
export function conformanceDir(): string | undefined {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const folder = process.env["CONFORMANCE"] ?? resolve(root, "../shared/conformance");
  return existsSync(folder) ? folder : undefined;
}

/** Splits results into what nobody expected: failures not known, and known failures that pass. */
export function judge(
  results: readonly CaseResult[],
  knownFailures: Readonly<Record<string, string>>,
): { readonly unexpected: readonly CaseResult[]; readonly mended: readonly CaseResult[]; readonly known: readonly CaseResult[] } {
  const isKnown = (result: CaseResult): boolean => Object.hasOwn(knownFailures, result.name);
  return {
    unexpected: results.filter((result) => result.outcome === "failed" && !isKnown(result)),
    mended: results.filter((result) => result.outcome === "passed" && isKnown(result)),
    known: results.filter((result) => result.outcome === "failed" && isKnown(result)),
  };
}
