// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Suite } from "@flux-ts/testbed";
import type { IgnorePattern } from "../src/ignore/index.ts";
import { defaultPatterns, ignoreFile, matchPatterns, parsePattern, readPatterns, versionControlPatterns } from "../src/ignore/index.ts";
import { knownFailures } from "./ignore.known-failures.ts";
import type { Call } from "@flux-ts/testbed/call-cases";
import { caseSuite } from "@flux-ts/testbed/call-cases";

/** A pattern that can be compared: by its line and its domain. */
interface NamedPattern extends IgnorePattern {
  readonly line: string;
  readonly domain: readonly string[];
}

const verdicts = { none: 0, exclude: 1, include: 2 } as const;

const named = (line: string, domain: unknown): NamedPattern => {
  const names = (domain ?? []) as readonly string[];
  return { line, domain: names, match: (path, isFolder) => parsePattern(line, names).match(path, isFolder) };
};

const readNamed = (path: string, domain: unknown): NamedPattern[] => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  const lines = text.split("\n").filter((line) => readPatterns(line).length > 0);
  return lines.map((line) => named(line, domain));
};

const load = (folder: string, domain: readonly string[]): NamedPattern[] => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== ".git");
  const own = readNamed(join(folder, ignoreFile), domain);
  return [...own, ...folders.flatMap(({ name }) => load(join(folder, name), [...domain, name]))];
};

const match: Call = ([path, isFolder], on) => {
  const names = path as readonly string[];
  if (Array.isArray(on)) return matchPatterns(on as readonly IgnorePattern[], names, isFolder === true);
  return verdicts[(on as IgnorePattern).match(names, isFolder === true)];
};

/** How go-git's patterns match, and how Flux gathers them. */
export const suite: Suite = caseSuite({
  name: "ignore",
  files: ["pkg/sourceignore/sourceignore.jsonl", "pkg/sourceignore/gitignore/pattern.jsonl", "pkg/sourceignore/gitignore/matcher.jsonl"],
  knownFailures,
  calls: {
    Match: match,
    "pkg/sourceignore/gitignore.ParsePattern": ([line, domain]) => named(String(line), domain),
    "pkg/sourceignore/gitignore.NewMatcher": ([patterns]) => patterns ?? [],
    "pkg/sourceignore.NewMatcher": ([patterns]) => patterns ?? [],
    "pkg/sourceignore.NewDefaultMatcher": ([patterns, domain]) => {
      const names = (domain ?? []) as readonly string[];
      return [...versionControlPatterns(names), ...defaultPatterns(names), ...((patterns ?? []) as readonly IgnorePattern[])];
    },
    "pkg/sourceignore.VCSPatterns": ([domain]) => versionControlPatterns((domain ?? []) as readonly string[]),
    "pkg/sourceignore.DefaultPatterns": ([domain]) => defaultPatterns((domain ?? []) as readonly string[]),
    "pkg/sourceignore.ReadIgnoreFile": ([path, domain]) => readNamed(String(path), domain),
    "pkg/sourceignore.LoadIgnorePatterns": ([folder, domain]) => load(String(folder), (domain ?? []) as readonly string[]),
  },
});
