// SPDX-License-Identifier: Apache-2.0

const NAMED: ReadonlyMap<number, string> = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [12, "\\f"],
  [10, "\\n"],
  [13, "\\r"],
  [9, "\\t"],
  [11, "\\v"],
  [92, "\\\\"],
]);
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** Whether Go counts the character as printable: letters, marks, numbers, punctuation, symbols, and the space. */
export function isPrintable(char: string): boolean {
  return char === " " || PRINTABLE.test(char);
}

function escapeCharacter(char: string, mark: string, isAsciiOnly: boolean): string {
  const code = char.codePointAt(0) ?? 0;
  if (char === mark) return `\\${mark}`;
  const named = NAMED.get(code);
  if (named !== undefined) return named;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x7f || (!isAsciiOnly && isPrintable(char))) return char;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A string as Go's `%q` writes it; with `isAsciiOnly` as `%+q`. @see strconv.Quote */
export function goQuote(text: string, isAsciiOnly = false): string {
  let out = '"';
  for (const char of text) out += escapeCharacter(char, '"', isAsciiOnly);
  return `${out}"`;
}

/** A character as Go's `%q` writes it. @see strconv.QuoteRune */
export function goQuoteRune(code: number, isAsciiOnly = false): string {
  const isValid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return `'${escapeCharacter(isValid ? String.fromCodePoint(code) : "\ufffd", "'", isAsciiOnly)}'`;
}

/** Whether a text can stand in Go's raw quotes. @see strconv.CanBackquote */
export function canBackquote(text: string): boolean {
  return !/[`\u0000-\u0008\u000a-\u001f\u007f\ufeff]|[\ud800-\udfff]/u.test(text);
}

/** A text in raw quotes where it can be, else as `%q` writes it. */
export function goBackquote(text: string): string {
  return canBackquote(text) ? `\`${text}\`` : goQuote(text);
}
