// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { CaseResult, Suite } from "./conformance.ts";
import type { RunSuitesOptions } from "./run-suites.ts";
import { runSuites } from "./run-suites.ts";

test("exactly the known failures fail: status 0, and the last line counts everything", async () => {
  const { status, lines } = await run([suiteOf("a", { one: "passed", two: "failed", three: "skipped" }, { two: "not written" })], {});
  expect(status).toBe(0);
  expect(lines.at(-1)).toBe("1 passed, 1 failed, 1 skipped");
});

test("a failure that nobody knows, and a known one that passes, are told: status 1", async () => {
  const unknown = await run([suiteOf("a", { one: "failed" })], {});
  expect(unknown.status).toBe(1);
  expect(unknown.lines).toContain("  ✗ one");
  const mended = await run([suiteOf("a", { one: "passed" }, { one: "not written" })], {});
  expect(mended.status).toBe(1);
  expect(mended.lines).toContain("  ✗ one passes: take it off the list of known failures");
});

test("a suite that is asked for and has no case is named, counts as skipped, and is no success", async () => {
  const { status, lines } = await run([suiteOf("a", { one: "passed" }), suiteOf("b", {})], { names: ["b"] });
  expect(status).toBe(1);
  expect(lines).toContain("No cases in /cases for: b");
  expect(lines.at(-1)).toBe("0 passed, 0 failed, 1 skipped");
});

test("a suite that nobody asked for and that has no case is named and counted, and does not fail the others", async () => {
  const { status, lines } = await run([suiteOf("a", { one: "passed" }), suiteOf("b", {})], {});
  expect(status).toBe(0);
  expect(lines).toContain("No cases in /cases for: b");
  expect(lines.at(-1)).toBe("1 passed, 0 failed, 1 skipped");
});

test("nothing at all that was run, or that a filter leaves, is no success", async () => {
  expect((await run([suiteOf("a", {})], {})).status).toBe(1);
  const filtered = await run([suiteOf("a", { one: "passed" })], { filter: /two/ });
  expect(filtered.status).toBe(1);
  expect(filtered.lines).toContain("No cases in /cases whose name matches two for: a");
});

test("an unknown suite and a folder that is not there are told, with status 2 and the line of counts", async () => {
  const unknown = await run([suiteOf("a", { one: "passed" })], { names: ["nope"] });
  expect(unknown.status).toBe(2);
  expect(unknown.lines).toEqual(["✗ no suite nope; there are: a", "", "0 passed, 0 failed, 0 skipped"]);
  const missing = await run([suiteOf("a", { one: "passed" })], {}, null);
  expect(missing.status).toBe(2);
  expect(missing.lines).toEqual(["✗ the folder of the cases is not there: set CONFORMANCE to it", "", "0 passed, 0 failed, 1 skipped"]);
});

function suiteOf(name: string, cases: Record<string, CaseResult["outcome"]>, knownFailures: Record<string, string> = {}): Suite {
  return {
    name,
    knownFailures,
    present: () => Object.keys(cases).length > 0,
    async run(_, tell, { filter }) {
      for (const [each, outcome] of Object.entries(cases)) if (filter?.test(each) !== false) tell({ name: each, area: "all", outcome });
    },
  };
}

async function run(
  suites: readonly Suite[],
  options: Partial<RunSuitesOptions>,
  folder: string | null = "/cases",
): Promise<{ readonly status: number; readonly lines: readonly string[] }> {
  let text = "";
  const all = { names: [], show: 5, ...options, print: (line: string) => void (text += `${line}\n`) };
  const status = await runSuites(suites, folder ?? undefined, all);
  return { status, lines: text.trimEnd().split("\n") };
}
