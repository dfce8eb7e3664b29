// SPDX-License-Identifier: Apache-2.0
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ArtifactError } from "./artifact-error.ts";
import type { FileTree, TreeEntry } from "./file-tree.ts";
import { treeOf } from "./file-tree.ts";
import type { TarMember } from "./tar-members.ts";
import { tarMembers } from "./tar-members.ts";

export interface UnpackLimits {
  /** Of the tar stream, in bytes. Default 512 MiB. */
  readonly maxBytes?: number;
  /** Files and folders. Default 250 000. */
  readonly maxEntries?: number;
  /** Of one path, in UTF-16 units. Default 4096. */
  readonly maxPathLength?: number;
}

/** Unpacks an archive as {@link unpackTree} does, somewhere else: in a thread of its own. @throws {ArtifactError} as it does */
export type ArchiveReader = (archive: Uint8Array, limits: UnpackLimits) => Promise<FileTree>;

export interface UnpackOptions extends UnpackLimits {
  /** Who unpacks archives that are large (1 MiB as a tar): thousands of members would keep the event loop. Absent: this thread does. */
  readonly reader?: ArchiveReader | undefined;
  /** Default `skip`, as consumers of artifacts do; `refuse` throws. Links are never followed or created. */
  readonly symlinks?: "skip" | "refuse";
  /** True leaves an entry out. */
  readonly filter?: (path: string, isFolder: boolean) => boolean;
}

const defaults = { maxBytes: 512 * 1024 * 1024, maxEntries: 250_000, maxPathLength: 4096 } as const;

/**
 * Unpacks a gzipped tar into memory. The limits hold before memory grows: decompression stops at `maxBytes`.
 *
 * @throws {ArtifactError} INVALID_ARCHIVE for names that leave the root (`..`, absolute, drive letter, backslash, NUL), for hard links,
 *   devices and sparse files, for a file where a folder or the root stands; TOO_LARGE for a limit
 * @see fluxcd/pkg tar Untar
 */
export async function unpackTree(archive: Uint8Array, options: UnpackOptions = {}): Promise<FileTree> {
  const { reader } = options;
  if (reader === undefined || options.filter !== undefined) return readTar(await decompress(archive, options.maxBytes), options);
  try {
    return readTar(await decompress(archive, Math.min(LARGE, options.maxBytes ?? LARGE)), options);
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.code !== "TOO_LARGE") throw error;
    return reader(archive, limitsOf(options));
  }
}

/** A tar of this size has at most 2048 members, which are read in a few milliseconds. */
const LARGE = 1024 * 1024;

function limitsOf({ maxBytes, maxEntries, maxPathLength }: UnpackLimits): UnpackLimits {
  return {
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(maxEntries === undefined ? {} : { maxEntries }),
    ...(maxPathLength === undefined ? {} : { maxPathLength }),
  };
}

async function decompress(archive: Uint8Array, maxBytes: number = defaults.maxBytes): Promise<Buffer> {
  try {
    return await promisify(gunzip)(archive, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error))
      throw new ArtifactError("TOO_LARGE", `tar is bigger than max archive size of ${maxBytes} bytes`, { cause: error });
    throw new ArtifactError("INVALID_ARCHIVE", `requires gzip-compressed body: ${String((error as Error).message)}`, { cause: error });
  }
}

/** Like {@link unpackTree}, for a tar that is not compressed. The contents are views of `bytes`. */
export function readTar(bytes: Uint8Array, options: UnpackOptions = {}): FileTree {
  const { maxEntries = defaults.maxEntries, maxPathLength = defaults.maxPathLength, maxBytes = defaults.maxBytes } = options;
  const entries: TreeEntry[] = [];
  const kinds = new Map<string, "file" | "folder">();
  let size = 0;
  for (const member of tarMembers(bytes)) {
    size += member.content.length;
    if (size > maxBytes) throw new ArtifactError("TOO_LARGE", `tar "${member.name}" is bigger than max archive size of ${maxBytes} bytes`);
    const path = cleanPath(member.name, maxPathLength);
    if (path === undefined && member.type === "file")
      throw new ArtifactError("INVALID_ARCHIVE", `tar holds a file ${JSON.stringify(member.name)} in place of its root`);
    const entry = path === undefined ? undefined : toEntry(member, path, options);
    if (entry === undefined || options.filter?.(entry.path, entry.content === undefined) === true) continue;
    if (entries.length >= maxEntries) throw new ArtifactError("TOO_LARGE", `tar holds more than ${maxEntries} entries`);
    claim(kinds, entry);
    entries.push(entry);
  }
  return treeOf(entries);
}

function toEntry(member: TarMember, path: string, options: UnpackOptions): TreeEntry | undefined {
  switch (member.type) {
    case "file":
      return { path, content: member.content, executable: (member.mode & 0o111) !== 0 };
    case "folder":
      return { path };
    case "symlink":
      if (options.symlinks !== "refuse") return undefined;
      throw new ArtifactError("INVALID_ARCHIVE", `tar file entry ${member.name} is a symlink, which is not allowed in this context`);
    case "other":
      throw new ArtifactError("INVALID_ARCHIVE", `tar file entry ${member.name} contained unsupported file type "${member.typeFlag}"`);
  }
}

/** The path relative to the root, without dots; undefined for the root itself. */
function cleanPath(name: string, maxLength: number): string | undefined {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const isElsewhere = name.startsWith("/") || hasDriveLetter(name) || parts.includes("..");
  const isInvalid = name === "" || isElsewhere || /[\\\0]/.test(name) || name.length > maxLength;
  if (isInvalid) throw new ArtifactError("INVALID_ARCHIVE", `tar contained invalid name error ${JSON.stringify(name.slice(0, 256))}`);
  return parts.length === 0 ? undefined : parts.join("/");
}

/** `C:x` and `C:/x` leave the root on Windows, and are refused everywhere: an archive means the same to all. */
export function hasDriveLetter(path: string): boolean {
  return /^(?:\.?\/)*[A-Za-z]:/.test(path);
}

/** A name is a file or a folder, not both: writing through one into the other is how archives escape. */
function claim(kinds: Map<string, "file" | "folder">, { path, content }: TreeEntry): void {
  const kind = content === undefined ? "folder" : "file";
  const known = kinds.get(path);
  if (known !== undefined && known !== kind)
    throw new ArtifactError("INVALID_ARCHIVE", `tar holds "${path}" both as a file and as a folder`);
  kinds.set(path, kind);
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    const parent = path.slice(0, slash);
    const parentKind = kinds.get(parent);
    if (parentKind === "file") throw new ArtifactError("INVALID_ARCHIVE", `tar holds "${parent}" both as a file and as a folder`);
    if (parentKind === "folder") return;
    kinds.set(parent, "folder");
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
}
