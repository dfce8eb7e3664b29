// SPDX-License-Identifier: Apache-2.0
// npm start [-- OPTIONS]: installs what is missing, bundles what has changed, and runs the lab (tools/lab).
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, root } from "./install.mjs";

const installSeconds = ensureInstalled();
const bundled = `${root}packages/flux-ts/bundle/lab.mjs`;
if (!existsSync(bundled) || newest(`${root}packages`, `${root}tools`) > statSync(bundled).mtimeMs) {
  const { status } = spawnSync(process.execPath, [`${root}tools/bundle.mjs`], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) process.exit(1);
}
// In this process: what a terminal or a service manager signals is then the lab itself.
process.env.FLUX_TS_ROOT = root;
process.env.FLUX_TS_INSTALL_SECONDS = String(installSeconds);
await import(pathToFileURL(bundled).href);

/** When the youngest source was written, in milliseconds. */
function newest(...folders) {
  let youngest = 0;
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (["node_modules", "dist", "bundle", "generated"].includes(entry.name)) continue;
      const path = join(folder, entry.name);
      youngest = Math.max(youngest, entry.isDirectory() ? newest(path) : /\.(ts|mjs|json)$/.test(entry.name) ? statSync(path).mtimeMs : 0);
    }
  }
  return youngest;
}
