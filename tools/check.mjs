// SPDX-License-Identifier: Apache-2.0
// npm run check: format, lint, types, generated files, tests. Stops at the first that fails and says how to mend it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { ensureInstalled, root } from "./install.mjs";

ensureInstalled();
const bin = (name) => `${root}node_modules/.bin/${name}`;
const node = (...args) => [process.execPath, args];

const steps = [
  ["format", [bin("oxfmt"), ["--check", "."]], "npm run format"],
  ["lint rules", node(`${root}tools/lint-config.mjs`, "--check"), "node tools/lint-config.mjs"],
  ["lint", [bin("oxlint"), ["--type-aware", "--deny-warnings"]], "mend what it names"],
  ["types", [bin("tsc"), ["--noEmit"]], "mend what it names"],
  ["licences", node(`${root}tools/notices.mjs`, "--check"), "node tools/notices.mjs"],
  ...(existsSync(`${root}tools/generate.ts`)
    ? [
        [
          "generated files",
          node(`${root}tools/run.mjs`, `${root}tools/generate.ts`, "--check"),
          "npm run generate, and commit what it changes",
        ],
      ]
    : []),
  ["bundle", node(`${root}tools/bundle.mjs`), "mend what it names"],
  ["tests", node(`${root}tools/test.mjs`, ...process.argv.slice(2)), "npm test"],
];

for (const [name, [command, args], mend] of steps) {
  const begun = Date.now();
  console.log(`— ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`✗ ${name} failed. To mend it: ${mend}`);
    process.exit(1);
  }
  console.log(`✔ ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
}
