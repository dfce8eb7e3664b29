// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

// Slow suites (`*.slow.test.ts`: real processes, long fuzzing, whole corpora over HTTPS) run in CI and with `npm test -- --slow`.
const which = process.env["FLUX_TS_TESTS"] ?? "fast";
const folders = ["packages/*/{src,scenarios,conformance}/**", "tests/**", "tools/**"];
const slow = folders.map((folder) => `${folder}/*.slow.test.ts`);
const fast = folders.map((folder) => `${folder}/*.test.ts`);

// One pool of threads without isolation: safe because no module holds mutable state (docs/architecture.md, rule 5).
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: which === "slow" ? slow : fast,
    exclude: ["**/node_modules/**", "**/dist/**", ...(which === "fast" ? slow : [])],
    pool: "threads",
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    env: { TZ: "UTC" },
  },
});
