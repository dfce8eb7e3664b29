// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from "node:fs";
import { lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Clock } from "@flux-ts/kube-core";
import { toTimestamp } from "@flux-ts/kube-core";
import { LRUCache } from "lru-cache";
import { gzip, tar } from "./archive.ts";
import { ArtifactError } from "./artifact-error.ts";
import type { ArtifactMemory } from "./artifact-memory.ts";
import type { DigestAlgorithm } from "./digest.ts";
import { createHasher, parseDigest } from "./digest.ts";
import type { FileTree, TreeEntry } from "./file-tree.ts";
import { entriesOf } from "./file-tree.ts";
import { garbageIn } from "./garbage.ts";
import { KeyedLock } from "./keyed-lock.ts";
import { type ArchiveReader, unpackTree } from "./untar.ts";

/** `status.artifact` of a source. */
export interface StoredArtifact {
  readonly path: string;
  readonly url: string;
  readonly revision: string;
  readonly digest: string;
  readonly lastUpdateTime: string;
  readonly size?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What an artifact is of. */
export interface ArtifactOwner {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface StorageOptions {
  /** An existing folder (`--storage-path`). */
  readonly folder: string;
  /** `host[:port]`, or a URL without a path (`--storage-adv-addr`). */
  readonly hostname: string;
  readonly clock: Clock;
  /** `--artifact-retention-ttl`. Default 60 s. */
  readonly retentionTtlMs?: number;
  /** `--artifact-retention-records`. Default 2. */
  readonly retentionRecords?: number;
  /** `--artifact-digest-algo`. Default sha256. */
  readonly algorithm?: DigestAlgorithm;
  /** Trees that were stored are put here, for consumers in this process. */
  readonly memory?: ArtifactMemory;
  /** Unpacks large archives; absent: this thread does. */
  readonly reader?: ArchiveReader;
}

/**
 * The artifacts of a source controller, as files: `<folder>/<kind>/<namespace>/<name>/<file>`. One process writes; writers
 * of one artifact wait for each other.
 *
 * @see fluxcd/pkg artifact/storage
 */
export class ArtifactStorage {
  readonly folder: string;
  readonly #options: StorageOptions;
  readonly #locks = new KeyedLock();
  /** Files whose digest was computed, as they were then. */
  readonly #verified = new LRUCache<string, string>({ max: 10_000 });

  private constructor(options: StorageOptions) {
    this.folder = options.folder;
    this.#options = options;
  }

  /** @throws {ArtifactError} STORAGE when the folder is not there */
  static async open(options: StorageOptions): Promise<ArtifactStorage> {
    const isFolder = await lstat(options.folder)
      .then((found) => found.isDirectory())
      .catch(() => false);
    if (!isFolder) throw new ArtifactError("STORAGE", `invalid dir path: ${options.folder}`);
    return new ArtifactStorage(options);
  }

  /** Where an artifact is served. */
  urlOf(path: string): string {
    const { hostname } = this.#options;
    const base = /^https?:\/\//.test(hostname) ? hostname : `http://${hostname}`;
    return `${base}/${path.replace(/^\/+/, "")}`;
  }

  /** The file of an artifact. @throws {ArtifactError} INVALID_PATH when the path leaves the folder */
  fileOf(path: string): string {
    const parts = path.split("/").filter((part) => part !== "");
    if (parts.length === 0 || parts.some((part) => part === "." || part === ".." || /[\\\0]/.test(part))) {
      throw new ArtifactError("INVALID_PATH", `invalid artifact path ${JSON.stringify(path)}`);
    }
    return join(this.folder, ...parts);
  }

  /** Whether the artifact is there as a regular file. */
  async has(path: string): Promise<boolean> {
    return lstat(this.fileOf(path))
      .then((found) => found.isFile())
      .catch(() => false);
  }

