// SPDX-License-Identifier: Apache-2.0
// Bundles the programs of packages/flux-ts into packages/flux-ts/bundle: what the commands in node_modules/.bin run.
// `prepare` calls it after every install; without esbuild (an install without dev dependencies) there is nothing to do.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const programs = ["flux", "flux-controllers", "kustomize-ts", "helm-ts", "compute-worker", "flux-lab", "lab"]
  .map((name) => ({ name, entry: name === "lab" ? `${root}tools/lab/main.ts` : `${root}packages/flux-ts/src/programs/${name}.ts` }))
  .filter(({ entry }) => existsSync(entry));

/**
 * @param {string} [outdir] the programs are written there; the folder that `bin` runs when left out
 * @param {readonly string[]} [names] only these programs
 * @returns {Promise<void>}
 */
export async function bundle(outdir = `${root}packages/flux-ts/bundle`, names = programs.map(({ name }) => name)) {
  // What programs share is loaded by all of them. One that starts for a moment's work has its code for itself.
  const apart = names.filter((name) => name === "kustomize-ts");
  const together = names.filter((name) => !apart.includes(name));
  for (const group of [together, apart]) if (group.length > 0) await bundleGroup(outdir, group);
}

/** @param {string} outdir @param {readonly string[]} names */
async function bundleGroup(outdir, names) {
  const esbuild = await import("esbuild");
  await esbuild.build({
    entryPoints: Object.fromEntries(programs.filter(({ name }) => names.includes(name)).map(({ name, entry }) => [name, entry])),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["source"],
    legalComments: "none",
    logLevel: "warning",
    // CommonJS dependencies inside an ES module bundle still ask for require().
    banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  let hasEsbuild = true;
  try {
    import.meta.resolve("esbuild");
  } catch {
    hasEsbuild = false;
  }
  // `node tools/bundle.mjs OUTDIR PROGRAM…` bundles some programs elsewhere: for tests, which run what the sources say now.
  const [outdir, ...names] = process.argv.slice(2);
  if (hasEsbuild && programs.length > 0) await bundle(outdir, names.length > 0 ? names : undefined);
}
