// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "../format/quote.ts";
import { FunctionError } from "../template-error.ts";
import { Int, Struct, type TemplateFunction, type Value, fn } from "../values.ts";

interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly pre: string;
  readonly metadata: string;
  readonly original: string;
}

interface Constraint {
  readonly version: Version;
  readonly operator: string;
  readonly isDirty: boolean;
  readonly isMinorDirty: boolean;
  readonly isPatchDirty: boolean;
}

const LOOSE =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const PART =
  "v?([0-9|xX*]+)(\\.[0-9|xX*]+)?(\\.[0-9|xX*]+)?(-(?:[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(\\+(?:[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?";
const OPERATORS = "!=|>=|=>|<=|=<|~>|=|>|<|~|\\^|";
const MAX_LENGTH = 1000;

/** Sprig's semver and semverCompare. @see Masterminds/semver v3 */
export function semverFunctions(): [string, TemplateFunction][] {
  return [
    ["semver", fn("string", ([text]) => toStruct(parseVersion(String(text))))],
    ["semverCompare", fn("string,string", ([constraint, text]) => satisfies(String(constraint), String(text)))],
  ];
}

/** Whether a text is a version, as loosely as Masterminds' NewVersion takes them. */
export function isSemver(text: string): boolean {
  try {
    parseVersion(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a version meets a constraint; false when either cannot be read. */
export function satisfiesSemver(constraint: string, text: string): boolean {
  try {
    return satisfies(constraint, text);
  } catch {
    return false;
  }
}

function parseVersion(text: string): Version {
  const match = text.length > MAX_LENGTH ? null : LOOSE.exec(text);
  if (match === null) throw new FunctionError("invalid semantic version");
  const [, major = "0", minor = "0", patch = "0", pre = "", metadata = ""] = match;
  for (const part of [major, minor, patch]) {
    if (BigInt(part) >= 2n ** 64n)
      throw new FunctionError(`error parsing version segment: strconv.ParseUint: parsing "${part}": value out of range`);
  }
  if (pre.split(".").some((part) => /^0[0-9]+$/.test(part))) throw new FunctionError("version segment starts with 0");
  return { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), pre, metadata, original: text };
}

function toText({ major, minor, patch, pre, metadata }: Version): string {
  return `${major}.${minor}.${patch}${pre === "" ? "" : `-${pre}`}${metadata === "" ? "" : `+${metadata}`}`;
}

function toStruct(version: Version): Struct {
  const number = (value: bigint): TemplateFunction => fn("", () => new Int("uint64", value));
  const text = (value: string): TemplateFunction => fn("", () => value);
  const next = (major: bigint, minor: bigint, patch: bigint): TemplateFunction =>
    fn("", () => {
      const raised = { major, minor, patch, pre: "", metadata: "" };
      const prefix = version.original.startsWith("v") ? "v" : "";
      return toStruct({ ...raised, original: prefix + toText({ ...raised, original: "" }) });
    });
  const against = (test: (order: number) => TemplateValue): TemplateFunction =>
    fn("any", ([other]) => {
      if (!(other instanceof Struct) || other.text === undefined) throw new FunctionError("not a version");
      return test(compareVersions(version, parseVersion(other.text())));
    });
  return new Struct({
    type: "*semver.Version",
    fields: new Map<string, Value>([
      ["major", new Int("uint64", version.major)],
      ["minor", new Int("uint64", version.minor)],
      ["patch", new Int("uint64", version.patch)],
      ["pre", version.pre],
      ["metadata", version.metadata],
      ["original", version.original],
    ]),
    text: () => toText(version),
    json: () => toText(version),
    methods: new Map([
      ["Major", number(version.major)],
      ["Minor", number(version.minor)],
      ["Patch", number(version.patch)],
      ["Prerelease", text(version.pre)],
      ["Metadata", text(version.metadata)],
      ["Original", text(version.original)],
      ["String", text(toText(version))],
      ["IncMajor", next(version.major + 1n, 0n, 0n)],
      ["IncMinor", next(version.major, version.minor + 1n, 0n)],
      ["IncPatch", next(version.major, version.minor, version.pre === "" ? version.patch + 1n : version.patch)],
      ["Compare", against((order) => new Int("int", BigInt(order)))],
      ["LessThan", against((order) => order < 0)],
      ["LessThanEqual", against((order) => order <= 0)],
      ["GreaterThan", against((order) => order > 0)],
      ["GreaterThanEqual", against((order) => order >= 0)],
      ["Equal", against((order) => order === 0)],
    ]),
  });
}

type TemplateValue = boolean | Int;

function compareVersions(a: Version, b: Version): number {
  const pairs: readonly (readonly [bigint, bigint])[] = [
    [a.major, b.major],
    [a.minor, b.minor],
    [a.patch, b.patch],
  ];
  for (const [x, y] of pairs) if (x !== y) return x < y ? -1 : 1;
  return comparePrereleases(a.pre, b.pre);
}

function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? 1 : -1;
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i];
    const y = right[i];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const isNumberX = /^[0-9]+$/.test(x);
    const isNumberY = /^[0-9]+$/.test(y);
    if (isNumberX !== isNumberY) return isNumberX ? -1 : 1;
    return (isNumberX ? BigInt(x) < BigInt(y) : x < y) ? -1 : 1;
  }
  return 0;
}

