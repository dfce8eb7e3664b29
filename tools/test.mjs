// SPDX-License-Identifier: Apache-2.0
// npm test [-- ARGS OF VITEST]: all fast suites; installs what is missing first. `--slow` runs the slow ones instead, `--all` both.
import { spawnSync } from "node:child_process";
import { ensureInstalled, root } from "./install.mjs";

ensureInstalled();
const args = process.argv.slice(2);
const which = args.includes("--all") ? "all" : args.includes("--slow") ? "slow" : "fast";
const rest = args.filter((arg) => arg !== "--all" && arg !== "--slow");
const { status } = spawnSync(
  process.execPath,
  [`${root}node_modules/vitest/vitest.mjs`, "run", "--reporter=default", `--reporter=${root}tools/closing-line-reporter.mjs`, ...rest],
  { cwd: root, stdio: "inherit", env: { ...process.env, TZ: "UTC", FLUX_TS_TESTS: which } },
);
process.exit(status ?? 1);
