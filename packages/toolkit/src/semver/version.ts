// SPDX-License-Identifier: Apache-2.0
import { SemverError } from "./semver-error.ts";

/** A number of a version: `bigint` where it is no safe integer. Compare with `<` and `>`. */
export type Segment = number | bigint;

export interface Version {
  readonly major: Segment;
  readonly minor: Segment;
  readonly patch: Segment;
  /** Without the hyphen; empty for a release. */
  readonly prerelease: string;
  /** Build metadata, without the plus. Has no part in comparing. */
  readonly metadata: string;
  /** As it was written. */
  readonly original: string;
}

const loose = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const maxUint64 = 18_446_744_073_709_551_615n;
const maxLength = 1024;

/**
 * Reads a version loosely: a leading `v`, zeros in front, and missing minor and patch numbers are allowed.
 *
 * @throws {SemverError} INVALID_VERSION
 * @see Masterminds/semver NewVersion
 */
export function parseVersion(text: string): Version {
  const match = text.length <= maxLength ? loose.exec(text) : null;
  if (match === null) throw new SemverError("INVALID_VERSION", "invalid semantic version");
  const [, major = "", minor = "0", patch = "0", prerelease = "", metadata = ""] = match;
  for (const part of prerelease === "" ? [] : prerelease.split(".")) {
    if (/^0\d+$/.test(part)) throw new SemverError("INVALID_VERSION", "version segment starts with 0");
  }
  return { major: segment(major), minor: segment(minor), patch: segment(patch), prerelease, metadata, original: text };
}

/**
 * Reads a tag of a repository as a version: all three numbers must be there (`1.2` is no version).
 *
 * @throws {SemverError} INVALID_VERSION
 * @see fluxcd/pkg version ParseVersion (G-REF-3)
 */
export function parseTagVersion(tag: string): Version {
  if (tag.split(".", 3).length !== 3) throw new SemverError("INVALID_VERSION", "invalid semantic version");
  return parseVersion(tag);
}

/** Below, equal to or above zero. Build metadata does not count; a pre-release stands below its release. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareSegments(a.major, b.major) ||
    compareSegments(a.minor, b.minor) ||
    compareSegments(a.patch, b.patch) ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

export function compareSegments(a: Segment, b: Segment): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** Part by part: numbers by value and below words, words by their characters, fewer parts below more. A release is highest. */
export function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const left = a.split(".");
  const right = b.split(".");
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = comparePart(left[index] ?? "", right[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? -1 : 1;
  const left = uint64(a);
  const right = uint64(b);
  if (left === undefined && right === undefined) return a > b ? 1 : -1;
  if (left === undefined || right === undefined) return left === undefined ? 1 : -1;
  // Numbers of equal value that are written differently: the library calls the first one smaller.
  return left > right ? 1 : -1;
}

function segment(digits: string): Segment {
  const value = uint64(digits);
  if (value !== undefined) return value;
  throw new SemverError("INVALID_VERSION", `error parsing version segment: strconv.ParseUint: parsing "${digits}": value out of range`);
}

function uint64(text: string): Segment | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  const exact = BigInt(text);
  return exact > maxUint64 ? undefined : exact;
}
