// SPDX-License-Identifier: Apache-2.0
import { root, runCommand } from "@flux-ts/cli";
import { nodeIo } from "../node-io.ts";

process.exitCode = await runCommand(root, process.argv.slice(2), nodeIo());
