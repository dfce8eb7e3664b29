// SPDX-License-Identifier: Apache-2.0
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

export interface GarbageOptions {
  /** The file that stays whatever its age. */
  readonly current: string;
  readonly nowMs: number;
  readonly ttlMs: number;
  /** How many files stay. */
  readonly maxRecords: number;
  /** How many files are looked at. */
  readonly maxFiles: number;
  readonly signal?: AbortSignal;
}

interface FoundFile {
  readonly path: string;
  readonly writtenMs: number;
}

/**
 * The files of a folder that may go, oldest first: those older than the time to live, then as many of the oldest as it takes
 * to keep `maxRecords`. Lock files are not counted: they go with their artifact; symlinks stay.
 *
 * @throws the error of the file system when the folder cannot be read
 * @see fluxcd/pkg artifact/storage GetGarbageFiles
 */
export async function garbageIn(folder: string, options: GarbageOptions): Promise<string[]> {
  const files = await filesIn(folder, options);
  return chooseGarbage(files, options);
}

function chooseGarbage(files: readonly FoundFile[], { current, nowMs, ttlMs, maxRecords }: GarbageOptions): string[] {
  const oldestFirst = files.toSorted((a, b) => a.writtenMs - b.writtenMs || (a.path < b.path ? -1 : 1));
  const candidates = oldestFirst.filter(({ path }) => path !== current);
  const expired = candidates.filter(({ writtenMs }) => nowMs - writtenMs > ttlMs);
  const fresh = candidates.filter(({ writtenMs }) => nowMs - writtenMs <= ttlMs);
  const surplus = Math.max(0, files.length - expired.length - maxRecords);
  return [...expired, ...fresh.slice(0, surplus)].map(({ path }) => path);
}

async function filesIn(folder: string, { maxFiles, signal, nowMs, ttlMs }: GarbageOptions): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (found.length >= maxFiles) break;
    signal?.throwIfAborted();
    if (!entry.isFile() || entry.name.endsWith(".lock")) continue;
    const path = join(folder, entry.name);
    const { mtimeMs } = await lstat(path);
    // A temporary file is being written, until it is too old for that.
    if (entry.name.startsWith(".") && nowMs - mtimeMs <= ttlMs) continue;
    found.push({ path, writtenMs: mtimeMs });
  }
  return found;
}
