// SPDX-License-Identifier: Apache-2.0
import { HelmError } from "../helm-error.ts";
import { compilePathPattern } from "./match-path.ts";

/** Tells whether a file or folder of a chart is left out. The path is relative to the chart. */
export type IsIgnored = (path: string, isFolder: boolean) => boolean;

interface Rule {
  readonly isNegated: boolean;
  readonly needsFolder: boolean;
  readonly matches: (path: string) => boolean;
}

/**
 * Reads .helmignore; hidden files of `templates/` are always left out.
 *
 * @throws {HelmError} CHART for patterns that are not valid
 * @see helm.sh/helm/v4 pkg/ignore
 */
export function parseIgnoreRules(text: string): IsIgnored {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const rules = [...lines, "templates/.?*"].flatMap(parseRule);
  return (path, isFolder) => {
    for (const { isNegated, needsFolder, matches } of rules) {
      if (isNegated) {
        // Whatever a negated rule does not name is left out.
        if ((needsFolder && !isFolder) || !matches(path)) return true;
      } else if ((!needsFolder || isFolder) && matches(path)) return true;
    }
    return false;
  };
}

function parseRule(line: string): Rule[] {
  let rule = line.trim();
  if (rule === "" || rule.startsWith("#")) return [];
  if (rule.includes("**")) throw new HelmError("CHART", "double-star (**) syntax is not supported");
  compilePathPattern(rule);
  const isNegated = rule.startsWith("!");
  if (isNegated) rule = rule.slice(1);
  const needsFolder = rule.endsWith("/");
  if (needsFolder) rule = rule.slice(0, -1);
  if (rule.startsWith("/")) return [{ isNegated, needsFolder, matches: compilePathPattern(rule.slice(1)) }];
  const matches = compilePathPattern(rule);
  if (rule.includes("/")) return [{ isNegated, needsFolder, matches }];
  return [{ isNegated, needsFolder, matches: (path) => matches(path.slice(path.lastIndexOf("/") + 1)) }];
}
