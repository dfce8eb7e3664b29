// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  fsync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { KubeObject } from "@flux-ts/kube-core";
import { KubeServerError } from "../kube-server-error.ts";
import type { Change, Journal } from "./change.ts";
import { lockFolder } from "./data-lock.ts";
import { encodeHeader, encodeRecord, FORMAT_VERSION } from "./log-format.ts";
import type { DataFile } from "./read-log.ts";
import { dataFileName, isBarelyBegun, listDataFiles, readLog, readSnapshot } from "./read-log.ts";

export interface FileJournalOptions {
  /** Made when it is not there, for its owner alone. */
  readonly folder: string;
  /** A log that is longer than this, and than twice the last snapshot, is replaced by a new snapshot. Default 8 MiB. */
  readonly compactAfterBytes?: number;
  /**
   * Told what failed in the background: a snapshot that could not be written (the log goes on meanwhile), or changes that
   * could not be flushed to the disk.
   */
  readonly onBackgroundError?: (error: unknown) => void;
  /** Writes bytes to an open file; the system's own when absent. */
  readonly write?: (file: number, bytes: Uint8Array) => void;
}

/** A journal in a folder. */
export interface FileJournal extends Journal {
  /** Resolves when no snapshot is being written. */
  settled(): Promise<void>;
}

interface Entry {
  readonly resource: string;
  readonly key: string;
  readonly object: KubeObject;
}

const COMPACT_AFTER = 8 * 1024 * 1024;
/** Objects written to a snapshot before others get their turn. */
const SNAPSHOT_CHUNK = 200;

/**
 * Keeps every change in a log, and now and then all objects in a snapshot, so that the folder stays bounded.
 *
 * A change is handed to the operating system before anybody sees it: killing the process loses nothing. It is flushed
 * to the disk soon after, in the background: losing power may lose the changes of the last moments, never half of one.
 *
 * @throws {KubeServerError} LOCKED, NEWER_FORMAT, CORRUPT
 */
export function openFileJournal(options: FileJournalOptions): FileJournal {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  chmodSync(options.folder, 0o700);
  const unlock = lockFolder(options.folder);
  try {
    return new Files(options, unlock);
  } catch (error) {
    unlock();
    if (!isDiskFull(error)) throw error;
    const message = `Cannot open ${options.folder}: its disk is full. Free space on it, and start again; nothing is lost`;
    throw new KubeServerError("DISK_FULL", message, { cause: error });
  }
}

class Files implements FileJournal {
  readonly #options: FileJournalOptions;
  readonly #unlock: () => void;
  /** What the store holds, by reference: a snapshot is written from it. */
  readonly #heads = new Map<string, Entry>();
  #revision = 0;
  #log: { readonly file: number; readonly path: string };
  #logBytes: number;
  #snapshotBytes = 0;
  /** After a compaction that failed, how long the log gets before the next one is tried. */
  #compactAt = 0;
  #compaction: Promise<void> | undefined;
  #isFlushing = false;
  #needsFlush = false;
  #broken: KubeServerError | undefined;
  #isClosed = false;

