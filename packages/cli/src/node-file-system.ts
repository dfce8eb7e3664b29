// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { FileSystem } from "@flux-ts/kustomize";

/** The disk, as kustomize reads it. It sees everything that the process may see: wrap it in `confineFileSystem` to end it. */
export function nodeFileSystem(): FileSystem {
  return {
    read: (path) => readFileSync(path),
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
    list: (path) => readdirSync(path),
    realPath: (path) => realpathSync.native(path),
  };
}
