// SPDX-License-Identifier: Apache-2.0
import { byteString, fromByteString, isAscii, runes } from "../bytes.ts";
import { isDigit, isLetter, isLower, isSpace, isTitle, isUpper, lowerRune, titleRune, upperRune } from "../unicode.ts";

/** @see strings.ToUpper */
export function upper(text: string): string {
  return isAscii(text) ? text.toUpperCase() : runes(text).map(upperRune).join("");
}

/** @see strings.ToLower */
export function lower(text: string): string {
  return isAscii(text) ? text.toLowerCase() : runes(text).map(lowerRune).join("");
}

/** Upper case for each first letter of a word. @see strings.Title */
export function title(text: string): string {
  let wasSeparator = true;
  return runes(text)
    .map((char) => {
      const shown = wasSeparator ? titleRune(char) : char.replace(/^[\udc80-\udcff]$/, "\ufffd");
      wasSeparator = char < "\x80" ? !/[A-Za-z0-9_]/.test(char) : !isLetter(char) && !isDigit(char) && isSpace(char);
      return shown;
    })
    .join("");
}

/** Lower case for each first letter of a word between blanks. @see goutils.Uncapitalize */
export function untitle(text: string): string {
  let isFirst = true;
  return runes(text)
    .map((char) => {
      const blank = isSpace(char);
      const shown = isFirst && !blank ? lowerRune(char) : char.replace(/^[\udc80-\udcff]$/, "\ufffd");
      isFirst = blank;
      return shown;
    })
    .join("");
}

/** The first bytes of the words between blanks, each as a character. @see goutils.Initials */
export function initials(text: string): string {
  let wasGap = true;
  let out = "";
  for (const byte of byteString(text)) {
    if (isSpace(byte)) wasGap = true;
    else {
      if (wasGap) out += byte;
      wasGap = false;
    }
  }
  return out;
}

/** Without blanks; where there are any, each byte becomes a character. @see goutils.DeleteWhiteSpace */
export function withoutSpace(text: string): string {
  const bytes = byteString(text);
  const kept = Array.from(bytes)
    .filter((byte) => !isSpace(byte))
    .join("");
  return kept.length === bytes.length ? fromByteString(bytes) : kept;
}

/** Upper for lower case, and the other way round; a letter behind a blank gets its title case. @see goutils.SwapCase */
export function swapCase(text: string): string {
  let isAfterSpace = true;
  return runes(text)
    .map((char) => {
      if (isUpper(char) || isTitle(char)) {
        isAfterSpace = false;
        return lowerRune(char);
      }
      if (isLower(char)) {
        const shown = isAfterSpace ? titleRune(char) : upperRune(char);
        isAfterSpace = false;
        return shown;
      }
      isAfterSpace = isSpace(char);
      return char.replace(/^[\udc80-\udcff]$/, "\ufffd");
    })
    .join("");
}

export function isConnector(char: string): boolean {
  return char === "-" || char === "_" || isSpace(char);
}

/** `some_words` → `SomeWords`; connectors at the ends, and all but one of several, stay. @see xstrings.ToPascalCase */
export function camelCase(text: string): string {
  const chars = runes(text).map((char) => char.replace(/^[\udc80-\udcff]$/, "\ufffd"));
  const first = chars.findIndex((char) => !isConnector(char));
  // Of nothing but connectors, the last one is there twice.
  if (first < 0) return text + (chars.at(-1) ?? "");
  let out = chars.slice(0, first).join("");
  let current = upperRune(chars[first] ?? "");
  let isRunOfCapitals = isUpper(chars[first] ?? "");
  for (const char of chars.slice(first + 1)) {
    const previous = current;
    current = char;
    if (isConnector(char) && isConnector(previous)) {
      out += previous;
      continue;
    }
    if (isConnector(previous)) {
      isRunOfCapitals = isUpper(char);
      current = upperRune(char);
      continue;
    }
    if (isRunOfCapitals) {
      if (isUpper(char)) current = lowerRune(char);
      else isRunOfCapitals = false;
    }
    out += previous;
  }
  return out + current;
}
