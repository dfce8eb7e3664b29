#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Runs the bundled command; the bundle is made by `npm install` (or `npm run prepare`) in the project.
import { existsSync } from "node:fs";

const bundle = new URL("../bundle/helm-ts.mjs", import.meta.url);
if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  console.error("helm-ts has not been bundled yet. In the folder of the project, run: npm run prepare");
  process.exitCode = 1;
}
