// SPDX-License-Identifier: Apache-2.0
import { RE2JS } from "re2js";

/** What matches everything, which is what a pattern that is not valid does. */
const EVERYTHING = /^/;

/**
 * Compiles a pattern as gobwas/glob does with `/` as its separator: `*` and `?` stop at it, `**` does not, `[abc]`,
 * `[!a-z]`, `{a,b}`, `\` takes the next character as it is.
 *
 * @see https://github.com/gobwas/glob
 */
export function compileGlob(pattern: string): (name: string) => boolean {
  const source = translate(Array.from(pattern));
  if (source === undefined) return (name) => EVERYTHING.test(name);
  // Linear in the length of the name, whatever the pattern.
  const compiled = RE2JS.compile(source, RE2JS.DOTALL);
  return (name) => compiled.matches(name);
}

/** As a regular expression; undefined when the pattern is not valid. */
function translate(chars: readonly string[]): string | undefined {
  let out = "";
  let depth = 0;
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? "";
    if (char === "{") {
      depth++;
      out += "(?:";
    } else if (char === "}" && depth > 0) {
      depth--;
      out += ")";
    } else if (char === "," && depth > 0) out += "|";
    else if (char === "?") out += "[^/]";
    else if (char === "*" && chars[at + 1] === "*") {
      at++;
      out += ".*";
    } else if (char === "*") out += "[^/]*";
    else if (char === "[") {
      const range = translateRange(chars, at + 1);
      if (range === undefined) return undefined;
      out += range.source;
      at = range.end;
    } else if (char === "\\") {
      at++;
      out += RE2JS.quote(chars[at] ?? "");
    } else out += RE2JS.quote(char);
  }
  return depth === 0 ? out : undefined;
}

/** A class of characters: a list, or one range. `end` is where its `]` stands. */
function translateRange(chars: readonly string[], start: number): { readonly source: string; readonly end: number } | undefined {
  let at = start;
  const isNot = chars[at] === "!";
  if (isNot) at++;
  const open = isNot ? "[^" : "[";
  const low = chars[at];
  if (low === undefined) return undefined;
  if (chars[at + 1] === "-") {
    const high = chars[at + 2];
    if (high === undefined || chars[at + 3] !== "]" || high < low) return undefined;
    return { source: `${open}${escape(low)}-${escape(high)}]`, end: at + 3 };
  }
  let list = "";
  for (; chars[at] !== "]"; at++) {
    if (chars[at] === "\\") at++;
    const char = chars[at];
    if (char === undefined) return undefined;
    list += escape(char);
  }
  return list === "" ? undefined : { source: `${open}${list}]`, end: at };
}

function escape(char: string): string {
  return /[\w/]/.test(char) ? char : `\\x{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
