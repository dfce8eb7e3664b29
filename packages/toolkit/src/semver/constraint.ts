// SPDX-License-Identifier: Apache-2.0
import type { Comparison } from "./constraint-parser.ts";
import { parseConstraintText } from "./constraint-parser.ts";
import type { Version } from "./version.ts";
import { comparePrereleases, compareSegments, compareVersions } from "./version.ts";

/** Alternatives (`||`) of comparisons that must all hold. */
export interface Constraint {
  readonly alternatives: readonly (readonly Comparison[])[];
  readonly original: string;
}

/**
 * Reads a version range: `>=1.2.0 <1.3.0`, `~1.2`, `^1`, `1.x`, `1.2 - 1.4`, comma or space for "and", `||` for "or".
 *
 * @throws {SemverError} INVALID_CONSTRAINT `improper constraint: "…"`
 * @see Masterminds/semver NewConstraint
 */
export function parseConstraint(text: string): Constraint {
  return { alternatives: parseConstraintText(text), original: text };
}

/** Whether a version lies in the range. A pre-release does only where an alternative names a pre-release itself (G-REF-3). */
export function satisfies(version: Version, constraint: Constraint): boolean {
  return constraint.alternatives.some((comparisons) => {
    const takesPrereleases = comparisons.some((comparison) => comparison.version.prerelease !== "");
    if (version.prerelease !== "" && !takesPrereleases) return false;
    return comparisons.every((comparison) => holds(version, comparison));
  });
}

function holds(version: Version, comparison: Comparison): boolean {
  const order = compareVersions(version, comparison.version);
  switch (comparison.operator) {
    case "":
    case "=":
      return comparison.isOpen ? isInTilde(version, comparison) : order === 0;
    case "!=":
      return isDifferent(version, comparison);
    case ">":
      return isAbove(version, comparison);
    case "<":
      return order < 0;
    case ">=":
      return order >= 0;
    case "<=":
      return isAtMost(version, comparison);
    case "~":
      return isInTilde(version, comparison);
    case "^":
      return isInCaret(version, comparison);
  }
}

function isDifferent(version: Version, { version: other, isOpen, minorIsOpen, patchIsOpen }: Comparison): boolean {
  if (!isOpen) return compareVersions(version, other) !== 0;
  if (compareSegments(version.major, other.major) !== 0) return true;
  if (minorIsOpen) return false;
  if (compareSegments(version.minor, other.minor) !== 0) return true;
  if (!patchIsOpen) return compareVersions(version, other) !== 0;
  return comparePrereleases(version.prerelease, other.prerelease) !== 0;
}

/** `>11` asks for 12 and more, `>11.1` for 11.2 and more. */
function isAbove(version: Version, { version: other, isOpen, minorIsOpen, patchIsOpen }: Comparison): boolean {
  const major = compareSegments(version.major, other.major);
  if (!isOpen || (major === 0 && !minorIsOpen && !patchIsOpen)) return compareVersions(version, other) > 0;
  if (major !== 0) return major > 0;
  return !minorIsOpen && compareSegments(version.minor, other.minor) > 0;
}

/** `<=11` takes all of 11, `<=11.1` all of 11.1. */
function isAtMost(version: Version, { version: other, isOpen, minorIsOpen }: Comparison): boolean {
  if (!isOpen) return compareVersions(version, other) <= 0;
  const major = compareSegments(version.major, other.major);
  return major < 0 || (major === 0 && (minorIsOpen || compareSegments(version.minor, other.minor) <= 0));
}

/** `~1.2.3` stays in 1.2, `~1` in 1. `~0.0.0` and `~*` take everything. */
function isInTilde(version: Version, { version: other, minorIsOpen, patchIsOpen }: Comparison): boolean {
  if (compareVersions(version, other) < 0) return false;
  const isZero = [other.major, other.minor, other.patch].every((segment) => compareSegments(segment, 0) === 0);
  if (isZero && !minorIsOpen && !patchIsOpen) return true;
  return compareSegments(version.major, other.major) === 0 && (minorIsOpen || compareSegments(version.minor, other.minor) === 0);
}

/** `^1.2.3` stays in 1, `^0.2.3` in 0.2, `^0.0.3` is 0.0.3 alone. */
function isInCaret(version: Version, { version: other, minorIsOpen, patchIsOpen }: Comparison): boolean {
  if (compareVersions(version, other) < 0) return false;
  if (compareSegments(other.major, 0) > 0 || minorIsOpen) return compareSegments(version.major, other.major) === 0;
  if (compareSegments(version.major, 0) > 0) return false;
  if (compareSegments(other.minor, 0) > 0 || patchIsOpen) return compareSegments(version.minor, other.minor) === 0;
  return compareSegments(version.minor, 0) === 0 && compareSegments(version.patch, other.patch) === 0;
}
