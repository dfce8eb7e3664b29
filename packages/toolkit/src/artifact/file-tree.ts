// SPDX-License-Identifier: Apache-2.0

/**
 * The content of an artifact, in memory: plain data that survives a structured clone. Shared between consumers: never
 * change it, nor the bytes in it.
 *
 * Paths are relative to the root, clean, with slashes; the root itself is not listed.
 */
export interface FileTree {
  /** In the order of {@link comparePaths}. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Those of the files that are executable. */
  readonly executables: ReadonlySet<string>;
  /** Every folder, also empty ones. */
  readonly folders: ReadonlySet<string>;
}

/** One file or folder on its way into an archive. `content` is absent for a folder. */
export interface TreeEntry {
  readonly path: string;
  readonly content?: Uint8Array;
  readonly executable?: boolean;
}

/**
 * Orders paths as a walk of a file system meets them: names of a folder by their bytes, each folder followed by what is in
 * it (`a`, `a/b`, `a-b`, `a.txt` and not `a-b`, `a.txt`, `a/b`).
 */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(sortKey(a), sortKey(b));
}

/** Gathers entries in any order; folders that entries stand in are added. A path that comes twice: the last one counts. */
export function treeOf(entries: Iterable<TreeEntry>): FileTree {
  const files = new Map<string, Uint8Array>();
  const executables = new Set<string>();
  const folders = new Set<string>();
  for (const { path, content, executable } of entries) {
    addParents(folders, path);
    if (content === undefined) {
      folders.add(path);
      continue;
    }
    files.set(path, content);
    if (executable === true) executables.add(path);
    else executables.delete(path);
  }
  return { files: new Map(sortByPath([...files], ([path]) => path)), executables, folders };
}

/** The files and folders of a tree, in the order in which they stand in an archive. */
export function entriesOf(tree: FileTree): TreeEntry[] {
  const files = [...tree.files].map(([path, content]) => ({ path, content, executable: tree.executables.has(path) }));
  const folders = [...tree.folders].map((path): TreeEntry => ({ path }));
  return sortByPath<TreeEntry>([...folders, ...files], ({ path }) => path);
}

/** The bytes of all files together. */
export function sizeOf(tree: FileTree): number {
  let size = 0;
  for (const content of tree.files.values()) size += content.length;
  return size;
}

/** Sorts by {@link comparePaths}, making each key once. Returns a new list. */
export function sortByPath<T>(items: readonly T[], pathOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, key: sortKey(pathOf(item)) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ item }) => item);
}

function sortKey(path: string): Buffer {
  return Buffer.from(path.replaceAll("/", "\0"));
}

function addParents(folders: Set<string>, path: string): void {
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    const parent = path.slice(0, slash);
    if (folders.has(parent)) return;
    folders.add(parent);
  }
}
