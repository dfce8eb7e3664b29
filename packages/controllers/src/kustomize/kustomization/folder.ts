// SPDX-License-Identifier: Apache-2.0
import type { FileTree } from "@flux-ts/toolkit/artifact";

/**
 * The folder that an artifact's tree seems to lie in. Messages name files in it as Flux does, which unpacks artifacts into
 * temporary folders; here the same artifact has the same name each time, so that its messages are the same too.
 */
export function rootOf(digest: string): string {
  const hex = digest.slice(digest.indexOf(":") + 1).slice(0, 8);
  return `/tmp/kustomization-${String(Number.parseInt(hex, 16) || 0).padStart(10, "0")}`;
}

/**
 * A path of the spec below a root, clean: `..` stops at the root, as upstream's secure join does. `""`, `.` and `./` are
 * the root itself.
 */
export function folderIn(root: string, path: string | undefined): string {
  const parts: string[] = [];
  for (const part of (path ?? "").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return [root, ...parts].join("/");
}

/** @throws {Error} when the tree has nothing there; `message` is upstream's. @see spec G-KUS-1 */
export function requireFolder(tree: FileTree, root: string, folder: string): void {
  const path = folder.slice(root.length + 1);
  if (path === "" || tree.folders.has(path) || tree.files.has(path)) return;
  throw new Error(`kustomization path not found: stat ${folder}: no such file or directory`);
}
