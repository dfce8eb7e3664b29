// SPDX-License-Identifier: Apache-2.0
export type { Cluster, Io } from "./io.ts";
export type { Command, Flag, Invocation, Run } from "./command.ts";
export { CommandError } from "./command.ts";
export { root } from "./root.ts";
export { executeCommand, runCommand } from "./run.ts";
export { progressOn, type Progress } from "./output/progress.ts";
export { VERSION } from "./version-text.ts";
export { nodeFileSystem } from "./node-file-system.ts";
