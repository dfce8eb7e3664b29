#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Runs the bundled controllers; the bundle is made by `npm install` (or `npm run prepare`) in the project.
import { existsSync } from "node:fs";

const bundle = new URL("../bundle/flux-controllers.mjs", import.meta.url);
if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  console.error("flux-controllers has not been bundled yet. In the folder of the project, run: npm run prepare");
  process.exitCode = 1;
}
