// SPDX-License-Identifier: Apache-2.0
// npm start [-- OPTIONS]: installs what is missing, bundles what has changed, and runs the lab (tools/lab).
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled, root } from "./install.mjs";

const installSeconds = ensureInstalled();
const bundled = `${root}packages/flux-ts/bundle/lab.mjs`;
if (!existsSync(bundled) || newest(`${root}packages`, `${root}tools`) > statSync(bundled).mtimeMs) {
  const { bundle } = await import("./bundle.mjs");
  await bundle();
}
const child = spawn(process.execPath, [bundled, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, FLUX_TS_ROOT: root, FLUX_TS_INSTALL_SECONDS: String(installSeconds) },
});
// The child gets Ctrl-C from the terminal itself; this process only waits for it.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));

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
