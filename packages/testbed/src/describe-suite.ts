// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { CaseResult, Suite } from "./conformance.ts";
import { conformanceDir, judge } from "./conformance.ts";

/** Declares a suite as a test: it passes when exactly the known failures fail. Skipped, by name, without the cases. */
export function describeSuite(suite: Suite, timeoutMs = 300_000): void {
  const folder = conformanceDir();
  const isThere = folder !== undefined && suite.present(folder);
  describe(`conformance: ${suite.name}`, () => {
    test.skipIf(!isThere)(
      "fails in exactly the known cases",
      async () => {
        const results: CaseResult[] = [];
        await suite.run(folder as string, (result) => results.push(result), {});
        expect(results.length, "cases found").toBeGreaterThan(0);
        const { unexpected, mended } = judge(results, suite.knownFailures);
        const told = (list: readonly CaseResult[]): string[] => list.map(({ name, detail }) => `${name}: ${detail ?? ""}`.slice(0, 400));
        expect({ unexpected: told(unexpected), mended: told(mended) }).toEqual({ unexpected: [], mended: [] });
      },
      timeoutMs,
    );
  });
}