  /**
   * Compares an artifact in storage to its digest. A file that has not been touched since is not read again: the file system
   * tells of every write, also of one that puts the time of the content back.
   *
   * @throws {ArtifactError} INVALID_DIGEST, DIGEST_MISMATCH, or the error of the file system
   */
  async verify(artifact: { readonly path: string; readonly digest?: string }): Promise<void> {
    const { digest = "" } = artifact;
    if (digest === "") throw new ArtifactError("INVALID_DIGEST", "artifact has no digest");
    let algorithm: DigestAlgorithm;
    try {
      algorithm = parseDigest(digest).algorithm;
    } catch (error) {
      throw new ArtifactError("INVALID_DIGEST", `failed to parse artifact digest '${digest}': ${(error as Error).message}`, {
        cause: error,
      });
    }
    const path = this.fileOf(artifact.path);
    const state = await fileState(path);
    if (this.#verified.get(path) === `${digest} ${state}`) return;
    const hasher = createHasher(algorithm);
    // A stream without an encoding gives buffers.
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hasher.update(chunk);
    if (hasher.digest() !== digest) throw new ArtifactError("DIGEST_MISMATCH", `computed digest doesn't match '${digest}'`);
    this.#verified.set(path, `${digest} ${state}`);
  }

  /**
   * Packs a tree (see `packTree`) and stores it: a temporary file beside it, mode 0600, then a rename.
   *
   * @param file the name, e.g. `<sha>.tar.gz`
   * @throws {ArtifactError} INVALID_PATH, or the error of the file system
   */
  async store(owner: ArtifactOwner, file: string, revision: string, tree: FileTree): Promise<StoredArtifact> {
    const artifact = await this.storeEntries(owner, file, revision, entriesOf(tree));
    this.#options.memory?.put(artifact.digest, tree);
    return artifact;
  }

  /** Like {@link store}, for entries that need not be in memory at the same time. They must come in the order of `comparePaths`. */
  async storeEntries(
    owner: ArtifactOwner,
    file: string,
    revision: string,
    entries: Iterable<TreeEntry> | AsyncIterable<TreeEntry>,
  ): Promise<StoredArtifact> {
    return this.storeFile(owner, file, revision, gzip(tar(entries)));
  }

  /** Stores bytes as they are: an index, a chart, an archive of somebody else. */
  async storeFile(owner: ArtifactOwner, file: string, revision: string, chunks: AsyncIterable<Uint8Array>): Promise<StoredArtifact> {
    const path = artifactPath(owner, file);
    const { digest, size } = await this.write(path, chunks);
    return { path, url: this.urlOf(path), revision, digest, lastUpdateTime: toTimestamp(this.#options.clock.now()), size };
  }

  /** Writes a file of the storage at once: readers see all of it or what was there before. */
  async write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<{ readonly digest: string; readonly size: number }> {
    return this.#locks.run(path, async () => {
      const target = this.fileOf(path);
      const temporary = join(dirname(target), `.${basename(target)}.${this.#locks.next()}.tmp`);
      await mkdir(dirname(target), { recursive: true, mode: 0o750 });
      const hasher = createHasher(this.#options.algorithm ?? "sha256");
      let size = 0;
      try {
        await using handle = await open(temporary, "wx", 0o600);
        for await (const chunk of chunks) {
          hasher.update(chunk);
          size += chunk.length;
          await handle.writeFile(chunk);
        }
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      return { digest: hasher.digest(), size };
    });
  }

  /** The content of an artifact in storage, its digest verified. @throws {ArtifactError} as `verify` and `unpackTree` do */
  async load(artifact: { readonly path: string; readonly digest: string }): Promise<FileTree> {
    const known = this.#options.memory?.get(artifact.digest);
    if (known !== undefined) return known;
    await this.verify(artifact);
    const tree = await unpackTree(await readFile(this.fileOf(artifact.path)), { reader: this.#options.reader });
    this.#options.memory?.put(artifact.digest, tree);
    return tree;
  }

  /** Removes one artifact. One that is not there is an error of the file system. */
  async remove(path: string): Promise<void> {
    await rm(this.fileOf(path));
  }

  /** Removes everything of an object. Returns whether there was anything. */
  async removeAll(owner: ArtifactOwner): Promise<boolean> {
    const folder = this.fileOf(artifactPath(owner, ""));
    const isThere = await lstat(folder).then(
      () => true,
      () => false,
    );
    if (isThere) await rm(folder, { recursive: true, force: true });
    return isThere;
  }

  /**
   * Removes old artifacts beside the current one: those older than the retention time, then the oldest until no more than
   * the retained number are left. Looks at 1000 files at most.
   *
   * @returns the paths removed, oldest first
   */
  async collect(current: { readonly path: string }, signal?: AbortSignal): Promise<readonly string[]> {
    const { clock, retentionTtlMs = 60_000, retentionRecords = 2 } = this.#options;
    const file = this.fileOf(current.path);
    const garbage = await garbageIn(dirname(file), {
      current: file,
      nowMs: clock.now(),
      ttlMs: retentionTtlMs,
      maxRecords: retentionRecords,
      maxFiles: 1000,
      ...(signal === undefined ? {} : { signal }),
    });
    for (const path of garbage) {
      signal?.throwIfAborted();
      await rm(path, { force: true });
      await rm(`${path}.lock`, { force: true });
    }
    return garbage;
  }
}

/** `gitrepository/<namespace>/<name>/<file>`; without a file, the object's folder. */
export function artifactPath({ kind, namespace, name }: ArtifactOwner, file: string): string {
  return [kind.toLowerCase(), namespace, name, ...(file === "" ? [] : [file])].join("/");
}

/** What changes whenever a file is written or replaced. */
async function fileState(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
