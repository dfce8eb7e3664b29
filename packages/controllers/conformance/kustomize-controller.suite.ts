// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GitRepository } from "@flux-ts/flux-api";
import { configure } from "@flux-ts/kube-runtime";
import type { CaseResult, Suite } from "@flux-ts/testbed";
import { createWorld } from "@flux-ts/testbed/world";
import { kustomizationController } from "../src/kustomize/kustomization/controller.ts";
import type { KustomizeFeatures, KustomizeOptions } from "../src/kustomize/options.ts";
import { kustomizeOptions } from "../src/kustomize/options.ts";
import { ArtifactServer } from "./artifact-server.ts";
import type { GoStep } from "./controller-steps.ts";
import { StepRunner } from "./controller-steps.ts";
import { knownFailures } from "./kustomize-controller.known-failures.ts";

const CASES = "flux/kustomize-controller/internal/controller";

interface Case {
  readonly id?: string;
  readonly setup?: string;
  readonly steps?: readonly GoStep[];
}

/** What Flux' own tests of its kustomize controller do, against ours. */
export const suite: Suite = {
  name: "kustomize-controller",
  knownFailures,
  present: (folder) => existsSync(join(folder, CASES)),
  async run(folder, tell, { filter }) {
    for (const file of readdirSync(join(folder, CASES))
      .filter((name) => name.endsWith(".jsonl"))
      .toSorted()) {
      const cases = readCases(join(folder, CASES, file));
      const setups = new Map(cases.filter(({ id }) => id === undefined).map(({ setup = "", steps = [] }) => [setup, steps]));
      for (const { id, setup = "", steps = [] } of cases) {
        if (id === undefined || filter?.test(id) === false) continue;
        tell(await judge(id, [...(setups.get(setup) ?? []), ...steps], join(folder, "flux/fixtures", CASES.slice("flux/".length))));
      }
    }
  },
};

async function judge(name: string, steps: readonly GoStep[], fixtures: string): Promise<CaseResult> {
  const artifacts = new ArtifactServer();
  const options = { ...kustomizeOptions({ artifacts, dependencyRequeueMs: 2000, overrideManagers: ["node-fetch"], features: AS_TESTED }) };
  await using world = await createWorld({
    controllers: [configure(kustomizationController(), options, { intervalJitterPercent: 0 })],
    kinds: [GitRepository],
  });
  try {
    await new StepRunner(world, artifacts, fixtures, (setting, value) => configureAs(options, setting, value)).run(steps);
    return { name, area: "kustomize-controller", outcome: "passed" };
  } catch (error) {
    return { name, area: "kustomize-controller", outcome: "failed", detail: (error as Error).message };
  }
}

/** Upstream's tests leave the gates at Go's zero values but for one, and know none of ours. */
const AS_TESTED: Partial<KustomizeFeatures> = {
  cancelHealthCheckOnNewRevision: true,
  defaultNamespaceFallback: false,
  refuseEncrypted: false,
  strictPostBuildSubstitutions: false,
};

/** @throws {Error} of a setting that has no counterpart here */
function configureAs(options: { -readonly [Key in keyof KustomizeOptions]: KustomizeOptions[Key] }, setting: string, value: unknown): void {
  switch (setting) {
    case "NoCrossNamespaceRefs":
      options.noCrossNamespaceRefs = value === true;
      break;
    case "DefaultServiceAccount":
      options.defaultServiceAccount = String(value);
      break;
    case "StrictSubstitutions":
      options.features = { ...options.features, strictPostBuildSubstitutions: value === true };
      break;
    case "CustomStageKinds":
      options.customStageKinds = new Set(Object.keys(value as object).map(groupKindOf));
      break;
    default:
      throw new Error(`there is no setting ${setting}`);
  }
}

function groupKindOf(key: string): string {
  const { Group: group, Kind: kind } = JSON.parse(key) as { Group: string; Kind: string };
  return `${group}/${kind}`;
}

function readCases(file: string): readonly Case[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Case);
}
