// SPDX-License-Identifier: Apache-2.0
import { HelmError } from "../helm-error.ts";
import type { Chart, ChartFile } from "./chart.ts";
import { parseIgnoreRules, type IsIgnored } from "./ignore-rules.ts";
import { DEFAULT_ARCHIVE_LIMITS, type LoadArchiveOptions, archiveOpener, withoutMark } from "./load-archive.ts";
import { loadFiles } from "./load-files.ts";

/**
 * Where a chart's folder is read from. Paths are absolute, with `/` between parts and nothing to clean.
 * kustomize's FileSystem is one.
 */
export interface ChartFileSystem {
  /** The content of a file. @throws when there is none */
  read(path: string): Uint8Array | string;
  isDirectory(path: string): boolean;
  /** The names in a folder, in any order. @throws when there is none */
  list(path: string): readonly string[];
  /** The path with every symbolic link resolved. @throws when nothing is there */
  realPath(path: string): string;
}

export interface LoadDirectoryOptions extends LoadArchiveOptions {
  /**
   * Whether symbolic links may lead out of the chart's folder: "confined" (the default) refuses those, "followed" reads
   * whatever they lead to, as Helm does.
   */
  readonly links?: "confined" | "followed";
}

/** How deep folders may lie in each other. */
const MAX_FOLDER_DEPTH = 128;

/**
 * Loads a chart from a folder, less what its .helmignore names.
 *
 * @throws {HelmError} CHART, ARCHIVE, VALUES
 * @see helm.sh/helm/v4 pkg/chart/v2/loader LoadDir
 */
export function loadDirectory(fs: ChartFileSystem, folder: string, options: LoadDirectoryOptions): Chart {
  const limits = { ...DEFAULT_ARCHIVE_LIMITS, ...options.limits };
  const walk: Walk = {
    fs,
    root: folder.replace(/\/$/, ""),
    realRoot: options.links === "followed" ? undefined : fs.realPath(folder),
    maxFileBytes: limits.maxFileBytes,
    isIgnored: readRules(fs, folder),
    files: [],
    restBytes: limits.maxBytes,
    restFiles: limits.maxFiles,
  };
  walkFolder(walk, "", 0);
  return loadFiles(walk.files, archiveOpener(options));
}

interface Walk {
  readonly fs: ChartFileSystem;
  readonly root: string;
  readonly realRoot: string | undefined;
  readonly maxFileBytes: number;
  readonly isIgnored: IsIgnored;
  readonly files: ChartFile[];
  restBytes: number;
  restFiles: number;
}

const encoder = new TextEncoder();

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === "string" ? encoder.encode(content) : content;
}

function readRules(fs: ChartFileSystem, folder: string): IsIgnored {
  const hasRules = fs.list(folder).includes(".helmignore");
  return parseIgnoreRules(hasRules ? new TextDecoder().decode(bytesOf(fs.read(`${folder.replace(/\/$/, "")}/.helmignore`))) : "");
}

/** In the order of names, folders where they stand among them. */
function walkFolder(walk: Walk, relative: string, depth: number): void {
  if (depth > MAX_FOLDER_DEPTH) throw new HelmError("CHART", `folders of the chart lie in each other more than ${MAX_FOLDER_DEPTH} deep`);
  const { fs, root } = walk;
  for (const name of [...fs.list(relative === "" ? root : `${root}/${relative}`)].sort()) {
    const path = relative === "" ? name : `${relative}/${name}`;
    const full = `${root}/${path}`;
    requireInside(walk, full, path);
    const isFolder = fs.isDirectory(full);
    if (walk.isIgnored(path, isFolder)) continue;
    if (isFolder) walkFolder(walk, path, depth + 1);
    else addFile(walk, full, path, name);
  }
}

function requireInside({ fs, realRoot }: Walk, full: string, path: string): void {
  if (realRoot === undefined) return;
  const real = fs.realPath(full);
  if (real !== realRoot && !real.startsWith(`${realRoot}/`))
    throw new HelmError("CHART", `${path} is a symbolic link that leads out of the chart; copy what it leads to into the chart`);
}

function addFile(walk: Walk, full: string, path: string, name: string): void {
  const data = bytesOf(walk.fs.read(full));
  if (data.length > walk.maxFileBytes)
    throw new HelmError("CHART", `chart file "${name}" is larger than the maximum file size ${walk.maxFileBytes}`);
  walk.restBytes -= data.length;
  walk.restFiles -= 1;
  if (walk.restBytes < 0 || walk.restFiles < 0)
    throw new HelmError("CHART", "the chart's folder holds more than a chart may; add a .helmignore");
  walk.files.push({ name: path, data: withoutMark(data) });
}
