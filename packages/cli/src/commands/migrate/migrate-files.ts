// SPDX-License-Identifier: Apache-2.0
import { lstat, readdir, readFile, writeFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { CommandError } from "../../command.ts";
import type { Io } from "../../io.ts";
import { progressOn } from "../../output/progress.ts";
import type { LatestVersions } from "./latest-versions.ts";
import type { Upgrade } from "./migrate-text.ts";
import { applyUpgrades, findUpgrades } from "./migrate-text.ts";

export interface FileMigration {
  /** File or folder, relative to the current folder. */
  readonly path: string;
  readonly extensions: readonly string[];
  readonly latest: LatestVersions;
  readonly isConfirmed: boolean;
  readonly isDry: boolean;
}

interface FileUpgrades {
  readonly file: string;
  readonly text: string;
  readonly upgrades: readonly Upgrade[];
}

/**
 * Rewrites the manifests below a path, after the user agreed. Links are left alone.
 *
 * @throws {CommandError} for a path outside the current folder, or a file that is none
 * @see cmd/flux/migrate.go FileSystemMigrator
 */
export async function migrateFiles({ path: given, extensions, latest, isConfirmed, isDry }: FileMigration, io: Io): Promise<void> {
  const progress = progressOn(io);
  progress.action("starting migration of custom resources");
  const path = normalize(given).replace(/(.)\/$/, "$1");
  if (path.startsWith("/") || path === ".." || path.startsWith("../")) {
    throw new CommandError(`failed to stat path ${path}: open ${path}: invalid argument`);
  }
  const found: FileUpgrades[] = [];
  for (const file of await listFiles(path, extensions, io.cwd, progress.warning)) {
    const text = await readFile(join(io.cwd, file), "utf8");
    const { upgrades, warnings } = findUpgrades(text, file, latest);
    warnings.forEach(progress.warning);
    for (const { line, kind, oldVersion, newVersion } of upgrades)
      progress.generate(`${file}:${line + 1}: ${kind} ${oldVersion} -> ${newVersion}`);
    if (upgrades.length > 0) found.push({ file, text, upgrades });
  }
  if (found.length === 0) return progress.success("no custom resources found that require migration");
  if (isDry) return progress.success("dry-run mode enabled, no changes will be made");
  if (!isConfirmed) {
    const answer = await io.ask("Are you sure you want to proceed with the above upgrades? [y/N] ");
    if (!/^y$/i.test(answer.trim())) throw new CommandError("aborting");
  }
  for (const { file, text, upgrades } of found) {
    await writeFile(join(io.cwd, file), applyUpgrades(text, upgrades));
    progress.success(`file ${file} migrated successfully`);
  }
  progress.success("custom resources migrated successfully");
}

async function listFiles(
  path: string,
  extensions: readonly string[],
  cwd: string,
  warn: (text: string) => void,
): Promise<readonly string[]> {
  const matches = (file: string): boolean => extensions.some((extension) => file.endsWith(extension));
  const stats = await lstat(join(cwd, path)).catch((error: unknown) => {
    throw new CommandError(`failed to stat path ${path}: openat ${path}: no such file or directory`, { cause: error });
  });
  if (!stats.isDirectory()) {
    if (!matches(path)) throw new CommandError(`file ${path} does not match the specified extensions: ${extensions.join(", ")}`);
    if (!stats.isFile()) throw new CommandError(`file ${path} is irregular`);
    return [path];
  }
  const files: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(cwd, folder), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = join(folder, entry.name);
      if (entry.isDirectory()) await walk(file);
      else if (!matches(file)) continue;
      else if (entry.isFile()) files.push(file);
      else warn(`skipping irregular file ${file}`);
    }
  };
  await walk(path);
  return files;
}
