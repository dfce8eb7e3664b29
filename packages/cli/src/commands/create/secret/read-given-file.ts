// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { CommandError } from "../../../command.ts";
import type { Io } from "../../../io.ts";

/** A Secret holds no more. */
const MAX_BYTES = 1024 * 1024;

const problems: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  ENOTDIR: "not a directory",
};

/**
 * The text of a file that a flag names.
 * @param what begins the message when it cannot be read: `unable to read TLS CA file`
 * @throws {CommandError} when it cannot be read, or is longer than a megabyte
 */
export function readGivenFile(io: Io, path: string, what: string): string {
  const absolute = resolve(io.cwd, path);
  try {
    const stats = statSync(absolute);
    if (stats.isDirectory()) throw new CommandError(`${what}: read ${path}: is a directory`);
    if (stats.size > MAX_BYTES)
      throw new CommandError(`${what}: ${path} is ${stats.size} bytes long, more than the ${MAX_BYTES} that are read`);
    return readFileSync(absolute, "utf8");
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    const problem = problems[code];
    throw new CommandError(`${what}: ${problem === undefined ? message : `open ${path}: ${problem}`}`, { cause: error });
  }
}
