// SPDX-License-Identifier: Apache-2.0
import { runes } from "../bytes.ts";

const LETTER = /^\p{L}$/u;
const UPPER = /^\p{Lu}$/u;
const LOWER = /^\p{Ll}$/u;
const DIGIT = /^\p{Nd}$/u;
const SPACE = /^\s$/u;

function capital(char: string): string {
  const upper = char.toUpperCase();
  return runes(upper).length === 1 ? upper : char;
}

/** Upper case for each first letter of a word. @see strings.Title */
export function title(text: string): string {
  let wasSeparator = true;
  return runes(text)
    .map((char) => {
      const shown = wasSeparator ? capital(char) : char;
      wasSeparator = char < "\x80" ? !/[A-Za-z0-9_]/.test(char) : !LETTER.test(char) && !DIGIT.test(char) && SPACE.test(char);
      return shown;
    })
    .join("");
}

/** Lower case for each first letter of a word between blanks. */
export function untitle(text: string): string {
  let isFirst = true;
  return runes(text)
    .map((char) => {
      const shown = isFirst && !SPACE.test(char) ? char.toLowerCase() : char;
      isFirst = SPACE.test(char);
      return shown;
    })
    .join("");
}

/** The first letters of the words between blanks. */
export function initials(text: string): string {
  return text
    .split(/\s+/u)
    .map((word) => runes(word)[0] ?? "")
    .join("");
}

/** Upper for lower case, and the other way round; a lower-case letter after a blank becomes a capital. */
export function swapCase(text: string): string {
  return runes(text)
    .map((char) => (UPPER.test(char) ? char.toLowerCase() : LOWER.test(char) ? capital(char) : char))
    .join("");
}

/** Words of a name written in any style, in lower case, joined; blanks and connectors count as borders. */
function splitCase(text: string, connector: string): string {
  const marked = text
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1\0$2")
    .replace(/([\p{Ll}])(\p{Lu})/gu, "$1\0$2")
    .replace(/(\p{Nd})(\p{Lu})/gu, "$1\0$2")
    .replace(/(\p{L})(\p{Nd}+\p{Ll})/gu, "$1\0$2");
  return marked
    .replace(/[\0]+/g, connector)
    .replace(/[\s_-]/gu, connector)
    .toLowerCase();
}

/** @see xstrings.ToSnakeCase */
export function snakeCase(text: string): string {
  return splitCase(text, "_");
}

/** @see xstrings.ToKebabCase */
export function kebabCase(text: string): string {
  return splitCase(text, "-");
}

/** `some_words` → `SomeWords`; connectors at the ends stay. @see xstrings.ToPascalCase */
export function camelCase(text: string): string {
  const isConnector = (char: string): boolean => char === "_" || char === "-" || SPACE.test(char);
  const chars = runes(text);
  const first = chars.findIndex((char) => !isConnector(char));
  if (first < 0) return text;
  let out = chars.slice(0, first).join("");
  let atStart = true;
  let pending = "";
  let previous = "";
  chars.slice(first).forEach((char, i, rest) => {
    if (isConnector(char)) {
      pending += char;
      return;
    }
    if (pending !== "") {
      // One connector is a border; of several, all but one stay.
      out += pending.slice(1);
      pending = "";
      atStart = true;
    }
    const next = rest[i + 1] ?? "";
    const isCapital = atStart || (UPPER.test(char) && (!UPPER.test(previous) || LOWER.test(next)));
    out += isCapital ? capital(char) : char.toLowerCase();
    previous = char;
    atStart = DIGIT.test(char);
  });
  return out + pending;
}
