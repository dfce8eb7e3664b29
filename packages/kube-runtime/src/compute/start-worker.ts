// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** Loads TypeScript by tsx, as the parent does: flags of the parent that do so have no effect in a worker. */
const sourceMain = `
const { workerData } = require("node:worker_threads");
import(workerData.loader).then(({ register }) => {
  register();
  return import(workerData.url);
});
`;

/** Starts a worker on a file: of a bundle as it is, of the sources (`.ts`) through tsx. */
export function startWorker(url: URL, options: WorkerOptions): Worker {
  if (!url.pathname.endsWith(".ts")) return new Worker(url, options);
  // `require` finds the CommonJS build; the ES one, which the worker imports, lies beside it.
  const loader = pathToFileURL(
    createRequire(url)
      .resolve("tsx/esm/api")
      .replace(/\.cjs$/, ".mjs"),
  ).href;
  return new Worker(sourceMain, { ...options, eval: true, execArgv: ["--conditions=source"], workerData: { loader, url: url.href } });
}
