// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "../../../go-quote.ts";
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import type { CelValue } from "../values.ts";
import { CelOpaque, sizeOf } from "../values.ts";

const SEMVER = "kubernetes.Semver";

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly prerelease: readonly string[];
}

type SemverValue = CelOpaque<Version>;

const perCharacter = (args: readonly CelValue[]): number => Math.ceil(sizeOf(args[0] ?? null) * 0.1);

/** @see k8s.io/apiserver pkg/cel/library/semverlib.go, version 1 */
export const semvers: readonly Declaration[] = [
  overload(`semver(string) ${SEMVER}`, (text: string) => toSemver(text, false), perCharacter),
  overload(`semver(string, bool) ${SEMVER}`, toSemver, perCharacter),
  overload("isSemver(string) bool", (text: string) => typeof parseVersion(text) !== "string", perCharacter),
  overload("isSemver(string, bool) bool", (text: string, normalizes: boolean) => typeof parse(text, normalizes) !== "string", perCharacter),
  overload(`${SEMVER}.isGreaterThan(${SEMVER}) bool`, (left: SemverValue, right: SemverValue) => compare(left.value, right.value) > 0),
  overload(`${SEMVER}.isLessThan(${SEMVER}) bool`, (left: SemverValue, right: SemverValue) => compare(left.value, right.value) < 0),
  overload(`${SEMVER}.compareTo(${SEMVER}) int`, (left: SemverValue, right: SemverValue) => BigInt(compare(left.value, right.value))),
  overload(`${SEMVER}.major() int`, ({ value }: SemverValue) => value.numbers[0]),
  overload(`${SEMVER}.minor() int`, ({ value }: SemverValue) => value.numbers[1]),
  overload(`${SEMVER}.patch() int`, ({ value }: SemverValue) => value.numbers[2]),
];

function toSemver(text: string, normalizes: boolean): SemverValue {
  const version = parse(text, normalizes);
  if (typeof version === "string") throw evaluationError(version);
  return new CelOpaque(SEMVER, version, `${version.numbers.join(".")}-${version.prerelease.join(".")}`);
}

function parse(text: string, normalizes: boolean): Version | string {
  if (!normalizes) return parseVersion(text);
  const parts = splitThree(text.replace(/^v/, "")).map((part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, "") : part));
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? "")) return "short version cannot contain PreRelease/Build meta data";
  return parseVersion([...parts, "0", "0"].slice(0, 3).join("."));
}

function splitThree(text: string): string[] {
  const [major = "", minor, ...patch] = text.split(".");
  if (minor === undefined) return [major];
  return patch.length === 0 ? [major, minor] : [major, minor, patch.join(".")];
}

/** The version, or what is wrong. @see github.com/blang/semver Parse */
function parseVersion(text: string): Version | string {
  if (text === "") return "Version string empty";
  const parts = splitThree(text);
  if (parts.length !== 3) return "No Major.Minor.Patch elements found";
  const [major = "", minor = "", rest = ""] = parts;
  const plus = rest.indexOf("+");
  const build = plus < 0 ? undefined : rest.slice(plus + 1).split(".");
  const core = plus < 0 ? rest : rest.slice(0, plus);
  const dash = core.indexOf("-");
  const prerelease = dash < 0 ? [] : core.slice(dash + 1).split(".");
  const patch = dash < 0 ? core : core.slice(0, dash);
  const named = [
    ["major", "Major", major],
    ["minor", "Minor", minor],
    ["patch", "Patch", patch],
  ] as const;
  for (const [name, title, number] of named) {
    if (!/^\d+$/.test(number)) return `Invalid character(s) found in ${name} number ${goQuote(number)}`;
    if (/^0\d/.test(number)) return `${title} number must not contain leading zeroes ${goQuote(number)}`;
    if (BigInt(number) >= 2n ** 64n) return `strconv.ParseUint: parsing ${goQuote(number)}: value out of range`;
  }
  for (const part of prerelease) {
    if (part === "") return "Prerelease is empty";
    if (/^0\d+$/.test(part)) return `Numeric PreRelease version must not contain leading zeroes ${goQuote(part)}`;
    if (!/^[\dA-Za-z-]+$/.test(part)) return `Invalid character(s) found in prerelease ${goQuote(part)}`;
  }
  for (const part of build ?? []) {
    if (part === "") return "Build meta data is empty";
    if (!/^[\dA-Za-z-]+$/.test(part)) return `Invalid character(s) found in build meta data ${goQuote(part)}`;
  }
  return { numbers: [BigInt(major), BigInt(minor), BigInt(patch)], prerelease };
}

function compare(left: Version, right: Version): number {
  for (const index of [0, 1, 2] as const) {
    if (left.numbers[index] !== right.numbers[index]) return left.numbers[index] < right.numbers[index] ? -1 : 1;
  }
  if (left.prerelease.length === 0 || right.prerelease.length === 0) {
    return Number(left.prerelease.length === 0) - Number(right.prerelease.length === 0);
  }
  for (const [index, part] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return left.prerelease.length < right.prerelease.length ? -1 : 0;
}

/** Numbers come before text. */
function comparePart(left: string, right: string): number {
  const [leftIsNumber, rightIsNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  if (leftIsNumber) return BigInt(left) < BigInt(right) ? -1 : Number(BigInt(left) > BigInt(right));
  return left < right ? -1 : Number(left > right);
}
