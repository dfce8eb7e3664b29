// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "@flux-ts/gotemplate";
import { HelmError, messageOf } from "../helm-error.ts";
import type { Chart, ChartFile } from "./chart.ts";
import { cleanPath } from "./clean-path.ts";
import { type OpenArchive, loadFiles } from "./load-files.ts";
import { readTar } from "./tar.ts";

/** What an archive may unpack to, in bytes and files. */
export interface ArchiveLimits {
  /** All files of the archive and the archives inside of it; Helm's 100 MiB. */
  readonly maxBytes: number;
  /** One file; Helm's 5 MiB. */
  readonly maxFileBytes: number;
  readonly maxFiles: number;
}

export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = { maxBytes: 100 * 1024 * 1024, maxFileBytes: 5 * 1024 * 1024, maxFiles: 20_000 };

export interface LoadArchiveOptions {
  /**
   * Unpacks gzip. Must fail, and not go on unpacking, when there is more than `maxBytes`.
   * In Node: `(bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes })`.
   */
  readonly gunzip: (bytes: Uint8Array, maxBytes: number) => Uint8Array;
  readonly limits?: Partial<ArchiveLimits>;
}

/**
 * Loads a chart from a .tgz.
 *
 * @throws {HelmError} ARCHIVE for what is no archive, is too large, or names files outside of itself; CHART, VALUES
 * @see helm.sh/helm/v4 pkg/chart/loader/archive LoadArchiveFiles
 */
export function loadArchive(bytes: Uint8Array, options: LoadArchiveOptions): Chart {
  const open = archiveOpener(options);
  return loadFiles(open(bytes), open);
}

/** Opens archives within one budget: those inside of others count towards the same limits. */
export function archiveOpener({ gunzip, limits }: LoadArchiveOptions): OpenArchive {
  const budget = { ...DEFAULT_ARCHIVE_LIMITS, ...limits };
  const rest = { bytes: budget.maxBytes, files: budget.maxFiles };
  return (data) => readArchive(data, gunzip, budget, rest);
}

interface Rest {
  bytes: number;
  files: number;
}

function readArchive(bytes: Uint8Array, gunzip: LoadArchiveOptions["gunzip"], limits: ArchiveLimits, rest: Rest): ChartFile[] {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new HelmError("ARCHIVE", "gzip: invalid header");
  const tooLarge = (cause?: unknown): HelmError =>
    new HelmError("ARCHIVE", `decompressed chart is larger than the maximum size ${limits.maxBytes}`, { cause });
  // Headers and padding take a little more than the files.
  const mostBytes = rest.bytes + 1024 * (rest.files + 2);
  let tar: Uint8Array;
  try {
    tar = gunzip(bytes, mostBytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(error);
    throw new HelmError("ARCHIVE", `gzip: ${messageOf(error)}`, { cause: error });
  }
  if (tar.length > mostBytes) throw tooLarge();
  const files: ChartFile[] = [];
  for (const { name, type, data } of readTar(tar)) {
    if (type === "5" || name.endsWith("/") || type === "g") continue;
    const relative = relativeName(name);
    if (--rest.files < 0) throw new HelmError("ARCHIVE", `chart archive holds more than ${limits.maxFiles} files`);
    if (data.length > rest.bytes) throw tooLarge();
    if (data.length > limits.maxFileBytes)
      throw new HelmError(
        "ARCHIVE",
        `decompressed chart file ${goQuote(name)} is larger than the maximum file size ${limits.maxFileBytes}`,
      );
    rest.bytes -= data.length;
    // Links have no content, and what they point at is never looked at.
    files.push({ name: relative, data: withoutMark(data) });
  }
  if (files.length === 0) throw new HelmError("ARCHIVE", "no files in chart archive");
  return files;
}

/** The name below the archive's one folder. */
function relativeName(name: string): string {
  const delimiter = name.includes("\\") ? "\\" : "/";
  const [folder, ...rest] = name.split(delimiter);
  const joined = rest.join("/");
  if (joined.startsWith("/")) throw new HelmError("ARCHIVE", "chart illegally contains absolute paths");
  const clean = cleanPath(joined);
  if (clean === ".") throw new HelmError("ARCHIVE", `chart illegally contains content outside the base directory: ${goQuote(name)}`);
  if (clean.startsWith("..")) throw new HelmError("ARCHIVE", "chart illegally references parent directory");
  if (/^[a-zA-Z]:\//.test(clean)) throw new HelmError("ARCHIVE", "chart contains illegally named files");
  if (folder === "Chart.yaml") throw new HelmError("ARCHIVE", "chart yaml not in base directory");
  return clean;
}

/** A file without the mark of its byte order. */
export function withoutMark(data: Uint8Array): Uint8Array {
  return data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data;
}
