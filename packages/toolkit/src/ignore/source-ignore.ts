// SPDX-License-Identifier: Apache-2.0
import type { IgnorePattern } from "./pattern.ts";
import { parsePattern } from "./pattern.ts";

/** The name of the file that holds ignore rules, in any folder of a source. */
export const ignoreFile = ".sourceignore";

/** Always excluded (G-IGN-1). */
const versionControl = [".git/", ".gitignore", ".gitmodules", ".gitattributes"];
/** Excluded as long as the user says nothing (G-IGN-2). */
const byDefault = [
  "*.jpg,*.jpeg,*.gif,*.png,*.wmv,*.flv,*.tar.gz,*.zip",
  ".github/,.circleci/,.travis.yml,.gitlab-ci.yml,appveyor.yml,.drone.yml",
  "cloudbuild.yaml,codeship-services.yml,codeship-steps.yml",
  "**/.goreleaser.yml,**/.sops.yaml,**/.flux.yaml",
].flatMap((group) => group.split(","));

/** A line longer than this ends the reading of an ignore file. */
const maxLineLength = 64 * 1024;

/** Whether a path is left out. Each is tested by itself: a file can come back whose folder is left out (G-IGN-3). */
export type Ignores = (path: string, isFolder: boolean) => boolean;

/** The patterns of an ignore text; empty lines and comments are none. @see fluxcd/pkg sourceignore ReadPatterns */
export function readPatterns(text: string, domain: readonly string[] = []): IgnorePattern[] {
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  const tooLong = lines.findIndex((line) => line.length > maxLineLength);
  const read = tooLong < 0 ? lines : lines.slice(0, tooLong);
  return read.filter((line) => !line.startsWith("#") && line.trim() !== "").map((line) => parsePattern(line, domain));
}

export function versionControlPatterns(domain: readonly string[] = []): IgnorePattern[] {
  return versionControl.map((pattern) => parsePattern(pattern, domain));
}

export function defaultPatterns(domain: readonly string[] = []): IgnorePattern[] {
  return byDefault.map((pattern) => parsePattern(pattern, domain));
}

/** The last pattern that has a say decides. @see fluxcd/pkg sourceignore/gitignore NewMatcher */
export function matchPatterns(patterns: readonly IgnorePattern[], path: readonly string[], isFolder: boolean): boolean {
  for (let index = patterns.length - 1; index >= 0; index--) {
    const verdict = patterns[index]?.match(path, isFolder) ?? "none";
    if (verdict !== "none") return verdict === "exclude";
  }
  return false;
}

/** Where a `.sourceignore` stands (`""` is the root) and what it says. */
export interface IgnoreFile {
  readonly folder: string;
  readonly text: string;
}

/**
 * The rules of a source: version control always, then the `.sourceignore` files, parents first, then the object's own text.
 * The defaults hold only when none of these has a pattern.
 *
 * @param files in any order
 * @param text `spec.ignore`
 * @see fluxcd/pkg artifact/storage SourceIgnoreFilter
 */
export function ignoresOf(files: readonly IgnoreFile[], text: string | undefined): Ignores {
  const ofUser = [...readIgnoreFiles(files), ...readPatterns(text ?? "")];
  const patterns = [...versionControlPatterns(), ...(ofUser.length === 0 ? defaultPatterns() : ofUser)];
  return (path, isFolder) => matchPatterns(patterns, path.split("/"), isFolder);
}

/** Depth first, names in order: what stands deeper counts more. */
function readIgnoreFiles(files: readonly IgnoreFile[]): IgnorePattern[] {
  return files
    .map(({ folder, text }) => ({ domain: folder === "" ? [] : folder.split("/"), text }))
    .sort((a, b) => (a.domain.join("\0") < b.domain.join("\0") ? -1 : 1))
    .flatMap(({ domain, text: content }) => readPatterns(content, domain));
}
