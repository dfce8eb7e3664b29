// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

// One pool of threads without isolation: safe because no module holds mutable state (docs/architecture.md, rule 5).
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["packages/*/{src,scenarios,conformance}/**/*.test.ts", "tests/**/*.test.ts", "tools/**/*.test.ts"],
    pool: "threads",
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    env: { TZ: "UTC" },
  },
});
