// SPDX-License-Identifier: Apache-2.0
import { goQuote } from "../../../go-quote.ts";
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";
import type { CelList, CelValue } from "../values.ts";
import { ArrayList, countCharacters, sizeOf } from "../values.ts";
import type { FormatStyle } from "./format-string.ts";
import { formatString } from "./format-string.ts";

/** What traversing the text once costs, times a factor. */
const perCharacter =
  (factor = 1) =>
  (args: readonly CelValue[]): number =>
    Math.ceil(sizeOf(args[0] ?? null) * factor * 0.1);

/** Positions count characters (code points). @see cel-go ext.Strings */
export const strings = (style: FormatStyle): readonly Declaration[] => [
  overload("string.charAt(int) string", charAt),
  overload("string.indexOf(string) int", (text: string, part: string) => indexOf(text, part, 0n)),
  overload("string.indexOf(string, int) int", indexOf),
  overload("string.lastIndexOf(string) int", (text: string, part: string) => lastIndexOf(text, part, undefined)),
  overload("string.lastIndexOf(string, int) int", lastIndexOf),
  overload("string.lowerAscii() string", (text: string) => text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase()), perCharacter()),
  overload("string.upperAscii() string", (text: string) => text.replaceAll(/[a-z]+/g, (part) => part.toUpperCase()), perCharacter()),
  overload(
    "string.replace(string, string) string",
    (text: string, old: string, by: string) => replace(text, old, by, -1n),
    perCharacter(2),
  ),
  overload("string.replace(string, string, int) string", replace, perCharacter(2)),
  overload("string.split(string) list(string)", (text: string, by: string) => split(text, by, -1n), perCharacter(2)),
  overload("string.split(string, int) list(string)", split, perCharacter(2)),
  overload("string.substring(int) string", (text: string, start: bigint) => substring(text, start, undefined), perCharacter()),
  overload("string.substring(int, int) string", substring, perCharacter()),
  overload("string.trim() string", trim, perCharacter()),
  overload("string.format(list(dyn)) string", (template: string, args: CelList) => formatString(template, args, style)),
  overload("::strings.quote(string) string", goQuote),
  overload(
    "list(string).join() string",
    (list: CelList) => join(list, ""),
    (_, result) => Math.ceil(sizeOf(result) * 0.2),
  ),
  overload("list(string).join(string) string", join, (_, result) => Math.ceil(sizeOf(result) * 0.2)),
];

/** Version 3 and later. */
export const stringReverse: readonly Declaration[] = [
  overload("string.reverse() string", (text: string) => Array.from(text).toReversed().join("")),
];

function outOfRange(index: bigint): Error {
  return evaluationError(`index out of range: ${index}`);
}

function charAt(text: string, index: bigint): string {
  const characters = Array.from(text);
  if (index < 0n || index > BigInt(characters.length)) throw outOfRange(index);
  return characters[Number(index)] ?? "";
}

function indexOf(text: string, part: string, offset: bigint): bigint {
  if (part === "") return offset;
  if (offset < 0n) throw outOfRange(offset);
  const characters = Array.from(text);
  if (offset >= BigInt(characters.length)) return -1n;
  const skipped = characters.slice(0, Number(offset)).join("").length;
  const found = text.indexOf(part, skipped);
  return found < 0 ? -1n : BigInt(countCharacters(text.slice(0, found)));
}

function lastIndexOf(text: string, part: string, offset: bigint | undefined): bigint {
  const characters = Array.from(text);
  if (part === "") return offset ?? BigInt(characters.length);
  if (offset === undefined && text.length < part.length) return -1n;
  const from = offset ?? BigInt(characters.length - 1);
  if (from < 0n) throw outOfRange(from);
  if (from >= BigInt(characters.length)) return -1n;
  const found = text.lastIndexOf(part, characters.slice(0, Number(from)).join("").length);
  return found < 0 ? -1n : BigInt(countCharacters(text.slice(0, found)));
}

function replace(text: string, old: string, by: string, limit: bigint): string {
  if (limit < 0n)
    return old === ""
      ? by +
          Array.from(text)
            .map((character) => character + by)
            .join("")
      : text.replaceAll(old, () => by);
  const parts = old === "" ? ["", ...Array.from(text)] : text.split(old);
  let replaced = parts[0] ?? "";
  for (let index = 1; index < parts.length; index++) replaced += (BigInt(index) <= limit ? by : old) + (parts[index] ?? "");
  if (old === "" && BigInt(parts.length) <= limit) replaced += by;
  return replaced;
}

/** @see strings.SplitN */
function split(text: string, by: string, limit: bigint): CelList {
  if (limit === 0n) return new ArrayList([]);
  const parts = by === "" ? Array.from(text) : text.split(by);
  if (limit < 0n || BigInt(parts.length) <= limit) return new ArrayList(parts);
  const kept = Number(limit) - 1;
  return new ArrayList([...parts.slice(0, kept), parts.slice(kept).join(by)]);
}

function substring(text: string, start: bigint, end: bigint | undefined): string {
  const characters = Array.from(text);
  const length = BigInt(characters.length);
  if (end !== undefined && start > end) throw evaluationError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > length) throw outOfRange(start);
  if (end !== undefined && (end < 0n || end > length)) throw outOfRange(end);
  return characters.slice(Number(start), end === undefined ? undefined : Number(end)).join("");
}

/** Spaces as Unicode and Go tell them. */
function trim(text: string): string {
  return text.replaceAll(/^[\s\u0085]+|[\s\u0085]+$/g, (space) => space.replaceAll(/[^\ufeff]/g, ""));
}

function join(list: CelList, separator: string): string {
  const parts: string[] = [];
  for (const item of list) {
    if (typeof item !== "string") throw evaluationError("no such overload: join(list, string)");
    parts.push(item);
  }
  return parts.join(separator);
}
