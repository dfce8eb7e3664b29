// SPDX-License-Identifier: Apache-2.0
// The background process of a lab; `flux lab up` starts it: flux-lab LABS NAME.
import { hostname } from "node:os";
import { writeSync } from "node:fs";
import { runLabProcess } from "../lab/lab-process.ts";
import { labPlaces } from "../lab/state/lab-places.ts";

const [labs = "", name = ""] = process.argv.slice(2);
// A terminal that closes is not the end of a lab.
process.on("SIGHUP", () => undefined);
await runLabProcess({
  places: labPlaces(labs, name),
  env: process.env,
  hostname: hostname(),
  signals: process,
  write: (line) => void writeSync(2, line),
  tell: (message) =>
    new Promise((resolve) => {
      // The one who started it may be gone.
      if (process.connected && process.send !== undefined) process.send(message, undefined, {}, () => resolve());
      else resolve();
    }),
  exit: (code) => process.exit(code),
  // Beside this file: the bundle's worker, or in development the source.
  workerUrl: new URL(import.meta.url.endsWith(".ts") ? "./compute-worker.ts" : "./compute-worker.mjs", import.meta.url),
});
