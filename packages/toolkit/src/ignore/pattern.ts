// SPDX-License-Identifier: Apache-2.0
import type { NameMatcher } from "./glob.ts";
import { compileGlob } from "./glob.ts";

/** What a pattern says of a path. */
export type Verdict = "none" | "exclude" | "include";

/** One line of an ignore file. */
export interface IgnorePattern {
  /** @param path the names from the root down; @param isFolder of the last one */
  match(path: readonly string[], isFolder: boolean): Verdict;
}

type Part =
  | { readonly kind: "nothing" }
  | { readonly kind: "folders" }
  | { readonly kind: "never" }
  | { readonly kind: "name"; readonly matches: NameMatcher };

/**
 * Reads one line of an ignore file, the way go-git does, which differs from git: a pattern without a slash matches any name
 * of a path, one with a slash matches a beginning of it.
 *
 * @param domain the folder that the file stands in, as names from the root; the pattern has no say outside
 * @see fluxcd/pkg sourceignore/gitignore ParsePattern
 */
export function parsePattern(line: string, domain: readonly string[] = []): IgnorePattern {
  let text = line;
  const isInclusion = text.startsWith("!");
  if (isInclusion) text = text.slice(1);
  if (!text.endsWith("\\ ")) text = trimEndSpaces(text);
  const isForFolders = text.endsWith("/");
  if (isForFolders) text = text.slice(0, -1);
  const matches = text.includes("/") ? pathMatcher(text, isForFolders) : nameMatcher(text, isForFolders);
  const verdict = isInclusion ? "include" : "exclude";
  return {
    match(path, isFolder) {
      if (path.length <= domain.length || domain.some((name, index) => path[index] !== name)) return "none";
      return matches(domain.length === 0 ? path : path.slice(domain.length), isFolder) ? verdict : "none";
    },
  };
}

type PathMatcher = (path: readonly string[], isFolder: boolean) => boolean;

function nameMatcher(text: string, isForFolders: boolean): PathMatcher {
  const matches = compileGlob(text);
  return (path, isFolder) => {
    const index = path.findIndex(matches);
    return index >= 0 && !(isForFolders && !isFolder && index === path.length - 1);
  };
}

function pathMatcher(text: string, isForFolders: boolean): PathMatcher {
  const names = text.split("/");
  const parts = names.map((name, index): Part => {
    if (name === "") return { kind: "nothing" };
    if (name === "**") return index === names.length - 1 ? { kind: "nothing" } : { kind: "folders" };
    return name.includes("**") ? { kind: "never" } : { kind: "name", matches: compileGlob(name) };
  });
  return (path, isFolder) => {
    const end = endOfMatch(parts, path);
    return end !== undefined && !(isForFolders && !isFolder && end === path.length);
  };
}

/** How many names of the path the pattern used up; undefined when it does not match, or matched no name at all. */
function endOfMatch(parts: readonly Part[], path: readonly string[]): number | undefined {
  let at = 0;
  let mayStep = false;
  for (const part of parts) {
    switch (part.kind) {
      case "nothing":
        mayStep = false;
        break;
      case "folders":
        mayStep = true;
        break;
      case "never":
        return undefined;
      case "name":
        if (mayStep) while (at < path.length && !part.matches(path[at] ?? "")) at++;
        if (at >= path.length || !part.matches(path[at] ?? "")) return undefined;
        mayStep = false;
        at++;
    }
  }
  return at === 0 ? undefined : at;
}

function trimEndSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === " ") end--;
  return text.slice(0, end);
}
