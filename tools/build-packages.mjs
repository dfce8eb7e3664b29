// SPDX-License-Identifier: Apache-2.0
// Compiles every public package into its dist folder (what is published); development never needs it.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { root } from "./install.mjs";

/** @returns {Promise<void>} */
export async function build() {
  const names = readdirSync(`${root}packages`).filter(
    (name) => !JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8")).private,
  );
  for (const name of names) {
    const folder = `${root}packages/${name}`;
    rmSync(`${folder}/dist`, { recursive: true, force: true });
    const config = `${folder}/tsconfig.build.json`;
    writeFileSync(
      config,
      JSON.stringify({
        extends: "../../tsconfig.json",
        compilerOptions: { noEmit: false, outDir: "dist", rootDir: "src", declaration: true, sourceMap: false },
        include: ["src"],
        exclude: ["src/**/*.test.ts"],
      }),
    );
    try {
      const { status, stdout } = spawnSync(`${root}node_modules/.bin/tsc`, ["-p", config], { encoding: "utf8" });
      if (status !== 0) throw new Error(`tsc of ${name} failed:\n${stdout}`);
    } finally {
      rmSync(config, { force: true });
    }
  }
  await bundle();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
