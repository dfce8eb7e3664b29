// SPDX-License-Identifier: Apache-2.0
import { root, runCommand } from "@flux-ts/cli";
import { fileURLToPath } from "node:url";
import { labCommand } from "../lab/commands/lab.ts";
import { nodeIo } from "../node-io.ts";

// Beside this file: the bundle's program, or in development the source.
const isSource = import.meta.url.endsWith(".ts");
const lab = fileURLToPath(new URL(isSource ? "./flux-lab.ts" : "./flux-lab.mjs", import.meta.url));
const program = isSource ? ["--conditions=source", "--import", import.meta.resolve("tsx"), lab] : [lab];
const withLab = { ...root, children: [...(root.children ?? []), labCommand(program)] };

process.exitCode = await runCommand(withLab, process.argv.slice(2), nodeIo());
