// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { play } from "./scenario-player.ts";
import type { Scenario } from "./scenario-types.ts";
import { knownFailures } from "./scenarios.known-failures.ts";

const AREAS: readonly string[] = ["kustomization", "substitution"];

/** What a real cluster was seen to do, played in process with the controllers that are needed for it. */
export const suite: Suite = {
  name: "kustomize-scenarios",
  knownFailures,
  present: (folder) => AREAS.some((area) => existsSync(fileOf(folder, area))),
  async run(folder, tell, { filter }) {
    for (const area of AREAS) {
      for (const scenario of readScenarios(fileOf(folder, area))) {
        if (filter?.test(scenario.name) === false) continue;
        tell(await judge(scenario));
      }
    }
  },
};

async function judge(scenario: Scenario): Promise<CaseResult> {
  const { name, area } = scenario;
  if ((scenario.needs ?? []).length > 0) return { name, area, outcome: "skipped", detail: `needs ${scenario.needs?.join(", ")}` };
  const problems = await play(scenario).catch((error: unknown) => [String(error)]);
  return problems.length === 0 ? { name, area, outcome: "passed" } : { name, area, outcome: "failed", detail: problems.join("\n") };
}

function fileOf(folder: string, area: string): string {
  return join(folder, "scenarios", `${area}.jsonl.gz`);
}

function readScenarios(file: string): readonly Scenario[] {
  if (!existsSync(file)) return [];
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as Scenario);
}
