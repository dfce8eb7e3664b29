// SPDX-License-Identifier: Apache-2.0
import type { LatestVersions } from "./latest-versions.ts";

/** One object whose version is to change. */
export interface Upgrade {
  /** From 0. */
  readonly line: number;
  readonly kind: string;
  readonly oldVersion: string;
  readonly newVersion: string;
}

export interface FoundUpgrades {
  readonly upgrades: readonly Upgrade[];
  /** What could not be read, with its line. */
  readonly warnings: readonly string[];
}

/**
 * Finds what has a newer version: a line with `apiVersion: ` right above one with `kind: `. Lines are read, not YAML, so that
 * templates can be migrated and everything else stays as it is.
 *
 * @see cmd/flux/migrate.go detectFileUpgrades
 */
export function findUpgrades(text: string, file: string, latest: LatestVersions): FoundUpgrades {
  const lines = text.split("\n");
  const upgrades: Upgrade[] = [];
  const warnings: string[] = [];
  for (const [line, content] of lines.entries()) {
    const apiVersion = valueAfter(content, "apiVersion: ");
    if (apiVersion === undefined) continue;
    const parts = apiVersion.split("/");
    if (parts.length > 2) {
      warnings.push(`${file}:${line + 1}: unexpected GroupVersion string: ${apiVersion}`);
      continue;
    }
    const kind = valueAfter(lines[line + 1] ?? "", "kind: ");
    const [group, oldVersion] = parts.length === 2 ? [parts[0] ?? "", parts[1] ?? ""] : ["", apiVersion];
    const newVersion = kind === undefined ? undefined : latest.get(`${group}/${kind}`);
    if (kind === undefined || newVersion === undefined || newVersion === oldVersion) continue;
    upgrades.push({ line, kind, oldVersion, newVersion });
  }
  return { upgrades, warnings };
}

/** The text with the versions changed. */
export function applyUpgrades(text: string, upgrades: readonly Upgrade[]): string {
  const lines = text.split("\n");
  for (const { line, oldVersion, newVersion } of upgrades) lines[line] = (lines[line] ?? "").replace(oldVersion, () => newVersion);
  return lines.join("\n");
}

function valueAfter(line: string, prefix: string): string | undefined {
  const at = line.indexOf(prefix);
  return at < 0
    ? undefined
    : line
        .slice(at + prefix.length)
        .trim()
        .split(" ")[0];
}