  constructor(options: FileJournalOptions, unlock: () => void) {
    this.#options = options;
    this.#unlock = unlock;
    const { needsRewrite, lastLog } = this.#read();
    if (needsRewrite) this.#rewrite();
    const path = !needsRewrite && lastLog !== undefined ? lastLog : join(options.folder, dataFileName("log", this.#revision));
    this.#log = { file: openLog(path, this.#revision, this.#options.write), path };
    this.#logBytes = fstatSync(this.#log.file).size;
  }

  load(): ReturnType<Journal["load"]> {
    return { revision: this.#revision, objects: this.#heads.values() };
  }

  append(change: Change): void {
    if (this.#broken !== undefined) throw this.#broken;
    const { revision, resource, key, type, object } = change;
    const bytes = encodeRecord({ revision, resource, key, ...(type === "DELETED" ? {} : { object }) });
    this.#write(bytes);
    this.#revision = revision;
    if (type === "DELETED") this.#heads.delete(`${resource}|${key}`);
    else this.#heads.set(`${resource}|${key}`, { resource, key, object });
    this.#flushSoon();
    const limit = Math.max(this.#options.compactAfterBytes ?? COMPACT_AFTER, 2 * this.#snapshotBytes);
    if (this.#logBytes > Math.max(limit, this.#compactAt) && this.#compaction === undefined) this.#compact();
  }

  async settled(): Promise<void> {
    while (this.#compaction !== undefined) await this.#compaction;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      fsyncSync(this.#log.file);
    } finally {
      closeSync(this.#log.file);
      this.#unlock();
    }
  }

  /** The newest snapshot that was finished, and every log from it on. */
  #read(): { readonly needsRewrite: boolean; readonly lastLog: string | undefined } {
    const { folder } = this.#options;
    for (const name of readdirSync(folder)) if (name.endsWith(".tmp")) rmSync(join(folder, name), { force: true });
    const files = listDataFiles(folder);
    const snapshot = files.filter((file) => file.kind === "snapshot").at(-1);
    let isOld = false;
    if (snapshot !== undefined) {
      const records = readSnapshot(snapshot.path);
      if (records === undefined) {
        throw new KubeServerError(
          "CORRUPT",
          `Cannot read ${snapshot.path}: its end is missing. Restore the folder from a copy, or begin with an empty one`,
        );
      }
      for (const { resource, key, object } of records)
        if (object !== undefined) this.#heads.set(`${resource}|${key}`, { resource, key, object });
      this.#revision = snapshot.revision;
    }
    const begun = files.filter((file) => file.kind === "log" && file.revision >= (snapshot?.revision ?? 0));
    const youngest = begun.at(-1);
    const isTorn = youngest !== undefined && isBarelyBegun(youngest.path);
    if (isTorn) rmSync(youngest.path);
    const logs = isTorn ? begun.slice(0, -1) : begun;
    for (const [index, { path }] of logs.entries()) {
      const { version, records } = readLog(path, index === logs.length - 1);
      isOld ||= version < FORMAT_VERSION;
      for (const { revision, resource, key, object } of records) {
        if (object === undefined) this.#heads.delete(`${resource}|${key}`);
        else this.#heads.set(`${resource}|${key}`, { resource, key, object });
        this.#revision = Math.max(this.#revision, revision);
      }
    }
    return { needsRewrite: isOld || logs.length > 1 || files.some((file) => isStale(file, snapshot)), lastLog: logs.at(-1)?.path };
  }

  /** At start: everything as one snapshot of this version, in place of whatever was there. */
  #rewrite(): void {
    const { folder } = this.#options;
    const before = listDataFiles(folder);
    const target = join(folder, dataFileName("snapshot", this.#revision));
    const temporary = `${target}.tmp`;
    const file = openSync(temporary, "w", 0o600);
    try {
      writeAll(file, encodeHeader({ kind: "snapshot", version: FORMAT_VERSION, revision: this.#revision }));
      for (const { resource, key, object } of this.#heads.values())
        writeAll(file, encodeRecord({ revision: this.#revision, resource, key, object }));
      writeAll(file, encodeRecord({ end: this.#heads.size }));
      fsyncSync(file);
      this.#snapshotBytes = fstatSync(file).size;
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
    for (const { path } of before) if (path !== target) rmSync(path, { force: true });
  }

  #write(bytes: Uint8Array): void {
    const { file, path } = this.#log;
    try {
      (this.#options.write ?? writeAll)(file, bytes);
      this.#logBytes += bytes.length;
    } catch (error) {
      // Half a record may have been written: it must not stand before the next one.
      try {
        ftruncateSync(file, this.#logBytes);
      } catch (cause) {
        this.#broken = new KubeServerError(
          "DISK_FAILED",
          `Cannot write to ${path} any more: ${(cause as Error).message}. Nothing that was acknowledged is lost; restart the server once the disk is well`,
          { cause },
        );
        throw this.#broken;
      }
      const isFull = isDiskFull(error);
      throw new KubeServerError(
        isFull ? "DISK_FULL" : "DISK_FAILED",
        isFull
          ? `The change was not made: the disk of ${this.#options.folder} is full. Free space on it, and try again`
          : `The change was not made: writing to ${path} failed: ${(error as Error).message}`,
        { cause: error },
      );
    }
  }

  #flushSoon(): void {
    this.#needsFlush = true;
    if (this.#isFlushing || this.#isClosed) return;
    this.#isFlushing = true;
    this.#needsFlush = false;
    fsync(this.#log.file, (error) => {
      this.#isFlushing = false;
      // A log that was closed meanwhile was flushed before.
      if (error !== null && error.code !== "EBADF") this.#options.onBackgroundError?.(error);
      if (this.#needsFlush) this.#flushSoon();
    });
  }

  /** From the next change on a new log; the objects as they are now go into a snapshot meanwhile, then what came before is removed. */
  #compact(): void {
    const { folder, onBackgroundError } = this.#options;
    const revision = this.#revision;
    const before = listDataFiles(folder);
    const path = join(folder, dataFileName("log", revision));
    try {
      const file = openLog(path, revision, this.#options.write);
      const old = this.#log;
      fsyncSync(old.file);
      closeSync(old.file);
      this.#log = { file, path };
      this.#logBytes = fstatSync(file).size;
      this.#compactAt = 0;
    } catch (error) {
      // Not again with every change: a full disk stays full for a while.
      this.#compactAt = this.#logBytes + Math.max(this.#logBytes >> 3, 1);
      onBackgroundError?.(error);
      return;
    }
    this.#compaction = writeSnapshot(folder, revision, [...this.#heads.values()])
      .then(async (bytes) => {
        this.#snapshotBytes = bytes;
        for (const file of before) await rm(file.path, { force: true });
      })
      .catch((error: unknown) => onBackgroundError?.(error))
      .finally(() => {
        this.#compaction = undefined;
      });
  }
}

function isDiskFull(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" || code === "EDQUOT";
}

function isStale(file: DataFile, snapshot: DataFile | undefined): boolean {
  return snapshot !== undefined && file.revision < snapshot.revision;
}

/**
 * Opens a log to append to it. A new one gets its name when its first line is written: what stands under such a name can
 * be read.
 */
function openLog(path: string, revision: number, write: FileJournalOptions["write"] = writeAll): number {
  const flags = constants.O_WRONLY | constants.O_APPEND;
  if (existsSync(path)) return openSync(path, flags);
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, flags | constants.O_CREAT | constants.O_TRUNC, 0o600);
  try {
    write(file, encodeHeader({ kind: "log", version: FORMAT_VERSION, revision }));
    renameSync(temporary, path);
    return file;
  } catch (error) {
    closeSync(file);
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(writeSync(file, rest));
}

async function writeSnapshot(folder: string, revision: number, entries: readonly Entry[]): Promise<number> {
  const target = join(folder, dataFileName("snapshot", revision));
  const temporary = `${target}.tmp`;
  const file = await open(temporary, "w", 0o600);
  let size = 0;
  try {
    const write = async (bytes: Buffer): Promise<void> => {
      await file.writeFile(bytes);
      size += bytes.length;
    };
    await write(encodeHeader({ kind: "snapshot", version: FORMAT_VERSION, revision }));
    for (let at = 0; at < entries.length; at += SNAPSHOT_CHUNK) {
      const chunk = entries.slice(at, at + SNAPSHOT_CHUNK);
      await write(Buffer.concat(chunk.map(({ resource, key, object }) => encodeRecord({ revision, resource, key, object }))));
    }
    await write(encodeRecord({ end: entries.length }));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, target);
  return size;
}
