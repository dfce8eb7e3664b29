// SPDX-License-Identifier: Apache-2.0
// How often the first culprit is the fault that was put in, of the faults that were written before the code and of the others.
import { describe, expect, test } from "vitest";
import { explain, renderExplanation } from "@flux-ts/toolkit/explain";
import { firstFaults } from "./first-faults.ts";
import { furtherFaults } from "./further-faults.ts";
import { laterFaults } from "./later-faults.ts";
import { tryFault, type Trial } from "./hit-rate.ts";
import { documentedMessages } from "./told-texts.ts";

/** By name of the fault: every text that was told of it. */
const told = new Map<string, readonly string[]>();

const LIMIT = { timeout: 60_000 };

describe.each([
  { title: "written before the code", faults: firstFaults, atLeast: 20 },
  { title: "written with it", faults: furtherFaults, atLeast: 78 },
  { title: "written after it", faults: laterFaults, atLeast: 31 },
])("faults $title", ({ title, faults, atLeast }) => {
  const trials: Trial[] = [];

  test.each(faults.map((fault) => [fault.name, fault] as const))("%s", LIMIT, async (_, fault) => {
    const trial = await tryFault(fault);
    trials.push(trial);
    told.set(fault.name, trial.texts);
    const { explanation, facts } = trial;
    const { culprit, chain } = explanation;
    expect(chain.at(-1)?.object, "the chain ends in the culprit").toEqual(culprit?.object);
    expect(explain(facts), "the same facts give the same explanation").toEqual(explanation);
    expect(JSON.stringify([facts, explanation]), "nothing secret is read or told").not.toMatch(/s3cr3t-(?!in-url)/);
    expect(renderExplanation(explanation)).not.toContain("s3cr3t");
    expect(culprit?.next).toMatch(/^(?:flux|kubectl) /);
  });

  test(`the first culprit is the fault that was put in, of at least ${atLeast} of ${faults.length}`, () => {
    const hits = trials.filter(({ misses }) => misses.length === 0).length;
    const rows = trials.map(
      ({ fault, misses }) =>
        `${misses.length === 0 ? "hit " : "MISS"}  ${fault.kind.padEnd(10)}  ${fault.name}${misses.map((miss) => `\n        ${miss}`).join("")}`,
    );
    process.stdout.write(`\nfaults ${title}: ${hits} of ${faults.length}\n${rows.join("\n")}\n`);
    expect(hits).toBeGreaterThanOrEqual(atLeast);
  });
});

describe("docs/troubleshooting.md", () => {
  test.each(documentedMessages().map((each) => [each.message, each.pattern] as const))("%s is told", (_, pattern) => {
    const faults = [...told].filter(([, texts]) => texts.some((text) => pattern.test(text))).map(([name]) => name);
    expect(faults).not.toEqual([]);
  });
});
