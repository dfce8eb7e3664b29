// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import type { FluxCase } from "./flux-steps.ts";
import { FluxRun, Unplayable } from "./flux-steps.ts";
import { knownFailures } from "./flux.known-failures.ts";

type Line = FluxCase | { readonly setup: string; readonly steps: FluxCase["steps"]; readonly id?: undefined };

const sources = ["kustomize_generator", "kustomize_generator_whitebox", "filesys/fs_secure", "filesys/fs_memory"];

/** Flux's own cases of what it does around kustomize: made kustomizations, overlays, and builds that stay in their folder. */
export const suite: Suite = {
  name: "flux-kustomize",
  knownFailures,
  present: (folder) => existsSync(join(folder, "flux/pkg/kustomize")),
  async run(folder, tell, { filter }) {
    const fixtures = fixturesIn(join(folder, "flux/fixtures/pkg/kustomize"));
    for (const source of sources) {
      const text = readFileSync(join(folder, "flux/pkg/kustomize", `${source}.jsonl`), "utf8");
      const lines = text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Line);
      const setups = new Map(lines.flatMap((line) => (line.id === undefined ? [[line.setup, line.steps] as const] : [])));
      for (const line of lines) {
        if (line.id === undefined || !(filter?.test(line.id) ?? true)) continue;
        tell(play(line, source, setups.get(line.setup ?? "") ?? [], fixtures));
      }
    }
  },
};

function play(one: FluxCase, area: string, setup: FluxCase["steps"], fixtures: ReadonlyMap<string, string>): CaseResult {
  try {
    new FluxRun(fixtures).play([...setup, ...one.steps]);
    return { name: one.id, area, outcome: "passed" };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name: one.id, area, outcome: error instanceof Unplayable ? "skipped" : "failed", detail };
  }
}

/** The files below a folder: path from there → content. */
function fixturesIn(folder: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) out.set(name, readFileSync(path, "utf8"));
  }
  return out;
}
