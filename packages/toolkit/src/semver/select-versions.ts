// SPDX-License-Identifier: Apache-2.0
import type { Constraint } from "./constraint.ts";
import { satisfies } from "./constraint.ts";
import type { Version } from "./version.ts";
import { compareVersions, parseTagVersion } from "./version.ts";

/**
 * The tags that are versions in the range, highest first; equal ones (`1.2.3`, `v1.2.3`, `1.2.3+build`) in the order given.
 * Tags that are no version are left out.
 *
 * @see fluxcd/pkg version Sort
 */
export function selectVersions(tags: readonly string[], constraint?: Constraint): Version[] {
  const versions = tags.flatMap((tag) => tagVersion(tag) ?? []);
  const matching = constraint === undefined ? versions : versions.filter((version) => satisfies(version, constraint));
  return matching.sort((a, b) => compareVersions(b, a));
}

function tagVersion(tag: string): Version | undefined {
  try {
    return parseTagVersion(tag);
  } catch {
    return undefined;
  }
}
