// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

// Suites of a real Kubernetes (`*.kubernetes.test.ts`) run with `npm run test:kubernetes` only, and with them the scenarios that take any cluster.
// Slow suites (`*.slow.test.ts`: real processes, long fuzzing, whole corpora over HTTPS) run in CI and with `npm test -- --slow`.
const which = process.env["FLUX_TS_TESTS"] ?? "fast";
const folders = ["packages/*/{src,scenarios,conformance}/**", "tests/**", "tools/**"];
const slow = folders.map((folder) => `${folder}/*.slow.test.ts`);
const kubernetes = ["tests/kubernetes/**/*.kubernetes.test.ts", "packages/controllers/scenarios/*.test.ts"];
const fast = folders.map((folder) => `${folder}/*.test.ts`);

// One pool of threads without isolation: safe because no module holds mutable state (docs/architecture.md, rule 5).
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: which === "kubernetes" ? kubernetes : which === "slow" ? slow : fast,
    exclude: [
      "**/node_modules/**",
      "**/dist/**",
      ...(which === "fast" ? slow : []),
      ...(which === "kubernetes" ? [] : ["**/*.kubernetes.test.ts"]),
    ],
    pool: "threads",
    isolate: false,
    testTimeout: which === "kubernetes" ? 120_000 : 20_000,
    hookTimeout: which === "kubernetes" ? 120_000 : 30_000,
    env: { TZ: "UTC" },
  },
});
