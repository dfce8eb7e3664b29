// SPDX-License-Identifier: Apache-2.0
import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { FileTree } from "@flux-ts/toolkit/artifact";
import { packTree, readFolder, treeOf } from "@flux-ts/toolkit/artifact";
import { matchPatterns, readPatterns } from "@flux-ts/toolkit/ignore";
import type { Run } from "../../command.ts";
import { CommandError } from "../../command.ts";
import { progressOn } from "../../output/progress.ts";

/** `flux build artifact`. @see cmd/flux/build_artifact.go */
export const runBuildArtifact: Run = async ({ flags, io }) => {
  const progress = progressOn(io);
  const path = flags.string("path");
  const output = flags.string("output");
  if (path === "") throw new CommandError(`invalid path ""`);
  const tree =
    path === "-"
      ? treeOf([{ path: "manifests.yaml", content: Buffer.from(trimEnd(await io.stdin())) }])
      : await readSource(resolve(io.cwd, path), path, flags.strings("ignore-paths"), flags.bool("resolve-symlinks"));
  progress.action(`building artifact from ${path}`);
  try {
    await writeFile(resolve(io.cwd, output), await packTree(tree));
  } catch (error) {
    throw new CommandError(`building artifact failed, error: ${(error as Error).message}`, { cause: error });
  }
  progress.success(`artifact created at ${output}`);
};

async function readSource(path: string, named: string, patterns: readonly string[], followsLinks: boolean): Promise<FileTree> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new CommandError(`invalid path '${named}', must point to an existing directory or file`);
  if (!found.isDirectory())
    return treeOf([{ path: basename(path), content: await readFile(path), executable: (found.mode & 0o111) !== 0 }]);
  const rules = readPatterns(patterns.join("\n"));
  try {
    return await readFolder(path, {
      ignores: (below, isFolder) => matchPatterns(rules, below.split("/"), isFolder),
      links: followsLinks ? "follow" : "skip",
    });
  } catch (error) {
    throw new CommandError(`${followsLinks ? "resolving symlinks" : "building artifact"} failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Without the line breaks at the end. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === "\n" || text[end - 1] === "\r")) end -= 1;
  return text.slice(0, end);
}
