// SPDX-License-Identifier: Apache-2.0
import { ArtifactError } from "./artifact-error.ts";
import type { FileTree, TreeEntry } from "./file-tree.ts";

/** What stands at a path already. */
export type Standing = (path: string) => "file" | "folder" | undefined;

/**
 * A part of a tree where it is to stand in another. Like a rename: nothing may stand there yet. `..` never leads out of either tree.
 *
 * @throws {ArtifactError} INVALID_PATH
 * @see fluxcd/pkg artifact/storage CopyToPath
 */
export function placeTree(tree: FileTree, fromPath: string, toPath: string, standing: Standing): TreeEntry[] {
  const from = insideRoot(fromPath);
  const to = insideRoot(toPath);
  if (to === "" || standing(to) !== undefined) throw refuse(`rename ${from || "."} ${to || "."}: file exists`);
  for (let slash = to.lastIndexOf("/"); slash > 0; slash = to.lastIndexOf("/", slash - 1)) {
    if (standing(to.slice(0, slash)) === "file") throw refuse(`mkdir ${to.slice(0, slash)}: not a directory`);
  }
  const file = tree.files.get(from);
  if (file !== undefined) return [{ path: to, content: file, executable: tree.executables.has(from) }];
  if (from !== "" && !tree.folders.has(from)) throw refuse(`rename ${from} ${to}: no such file or directory`);
  const begin = from === "" ? "" : `${from}/`;
  const moved = (path: string): string => `${to}/${path.slice(begin.length)}`;
  const folders = [...tree.folders].filter((path) => path.startsWith(begin)).map((path): TreeEntry => ({ path: moved(path) }));
  const files = [...tree.files].filter(([path]) => path.startsWith(begin));
  return [
    { path: to },
    ...folders,
    ...files.map(([path, content]) => ({ path: moved(path), content, executable: tree.executables.has(path) })),
  ];
}

/** A path cleaned so that it stays below the root: `..` never leads out of it. The root itself is empty. @see filepath-securejoin */
export function insideRoot(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function refuse(why: string): ArtifactError {
  return new ArtifactError("INVALID_PATH", why);
}
