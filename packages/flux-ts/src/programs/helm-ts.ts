// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeSync } from "node:fs";
import { runHelm } from "../helm-ts/run.ts";

/** Synchronous, so that nothing is lost at exit. */
function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw error;
    }
  }
}

// Not awaited here: the bundle of this program is a CommonJS module, which starts sooner.
void runHelm(process.argv.slice(2), {
  stdout: (text) => writeAll(1, text),
  stderr: (text) => writeAll(2, text),
  stdin: () => readFileSync(0, "utf8"),
  cwd: process.cwd(),
  now: () => Date.now(),
}).then((code) => {
  process.exitCode = code;
});
