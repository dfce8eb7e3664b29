// SPDX-License-Identifier: Apache-2.0
import type { FileTree, TreeEntry } from "../artifact/file-tree.ts";
import { treeOf } from "../artifact/file-tree.ts";
import { hasDriveLetter } from "../artifact/untar.ts";
import type { IgnoreFile, Ignores } from "../ignore/source-ignore.ts";
import { ignoreFile } from "../ignore/source-ignore.ts";
import type { GitCommit } from "./commit.ts";
import { GitError } from "./git-error.ts";
import type { ObjectReader } from "./object-reader.ts";
import { formatAbsoluteRevision, formatRevision } from "./revision.ts";
import type { ListedEntry } from "./tree-listing.ts";

/** A path of a checkout, and where its content is. */
export type CheckoutEntry = ListedEntry & { readonly reader: ObjectReader };

/** A file that is in no repository: the `.git` of a submodule. */
export interface ExtraFile {
  readonly path: string;
  readonly content: Uint8Array;
}

export interface CheckoutParts {
  readonly commit: GitCommit;
  /** The tag object by which the commit was found, when it is an annotated tag. */
  readonly tagObject?: Buffer;
  /** Empty when only a commit was asked for. */
  readonly reference: string;
  readonly entries: readonly CheckoutEntry[];
  readonly extraFiles: readonly ExtraFile[];
  readonly dispose: () => Promise<void>;
}

/** How many objects are asked for before the first has come. */
const window = 64;
const maxIgnoreFiles = 10_000;

/** A commit whose paths are known and whose files can be read. No work tree is ever written. */
export class Checkout implements AsyncDisposable {
  readonly commit: GitCommit;
  readonly tagObject: Buffer | undefined;
  readonly reference: string;
  /** `main@sha1:…` */
  readonly revision: string;
  /** `refs/heads/main@sha1:…` */
  readonly absoluteRevision: string;
  readonly #parts: CheckoutParts;
  readonly #kinds: ReadonlyMap<string, CheckoutEntry["kind"]>;

  constructor(parts: CheckoutParts) {
    this.#parts = parts;
    this.commit = parts.commit;
    this.tagObject = parts.tagObject;
    this.reference = parts.reference;
    this.revision = formatRevision(parts.reference, parts.commit.id);
    this.absoluteRevision = formatAbsoluteRevision(parts.reference, parts.commit.id);
    this.#kinds = new Map(parts.entries.map(({ path, kind }) => [path, kind]));
  }

  /** Whether there is a file, folder, link or submodule at the path. */
  has(path: string): boolean {
    return this.#kinds.has(path);
  }

  /** What is at the path, links as files. */
  kindAt(path: string): "file" | "folder" | undefined {
    const kind = this.#kinds.get(path);
    if (kind === undefined) return undefined;
    return kind === "folder" || kind === "submodule" ? "folder" : "file";
  }

  /** What the `.sourceignore` files say. Links are not followed. */
  async ignoreFiles(): Promise<IgnoreFile[]> {
    const found = this.#parts.entries.filter((entry) => entry.kind === "file" && baseName(entry.path) === ignoreFile);
    if (found.length > maxIgnoreFiles) throw new GitError("TOO_LARGE", `the commit has more than ${maxIgnoreFiles} ${ignoreFile} files`);
    const files: IgnoreFile[] = [];
    for (const { path, id, reader } of found) {
      const { content } = await reader.read(id, "blob");
      files.push({ folder: path.slice(0, Math.max(0, path.length - ignoreFile.length - 1)), text: content.toString("utf8") });
    }
    return files;
  }

  /**
   * Reads all files that are not ignored. Links are left out; submodules that were not fetched are empty folders.
   *
   * @throws {GitError} TOO_LARGE when they have more than `maxBytes` together
   */
  async load(ignores: Ignores, maxBytes: number): Promise<FileTree> {
    const { entries, extraFiles } = this.#parts;
    const read: Promise<TreeEntry>[] = [];
    const loaded: TreeEntry[] = extraFiles.filter(({ path }) => !ignores(path, false));
    let size = 0;
    const settle = async (): Promise<void> => {
      const entry = await read.shift();
      if (entry === undefined) return;
      size += entry.content?.length ?? 0;
      if (size > maxBytes) throw new GitError("TOO_LARGE", `the files of commit ${this.commit.id} have more than ${maxBytes} bytes`);
      loaded.push(entry);
    };
    try {
      for (const { path, kind, id, reader } of entries) {
        if (kind === "symlink") continue;
        const isFolder = kind === "folder" || kind === "submodule";
        if (ignores(path, isFolder)) continue;
        if (path.includes("\\"))
          throw new GitError("INVALID_TREE", `invalid path ${JSON.stringify(path)}: no archive can hold a backslash`);
        if (hasDriveLetter(path))
          throw new GitError(
            "INVALID_TREE",
            `invalid path ${JSON.stringify(path)}: no archive can hold a path that begins with a drive letter`,
          );
        if (isFolder) {
          loaded.push({ path });
          continue;
        }
        read.push(reader.read(id, "blob").then(({ content }) => ({ path, content, executable: kind === "executable" })));
        if (read.length >= window) await settle();
      }
      while (read.length > 0) await settle();
    } catch (error) {
      // Those still on their way are nobody's any more.
      for (const rest of read) rest.catch(() => undefined);
      throw error;
    }
    return treeOf(loaded);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.dispose();
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
