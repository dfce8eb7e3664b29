// SPDX-License-Identifier: Apache-2.0
// Runs a TypeScript file of this workspace from its sources: node tools/run.mjs FILE [ARGS…].
import { spawn } from "node:child_process";

const child = spawn(process.execPath, ["--conditions=source", "--import", "tsx", ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
