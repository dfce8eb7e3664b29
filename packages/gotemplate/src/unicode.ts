// SPDX-License-Identifier: Apache-2.0

/*
 * Go maps characters one to one, where JavaScript has strings that grow (ß → SS). These are Go's mappings and classes.
 * A byte that is no UTF-8 (a lone surrogate) becomes U+FFFD, as it does when Go decodes it.
 */

const REPLACEMENT = "\ufffd";
/** Capitals of Greek letters with an iota below, for which JavaScript has two characters. */
const IOTA: ReadonlyMap<string, string> = new Map([
  ["ᾳ", "ᾼ"],
  ["ῃ", "ῌ"],
  ["ῳ", "ῼ"],
]);
/** Letters that are two, in their title case. */
const DIGRAPHS: readonly (readonly [letters: string, title: string])[] = [
  ["Ǆǅǆ", "ǅ"],
  ["Ǉǈǉ", "ǈ"],
  ["Ǌǋǌ", "ǋ"],
  ["Ǳǲǳ", "ǲ"],
];

function isStray(char: string): boolean {
  return char >= "\ud800" && char <= "\udfff" && char.length === 1;
}

/** @see unicode.ToUpper */
export function upperRune(char: string): string {
  if (isStray(char)) return REPLACEMENT;
  const upper = char.toUpperCase();
  if (upper.length === char.length) return upper;
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0x1f80 && code <= 0x1faf && (code & 8) === 0) return String.fromCodePoint(code + 8);
  return IOTA.get(char) ?? (Array.from(upper).length === 1 ? upper : char);
}

/** @see unicode.ToLower */
export function lowerRune(char: string): string {
  if (isStray(char)) return REPLACEMENT;
  if (char === "İ") return "i";
  const lower = char.toLowerCase();
  return lower.length === char.length || Array.from(lower).length === 1 ? lower : char;
}

/** @see unicode.ToTitle */
export function titleRune(char: string): string {
  const digraph = DIGRAPHS.find(([letters]) => letters.includes(char))?.[1];
  if (digraph !== undefined) return digraph;
  // Georgian has capitals, but not at the start of words.
  return char >= "\u10d0" && char <= "\u10ff" ? char : upperRune(char);
}

const SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const UPPER = /^\p{Lu}$/u;
const LOWER = /^\p{Ll}$/u;
const TITLE = /^\p{Lt}$/u;
const LETTER = /^\p{L}$/u;
const NUMBER = /^\p{N}$/u;
const DIGIT = /^\p{Nd}$/u;
const PUNCTUATION = /^\p{P}$/u;

/** @see unicode.IsSpace */
export function isSpace(char: string): boolean {
  return SPACE.test(char);
}

export function isUpper(char: string): boolean {
  return UPPER.test(char);
}

export function isLower(char: string): boolean {
  return LOWER.test(char);
}

export function isTitle(char: string): boolean {
  return TITLE.test(char);
}

export function isLetter(char: string): boolean {
  return LETTER.test(char);
}

export function isNumber(char: string): boolean {
  return NUMBER.test(char);
}

export function isDigit(char: string): boolean {
  return DIGIT.test(char);
}

export function isPunctuation(char: string): boolean {
  return PUNCTUATION.test(char);
}
