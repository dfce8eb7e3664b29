// SPDX-License-Identifier: Apache-2.0
// All controllers in one process, on a real cluster: what the container runs. `flux-controllers --help` lists the flags.
import { hostname } from "node:os";
import { controllersHelp, isControllersHelp } from "../process/controllers-help.ts";
import { runControllersProcess } from "../process/controllers-process.ts";

const argv = process.argv.slice(2);
if (isControllersHelp(argv)) {
  process.stdout.write(controllersHelp());
} else {
  await runControllersProcess({
    argv,
    env: process.env,
    hostname: hostname(),
    signals: process,
    write: (line) => process.stderr.write(line),
    exit: (code) => process.exit(code),
    // Beside this file: the bundle's worker, or in development the source.
    workerUrl: new URL(import.meta.url.endsWith(".ts") ? "./compute-worker.ts" : "./compute-worker.mjs", import.meta.url),
  });
}
