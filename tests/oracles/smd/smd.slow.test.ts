// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { deepEqual } from "@flux-ts/kube-core";
import { expect, onTestFinished, test } from "vitest";
import { askOracle, buildOracle } from "./oracle.ts";
import type { StepResult } from "./run-script.ts";
import { runScript } from "./run-script.ts";
import type { Script } from "./scripts.ts";
import { scripts } from "./scripts.ts";

const count = Number(process.env["ORACLE_SCRIPTS"] ?? "400");
const seed = Number(process.env["ORACLE_SEED"] ?? "1");

test("server-side apply and updates agree with Kubernetes' own field management", { timeout: 300_000 }, (context) => {
  const scratch = mkdtempSync(join(tmpdir(), "smd-oracle-"));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  const oracle = buildOracle(join(scratch, "smd"));
  if ("missing" in oracle) return context.skip(oracle.missing);
  const sample = fc.sample(scripts, { seed, numRuns: count });
  const expected = askOracle(oracle.program, sample);
  const different = sample.flatMap((script, index) => firstDifference(script, expected[index] ?? []) ?? []);
  const smallest = different.sort((left, right) => left.length - right.length)[0];
  expect({ different: different.length, smallest }).toEqual({ different: 0, smallest: undefined });
});

/** The first step that came out differently, told in full. */
function firstDifference(script: Script, expected: readonly StepResult[]): string | undefined {
  const actual = runScript(script);
  for (const [index, theirs] of expected.entries()) {
    const ours = actual[index];
    if (ours !== undefined && deepEqual(comparable(ours), comparable(theirs))) continue;
    return JSON.stringify(
      { schema: script.versions.map(({ schema }) => schema), steps: script.steps.slice(0, index + 1), ours, theirs },
      undefined,
      1,
    );
  }
  return undefined;
}

/** Without what Kubernetes leaves to chance: the order of causes, and which of several problems it finds. */
function comparable({ error, causes, object }: StepResult): unknown {
  if (error === undefined) return { object };
  const hasChance = error.includes("errors:") || error.includes("field not declared in schema");
  const text = hasChance ? error.replace(/(\)(?: to smd typed)?: ).*/s, "$1") : error;
  return { error: text, causes: [...(causes ?? [])].map(({ message, field }) => `${message ?? ""} ${field ?? ""}`).sort() };
}
