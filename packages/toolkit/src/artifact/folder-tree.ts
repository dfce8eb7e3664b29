// SPDX-License-Identifier: Apache-2.0
import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { ArtifactError } from "./artifact-error.ts";
import type { FileTree, TreeEntry } from "./file-tree.ts";
import { treeOf } from "./file-tree.ts";

export interface ReadFolderOptions {
  /** True leaves a path out; what lies below a folder that is left out is asked for by itself. */
  readonly ignores?: (path: string, isFolder: boolean) => boolean;
  /** Of all files, in bytes. Default 512 MiB. */
  readonly maxBytes?: number;
  /**
   * Links: left out (the default), followed wherever they lead (only for folders that are trusted), or followed as long as they end
   * below a root. A link to a folder that is being read already is left out.
   */
  readonly links?: "skip" | "follow" | { readonly within: string };
}

const defaultMaxBytes = 512 * 1024 * 1024;

/**
 * Reads a folder of the file system. Devices and sockets are left out (G-TAR-2).
 *
 * @throws {ArtifactError} INVALID_PATH when it is no folder, or a link leads out of the root; TOO_LARGE
 * @see fluxcd/pkg tar ResolveSymlinks, ResolveSymlinksRoot
 */
export async function readFolder(folder: string, options: ReadFolderOptions = {}): Promise<FileTree> {
  const { ignores = () => false, maxBytes = defaultMaxBytes, links = "skip" } = options;
  const root = typeof links === "object" ? await realpath(links.within) : undefined;
  const start = links === "skip" ? folder : await realpath(folder);
  const found = await lstat(start).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new ArtifactError("INVALID_PATH", `invalid dir path: ${folder}`);
  if (root !== undefined && !isWithin(root, start)) throw new ArtifactError("INVALID_PATH", `srcDir ${folder} is not within the root`);
  const entries: TreeEntry[] = [];
  const reading = new Set<string>();
  let size = 0;
  const readEntry = async (path: string, real: string): Promise<void> => {
    const stats = await lstat(real);
    if (stats.isSymbolicLink()) {
      if (links === "skip") return;
      const target = await realpath(real);
      if (root !== undefined && !isWithin(root, target))
        throw new ArtifactError("INVALID_PATH", `symlink ${path} resolves outside rootDir`);
      return readEntry(path, target);
    }
    if (stats.isDirectory()) {
      if (!ignores(path, true)) entries.push({ path });
      return walk(path, real);
    }
    if (!stats.isFile() || ignores(path, false)) return;
    size += stats.size;
    if (size > maxBytes) throw new ArtifactError("TOO_LARGE", `the files of ${folder} have more than ${maxBytes} bytes`);
    entries.push({ path, content: await readFile(real), executable: (stats.mode & 0o111) !== 0 });
  };
  const walk = async (prefix: string, real: string): Promise<void> => {
    if (reading.has(real)) return;
    reading.add(real);
    for (const name of await readdir(real)) await readEntry(prefix === "" ? name : `${prefix}/${name}`, join(real, name));
    reading.delete(real);
  };
  await walk("", start);
  return treeOf(entries);
}

function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * Writes a tree into a folder, which is made when it is missing. Files are written over, but never through a link: a link in the
 * way, to a file or a folder, is an error.
 *
 * @throws {ArtifactError} INVALID_PATH, or the error of the file system
 */
export async function writeFolder(tree: FileTree, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o750 });
  await requireFolder(folder);
  const made = new Set<string>();
  const makeFolder = async (path: string): Promise<void> => {
    if (path === "" || made.has(path)) return;
    await makeFolder(path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");
    await mkdir(join(folder, path), { mode: 0o750 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await requireFolder(join(folder, path));
    made.add(path);
  };
  for (const path of tree.folders) await makeFolder(path);
  for (const [path, content] of tree.files) {
    await makeFolder(path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    await using handle = await open(join(folder, path), flags, tree.executables.has(path) ? 0o700 : 0o600);
    await handle.writeFile(content);
  }
}

async function requireFolder(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) throw new ArtifactError("INVALID_PATH", `dir '${path}' must be a directory`);
}
