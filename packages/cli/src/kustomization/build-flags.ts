// SPDX-License-Identifier: Apache-2.0
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { CommandError } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import type { Io } from "../io.ts";
import type { BuildSettings } from "./build-kustomization.ts";
import { parseLocalSources } from "./local-sources.ts";

export interface CheckedBuildFlags {
  /** The folder to build, absolute. */
  readonly path: string;
  /** The file with the Kustomization, absolute. */
  readonly file: string | undefined;
  readonly settings: Omit<BuildSettings, "client" | "signal">;
}

/**
 * Reads the flags that building and comparing have in common.
 * @param exitCode of a folder that cannot be built
 * @throws {CommandError} for a path that is no folder, or a file that is none
 */
export async function checkBuildFlags(flags: FlagValues, io: Io, exitCode = 1): Promise<CheckedBuildFlags> {
  const given = flags.string("path");
  const path = resolve(io.cwd, given);
  const isFolder = given !== "" && ((await stat(path).catch(() => undefined))?.isDirectory() ?? false);
  if (!isFolder) throw new CommandError(`invalid resource path ${JSON.stringify(given === "" ? "" : path)}`, { exitCode });
  const name = flags.string("kustomization-file");
  const file = name === "" ? undefined : resolve(io.cwd, name);
  if (file !== undefined && !((await stat(file).catch(() => undefined))?.isFile() ?? false)) {
    throw new CommandError(`invalid kustomization file ${JSON.stringify(name)}`);
  }
  return {
    path,
    file,
    settings: {
      cwd: io.cwd,
      ignorePaths: flags.strings("ignore-paths"),
      isStrict: flags.bool("strict-substitute"),
      isRecursive: flags.bool("recursive"),
      localSources: parseLocalSources(flags.strings("local-sources")),
      isConfined: flags.bool("in-memory-build"),
    },
  };
}
