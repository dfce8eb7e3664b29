// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Installs the dependencies when node_modules is missing or older than package-lock.json.
 * @returns {number} seconds it took, 0 when there was nothing to do
 */
export function ensureInstalled() {
  requireNode();
  const stamp = `${root}node_modules/.flux-ts-lock`;
  const lock = createHash("sha256")
    .update(readFileSync(`${root}package-lock.json`))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return 0;
  // `npm install` by hand counts too: npm keeps its own copy of the lock file it installed.
  const begun = Date.now();
  if (!isInstalledByHand()) {
    console.log("Installing dependencies (once) …");
    const npm = process.env.npm_execpath;
    const [command, args] = npm?.endsWith(".js") ? [process.execPath, [npm]] : [process.platform === "win32" ? "npm.cmd" : "npm", []];
    const { status, error } = spawnSync(command, [...args, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32" && command === "npm.cmd",
    });
    if (status !== 0) {
      console.error(
        `npm ci failed${error ? `: ${error.message}` : ` with exit code ${status}`}. Its own message is above; run it by hand to see more.`,
      );
      process.exit(1);
    }
  }
  writeFileSync(stamp, lock);
  return (Date.now() - begun) / 1000;
}

function isInstalledByHand() {
  const kept = `${root}node_modules/.package-lock.json`;
  if (!existsSync(kept)) return false;
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  const have = JSON.parse(readFileSync(kept, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      path === "" || link || optional || !path.startsWith("node_modules/") || have[path]?.version === version,
  );
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`flux-ts needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
