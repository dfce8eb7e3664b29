// SPDX-License-Identifier: Apache-2.0
import { matchPrefix } from "./glob.ts";
import { SubstituteError } from "./substitute-error.ts";

/**
 * What an operator makes of a value. Offsets and lengths count bytes of UTF-8, as upstream's do.
 * @param args already expanded
 * @param maxLength bound of the result, in UTF-16 units; checked before a result that could be large is made
 * @throws {SubstituteError} BAD_SYNTAX, TOO_LARGE, TOO_COMPLEX
 * @see fluxcd/pkg envsubst/funcs.go
 */
export function transform(operator: string, value: string, args: readonly string[], maxLength: number): string {
  const [first = "", second = ""] = args;
  switch (operator) {
    case ",":
      return mapFirst(value, lower);
    case ",,":
      return mapAll(value, lower);
    case "^":
      return mapFirst(value, upper);
    case "^^":
      return mapAll(value, upper);
    case "#":
      return args.length === 0 ? String(new TextEncoder().encode(value).length) : trimPrefix(value, first, "shortest");
    case "##":
      return trimPrefix(value, first, "longest");
    case "%":
      return trimSuffix(value, first, "shortest");
    case "%%":
      return trimSuffix(value, first, "longest");
    case ":":
      return substring(value, args);
    case "/#":
      return args.length === 2 && value.startsWith(first) ? second + value.slice(first.length) : value;
    case "/%":
      return args.length === 2 && value.endsWith(first) ? value.slice(0, value.length - first.length) + second : value;
    case "/":
      return replaceFirst(value, first, second);
    case "//":
      return replaceAll(value, first, second, maxLength);
    default:
      return value === "" ? args.join("") : value;
  }
}

function replaceFirst(value: string, pattern: string, replacement: string): string {
  const at = value.indexOf(pattern);
  return at < 0 ? value : value.slice(0, at) + replacement + value.slice(at + pattern.length);
}

function replaceAll(value: string, pattern: string, replacement: string, maxLength: number): string {
  // An empty pattern stands before every character and at the end.
  const pieces = pattern === "" ? ["", ...value, ""] : value.split(pattern);
  if (value.length + (pieces.length - 1) * replacement.length > maxLength) throw tooLarge(maxLength);
  if (pattern === "" && value === "") return replacement;
  return pieces.join(replacement);
}

export function tooLarge(maxLength: number): SubstituteError {
  return new SubstituteError("TOO_LARGE", `the result would be longer than ${maxLength} characters`);
}

function trimPrefix(value: string, pattern: string, which: "longest" | "shortest"): string {
  const characters = Array.from(value);
  return characters.slice(matchPrefix(Array.from(pattern), characters, which)).join("");
}

/** Upstream trims the end of a text as the beginning of the reversed text, with the reversed pattern. */
function trimSuffix(value: string, pattern: string, which: "longest" | "shortest"): string {
  const characters = Array.from(value).reverse();
  return characters
    .slice(matchPrefix(Array.from(pattern).reverse(), characters, which))
    .reverse()
    .join("");
}

/** What is no number leaves the value as it is, as a shell does. */
function substring(value: string, args: readonly string[]): string {
  const given = integer(args[0] ?? "");
  if (given === undefined) return value;
  const bytes = new TextEncoder().encode(value);
  const start = given < 0 ? Math.max(0, bytes.length + given) : given;
  if (args.length === 1) return decode(bytes.subarray(Math.min(start, bytes.length)));
  const length = integer(args[1] ?? "");
  if (length === undefined) return value;
  if (start + length >= bytes.length) return decode(bytes.subarray(Math.min(start, bytes.length)));
  if (length < 0) throw new SubstituteError("BAD_SYNTAX", `bad substitution: the length ${length} of a substring is negative`);
  return decode(bytes.subarray(start, start + length));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SubstituteError("BAD_SYNTAX", "bad substitution: a substring (counted in bytes) cuts a character in two", { cause });
  }
}

function integer(text: string): number | undefined {
  if (!/^[+-]?[0-9]{1,19}$/.test(text)) return undefined;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return value >= -(2n ** 63n) && value < 2n ** 63n ? Number(value) : undefined;
}

function mapFirst(value: string, map: (character: string) => string): string {
  const [first] = value;
  return first === undefined ? value : map(first) + value.slice(first.length);
}

function mapAll(value: string, map: (character: string) => string): string {
  return Array.from(value, map).join("");
}

/** One character for one character, as Go maps case: `ß` stays. */
function upper(character: string): string {
  const mapped = character.toUpperCase();
  return isOne(mapped) ? mapped : character;
}

function lower(character: string): string {
  if (character === "\u0130") return "i";
  const mapped = character.toLowerCase();
  return isOne(mapped) ? mapped : character;
}

function isOne(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}
