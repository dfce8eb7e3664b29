// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { FileSystem } from "@flux-ts/kustomize";

/** The disk, as kustomize reads it. It sees everything that the process may see: wrap it in `confineFileSystem` to end it. */
export function nodeFileSystem(): FileSystem {
  return {
    read: (path) => inGoWords("open", path, () => readFileSync(path)),
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
    list: (path) => inGoWords("open", path, () => readdirSync(path)),
    realPath: (path) =>
      inGoWords(
        "lstat",
        () => firstMissing(path),
        () => realpathSync.native(path),
      ),
  };
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  EACCES: "permission denied",
  ELOOP: "too many levels of symbolic links",
};

/** Node's errors in the words that kustomize has. */
function inGoWords<T>(operation: string, path: string | (() => string), work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const problem = problems[code];
    if (problem === undefined) throw error;
    const verb = code === "EISDIR" ? "read" : operation;
    throw new Error(`${verb} ${typeof path === "string" ? path : path()}: ${problem}`, { cause: error });
  }
}

/** The first part of a path that is not there. */
function firstMissing(path: string): string {
  let at = path.indexOf("/", 1);
  for (; at >= 0; at = path.indexOf("/", at + 1)) {
    const part = path.slice(0, at);
    if (lstatSync(part, { throwIfNoEntry: false }) === undefined) return part;
  }
  return path;
}
