// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";
import type { ObjectReader } from "./object-reader.ts";

/** One path of a commit. Folders are `tree`, submodules `commit`. */
export interface ListedEntry {
  readonly path: string;
  readonly kind: "file" | "executable" | "symlink" | "folder" | "submodule";
  readonly id: string;
}

export interface ListingLimits {
  /** Files and folders. Default 250 000. */
  readonly maxEntries?: number;
  /** Folders in each other. Default 200. */
  readonly maxDepth?: number;
}

/**
 * Walks the trees of a commit. Names that no file system may see are refused, as git refuses to check them out: a tree that
 * another tree holds many times is bounded by the number of entries.
 *
 * @param isWanted whether to look into a folder
 * @throws {GitError} INVALID_TREE, TOO_LARGE
 */
export async function listTree(
  reader: ObjectReader,
  root: string,
  isWanted: (folder: string) => boolean = () => true,
  limits: ListingLimits = {},
): Promise<ListedEntry[]> {
  const { maxEntries = 250_000, maxDepth = 200 } = limits;
  const listed: ListedEntry[] = [];
  const known = new Map<string, readonly RawEntry[]>();
  const walk = async (id: string, prefix: string, depth: number): Promise<void> => {
    if (depth > maxDepth) throw new GitError("TOO_LARGE", `folders are nested deeper than ${maxDepth}`);
    const entries = known.get(id) ?? parseTree((await reader.read(id, "tree")).content, id.length / 2);
    known.set(id, entries);
    for (const entry of entries) {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      if (listed.length >= maxEntries) throw new GitError("TOO_LARGE", `the commit has more than ${maxEntries} files and folders`);
      listed.push({ path, kind: entry.kind, id: entry.id });
      if (entry.kind === "folder" && isWanted(path)) await walk(entry.id, path, depth + 1);
    }
  };
  await walk(root, "", 1);
  return listed;
}

interface RawEntry {
  readonly name: string;
  readonly kind: ListedEntry["kind"];
  readonly id: string;
}

/** `<mode> <name>\0<id>`, one after the other. */
function parseTree(content: Buffer, idLength: number): RawEntry[] {
  const entries: RawEntry[] = [];
  const names = new Set<string>();
  for (let offset = 0; offset < content.length;) {
    const space = content.indexOf(0x20, offset);
    const end = content.indexOf(0, space);
    if (space < 0 || end < 0 || end + idLength > content.length) throw new GitError("INVALID_TREE", "malformed tree object");
    const name = content.toString("utf8", space + 1, end);
    checkName(name);
    if (names.has(name)) throw new GitError("INVALID_TREE", `tree holds ${JSON.stringify(name)} twice`);
    names.add(name);
    entries.push({
      name,
      kind: kindOf(content.toString("latin1", offset, space)),
      id: content.toString("hex", end + 1, end + 1 + idLength),
    });
    offset = end + 1 + idLength;
  }
  return entries;
}

function kindOf(mode: string): ListedEntry["kind"] {
  const bits = /^[0-7]{5,6}$/.test(mode) ? Number.parseInt(mode, 8) : 0;
  switch (bits & 0o170000) {
    case 0o040000:
      return "folder";
    case 0o100000:
      return (bits & 0o111) === 0 ? "file" : "executable";
    case 0o120000:
      return "symlink";
    case 0o160000:
      return "submodule";
    default:
      throw new GitError("INVALID_TREE", `tree holds the unknown mode ${JSON.stringify(mode)}`);
  }
}

function checkName(name: string): void {
  const isReserved = name === "" || name === "." || name === ".." || name.toLowerCase() === ".git";
  if (isReserved || /[/\\]/.test(name)) throw new GitError("INVALID_TREE", `invalid path ${JSON.stringify(name)} in tree`);
}
