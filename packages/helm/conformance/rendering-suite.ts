// SPDX-License-Identifier: Apache-2.0
import type { CaseResult, Suite, SuiteOptions } from "@flux-ts/testbed";
import { printRelease } from "../src/index.ts";
import { compareManifests } from "./compare-manifests.ts";
import { type RecordedCase, casesOf, helmFolder } from "./corpus.ts";
import { type RunCase, errorText, runCase } from "./run-case.ts";

/** Tells the outcome of one level of a case. */
export type TellLevel = (level: string, problem: string | undefined) => void;

/**
 * A suite over cases of one kind. A case is told once a level: under its own name for what counts, with the level behind
 * its name for the others (`text`: the very lines; `message`: the very error).
 */
export function levelSuite(
  name: string,
  kind: string,
  knownFailures: Readonly<Record<string, string>>,
  judge: (helm: string, one: RecordedCase, tell: TellLevel) => void,
): Suite {
  return {
    name,
    knownFailures,
    present: (folder) => helmFolder(folder) !== undefined,
    run: async (folder: string, tell: (result: CaseResult) => void, options: SuiteOptions) => {
      const helm = helmFolder(folder) ?? "";
      for (const one of casesOf(folder, kind)) {
        if (options.filter?.test(one.name) === false) continue;
        judge(helm, one, (level, problem) => {
          const outcome = problem === undefined ? "passed" : "failed";
          const detail = problem === undefined ? {} : { detail: problem };
          tell({ name: level === "semantic" ? one.name : `${one.name} (${level})`, area: level, outcome, ...detail });
        });
      }
    },
  };
}

/** Helm tells problems of a schema in the random order of a Go map. */
function isSameMessage(message: string, wanted: string): boolean {
  if (!wanted.includes("of the schema(s)")) return message === wanted;
  const sorted = (text: string): string => text.split("\n").toSorted().join("\n");
  return sorted(message) === sorted(wanted);
}

/** Judges a case whose output is manifests, or an error. */
export function judgeRendering(helm: string, one: RecordedCase, tell: TellLevel): void {
  let run: RunCase;
  let output: string;
  try {
    run = runCase(helm, one);
    output = printRelease(run.release, run.print);
  } catch (error) {
    const message = errorText(error);
    if (one.error === undefined) {
      tell("semantic", `unexpected error: ${message.slice(0, 600)}`);
      tell("text", `unexpected error: ${message.slice(0, 600)}`);
      return;
    }
    tell("semantic", undefined);
    tell(
      "message",
      isSameMessage(message, one.error) ? undefined : `error reads ${JSON.stringify(message)}, expected ${JSON.stringify(one.error)}`,
    );
    return;
  }
  if (one.error !== undefined) {
    tell("semantic", `rendered, but the error is expected: ${one.error.slice(0, 300)}`);
    return;
  }
  const { semantic, text } = compareManifests(one.output ?? "", output, one.ignore, one.ignoreLines);
  tell("semantic", semantic);
  tell("text", text);
}
