// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { IsIgnored } from "@flux-ts/kustomize";
import type { IgnoreFile } from "@flux-ts/toolkit/ignore";
import { ignoreFile, ignoresOf } from "@flux-ts/toolkit/ignore";

const MAX_IGNORE_FILE_BYTES = 1024 * 1024;

/**
 * What a build of a folder leaves out: the rules of `.sourceignore` files, those of the folder and of the ones below it, then the
 * patterns given, which win.
 *
 * @param folder absolute
 * @see fluxcd/pkg kustomize NewGeneratorWithIgnore
 */
export function ignoredPaths(folder: string, patterns: readonly string[]): IsIgnored {
  const ignores = ignoresOf(findIgnoreFiles(folder), patterns.join("\n"));
  return (path, isFolder) => {
    const below = relative(folder, path);
    return below !== "" && !below.startsWith("..") && ignores(below.split(sep).join("/"), isFolder);
  };
}

function findIgnoreFiles(root: string): readonly IgnoreFile[] {
  const files: IgnoreFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== ".git") walk(path);
      else if (entry.name === ignoreFile && entry.isFile() && lstatSync(join(root, path)).size <= MAX_IGNORE_FILE_BYTES) {
        files.push({ folder, text: readFileSync(join(root, path), "utf8") });
      }
    }
  };
  walk("");
  return files;
}
