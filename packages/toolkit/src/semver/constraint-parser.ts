// SPDX-License-Identifier: Apache-2.0
import { SemverError } from "./semver-error.ts";
import type { Version } from "./version.ts";
import { parseVersion } from "./version.ts";

export type Operator = "" | "=" | "!=" | ">" | "<" | ">=" | "<=" | "~" | "^";

/** One comparison. Wildcards and missing numbers are zero in `version` and told by the flags. */
export interface Comparison {
  readonly operator: Operator;
  readonly version: Version;
  /** Some number was left open. */
  readonly isOpen: boolean;
  /** `1`, `1.x`: the minor number is open (and the patch with it). */
  readonly minorIsOpen: boolean;
  /** `1.2`, `1.2.x`: only the patch number is open. */
  readonly patchIsOpen: boolean;
}

const maxLength = 4096;
const space = /[\t\n\f\r ]*/y;
const operator = /!=|>=|=>|<=|=<|~>|=|>|<|~|\^|/y;
const versionText =
  /v?([0-9xX*|]+)(\.[0-9xX*|]+)?(\.[0-9xX*|]+)?(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?/y;
const hyphen = /[\t\n\f\r ]+-[\t\n\f\r ]+/y;

const synonyms: Readonly<Record<string, Operator>> = { "=>": ">=", "=<": "<=", "~>": "~" };

/** Reads the text of a constraint in one pass over its characters. */
export function parseConstraintText(text: string): Comparison[][] {
  if (text.length > maxLength) throw new SemverError("INVALID_CONSTRAINT", `improper constraint: longer than ${maxLength} characters`);
  return text.split("||").map(parseAlternative);
}

function parseAlternative(text: string): Comparison[] {
  const reader = new Reader(text);
  const comparisons: Comparison[] = [];
  reader.take(space);
  for (;;) {
    const sign = reader.take(operator);
    reader.take(space);
    const first = reader.takeMatch(versionText);
    if (first === undefined) throw improper(text);
    if (sign === "" && reader.take(hyphen) !== "") {
      const last = reader.takeMatch(versionText);
      if (last === undefined) throw improper(text);
      comparisons.push(comparison(">=", first), comparison("<=", last));
    } else {
      comparisons.push(comparison(synonyms[sign] ?? (sign as Operator), first));
    }
    const hadSpace = reader.take(space) !== "";
    if (reader.isAtEnd) return comparisons;
    const hadComma = reader.take(/,/y) !== "";
    if (!hadSpace && !hadComma) throw improper(text);
    reader.take(space);
  }
}

function comparison(sign: Operator, match: RegExpExecArray): Comparison {
  const [whole, major = "", minor = "", patch = "", prerelease = ""] = match;
  if (isOpen(major)) return { operator: sign, version: read(`0.0.0${prerelease}`), isOpen: true, minorIsOpen: false, patchIsOpen: false };
  if (isOpen(minor))
    return { operator: sign, version: read(`${major}.0.0${prerelease}`), isOpen: true, minorIsOpen: true, patchIsOpen: false };
  if (isOpen(patch))
    return { operator: sign, version: read(`${major}${minor}.0${prerelease}`), isOpen: true, minorIsOpen: false, patchIsOpen: true };
  return { operator: sign, version: read(whole), isOpen: false, minorIsOpen: false, patchIsOpen: false };
}

function isOpen(segment: string): boolean {
  return /^\.?[xX*]?$/.test(segment);
}

function read(text: string): Comparison["version"] {
  try {
    return parseVersion(text);
  } catch {
    throw new SemverError("INVALID_CONSTRAINT", "constraint parser error");
  }
}

function improper(text: string): SemverError {
  return new SemverError("INVALID_CONSTRAINT", `improper constraint: ${JSON.stringify(text)}`);
}

/** Takes what matches at the place it stands. Patterns must be sticky. */
class Reader {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#text.length;
  }

  takeMatch(pattern: RegExp): RegExpExecArray | undefined {
    const own = new RegExp(pattern);
    own.lastIndex = this.#offset;
    const match = own.exec(this.#text);
    if (match === null) return undefined;
    this.#offset = own.lastIndex;
    return match;
  }

  take(pattern: RegExp): string {
    return this.takeMatch(pattern)?.[0] ?? "";
  }
}