function satisfies(constraint: string, text: string): boolean {
  const anyOf = parseConstraints(constraint);
  const version = parseVersion(text);
  return anyOf.some((all) => {
    const hasPre = all.some((one) => one.version.pre !== "");
    return all.every((one) => (version.pre === "" || hasPre) && check(version, one));
  });
}

function parseConstraints(text: string): Constraint[][] {
  if (text.length > MAX_LENGTH) throw new FunctionError(`improper constraint: a constraint of ${text.length} characters is too long`);
  const rewritten = text.replace(
    new RegExp(`\\s*(${PART})\\s+-\\s+(${PART})\\s*`, "g"),
    (...groups: string[]) => `>= ${groups[1]}, <= ${groups[7]} `,
  );
  const valid = new RegExp(`^\\s*(?:${OPERATORS})\\s*(?:${PART})\\s*(?:(?:\\s+|,\\s*)(?:${OPERATORS})\\s*(?:${PART})\\s*)*$`);
  return rewritten.split("||").map((part) => {
    if (!valid.test(part)) throw new FunctionError(`improper constraint: ${goQuote(part)}`);
    return Array.from(part.matchAll(new RegExp(`(${OPERATORS})\\s*${PART}`, "g")), toConstraint);
  });
}

function toConstraint(match: RegExpExecArray): Constraint {
  const [, operator = "", major = "", minor = "", patch = "", pre = ""] = match;
  const isAny = (part: string): boolean => part === "" || /^\.?[xX*]$/.test(part);
  const isDirty = isAny(major) || isAny(minor) || isAny(patch);
  const isMinorDirty = !isAny(major) && isAny(minor);
  const isPatchDirty = !isAny(major) && !isAny(minor) && isAny(patch);
  const numbers = isAny(major) ? "0.0.0" : isMinorDirty ? `${major}.0.0` : isPatchDirty ? `${major}${minor}.0` : major + minor + patch;
  try {
    return { version: parseVersion(numbers + pre), operator, isDirty, isMinorDirty, isPatchDirty };
  } catch {
    throw new FunctionError("constraint parser error");
  }
}

function check(v: Version, c: Constraint): boolean {
  const order = compareVersions(v, c.version);
  switch (c.operator) {
    case "!=":
      return differs(v, c, order);
    case ">":
      return isAfter(v, c, order);
    case "<":
      return order < 0;
    case ">=":
    case "=>":
      return order >= 0;
    case "<=":
    case "=<":
      if (!c.isDirty) return order <= 0;
      return v.major <= c.version.major && !(v.major === c.version.major && v.minor > c.version.minor && !c.isMinorDirty);
    case "^":
      return isCompatible(v, c, order);
    case "~":
    case "~>":
      return isClose(v, c, order);
    default:
      return c.isDirty ? isClose(v, c, order) : order === 0;
  }
}

function differs(v: Version, c: Constraint, order: number): boolean {
  if (!c.isDirty) return order !== 0;
  if (c.version.major !== v.major) return true;
  if (c.isMinorDirty) return false;
  if (c.version.minor !== v.minor) return true;
  if (!c.isPatchDirty) return c.version.patch !== v.patch || order !== 0;
  return (v.pre !== "" || c.version.pre !== "") && comparePrereleases(v.pre, c.version.pre) !== 0;
}

function isAfter(v: Version, c: Constraint, order: number): boolean {
  if (!c.isDirty) return order > 0;
  if (v.major !== c.version.major) return v.major > c.version.major;
  if (c.isMinorDirty) return false;
  return c.isPatchDirty ? v.minor > c.version.minor : order > 0;
}

function isClose(v: Version, c: Constraint, order: number): boolean {
  if (order < 0) return false;
  const { major, minor, patch } = c.version;
  // ~0.0.0 stands for anything, as * does.
  if (major === 0n && minor === 0n && patch === 0n && !c.isMinorDirty && !c.isPatchDirty) return true;
  return v.major === major && (v.minor === minor || c.isMinorDirty);
}

function isCompatible(v: Version, c: Constraint, order: number): boolean {
  if (order < 0) return false;
  const { major, minor, patch } = c.version;
  if (major > 0n || c.isMinorDirty) return v.major === major;
  if (v.major > 0n) return false;
  if (minor > 0n || c.isPatchDirty) return v.minor === minor;
  return v.minor === 0n && v.patch === patch;
}
