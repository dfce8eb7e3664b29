// SPDX-License-Identifier: Apache-2.0
// Upstream's tests of `flux`: commands against a cluster that holds the definitions of Flux and runs none of its controllers.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Suite } from "@flux-ts/testbed";
import { caseSuite, type Case } from "@flux-ts/testbed/call-cases";
import { calls } from "./cli-calls.ts";
import { commandSteps } from "./cli-steps.ts";
import { knownFailures } from "./cli.known-failures.ts";

/** Commands that belong to the controllers they talk to, and come with those. */
const laterCommands: readonly (readonly [RegExp, string])[] = [
  [/^bootstrap\b/, "flux bootstrap"],
  [/^(push|pull|tag|list|diff) artifacts?\b/, "artifacts in registries"],
  [/^trigger\b/, "flux trigger receiver"],
  [/^plugin\b/, "plugins"],
  [/^debug (helmrelease|hr)\b/, "HelmReleases"],
];

const laterFiles: Readonly<Record<string, string>> = {
  bootstrap: "flux bootstrap",
  trigger_receiver: "flux trigger receiver",
  plugin: "plugins",
};

function waitsFor({ needs = [], steps = [], ...rest }: Case & { readonly needs?: readonly string[] }): string | undefined {
  if (needs.includes("flux-installed-cluster") && steps.some((step) => needsControllers(String(step["flux"] ?? ""))))
    return "a cluster with Flux' controllers, and the sources they fetch";
  if (needs.includes("registry")) return "waits for artifacts in registries";
  if (rest.unresolved !== undefined && steps.some((step) => "background" in step)) {
    return "the part of the test that plays the controller could not be read";
  }
  if (steps.some((step) => String(step["if"] ?? "").startsWith("env("))) return "plays out upstream's own code and calls none of it";
  for (const step of steps) {
    const command = typeof step["flux"] === "string" ? step["flux"] : "";
    const later = laterCommands.find(([pattern]) => pattern.test(command));
    if (later !== undefined) return `waits for ${later[1]}`;
  }
  return undefined;
}

/** Tenants are made of plain objects, and what is only printed needs nobody. */
function needsControllers(command: string): boolean {
  return command !== "" && !command.startsWith("create tenant ") && !/ --export\b/.test(command) && command !== "create tenant";
}

function filesOf(folder: string | undefined): readonly string[] {
  if (folder === undefined) return [];
  const path = join(folder, "flux", "cli");
  return existsSync(path)
    ? readdirSync(path)
        .filter((file) => file.endsWith(".jsonl"))
        .toSorted()
        .map((file) => join("cli", file))
    : [];
}

/** The files are found when the suite runs, since it is given the folder then. */
function suiteOf(folder: string | undefined): Suite {
  const files = filesOf(folder);
  return caseSuite({
    name: "cli",
    files: files.filter((file) => !Object.hasOwn(laterFiles, basename(file, ".jsonl"))),
    fixtures: "fixtures/flux2/cmd/flux",
    areaOf: (file) => basename(file, ".jsonl"),
    knownFailures,
    calls,
    steps: commandSteps,
    skip: (_, testCase) => waitsFor(testCase),
  });
}

export const suite: Suite = {
  name: "cli",
  knownFailures,
  present: (folder) => filesOf(folder).length > 0,
  run: (folder, tell, options) => suiteOf(folder).run(folder, tell, options),
};
