// SPDX-License-Identifier: Apache-2.0
// A state machine over the words of a name.
import { runes } from "../bytes.ts";
import { isLetter, isNumber, isPunctuation, isUpper, lowerRune } from "../unicode.ts";
import { isConnector } from "./cases.ts";

type WordKind = "none" | "number" | "capitals" | "letters" | "connector" | "punctuation" | "other";

/** A character with the stray bytes before it. Stray bytes at the end have no character, and count as what is before. */
interface Token {
  readonly char: string;
  readonly raw: readonly string[];
}

interface Word {
  readonly kind: WordKind;
  readonly chars: readonly Token[];
}

const NONE: Word = { kind: "none", chars: [] };

/** Letters of scripts that have no cases, and are no words of their own. */
function isAlphabet(char: string): boolean {
  if (!isLetter(char)) return false;
  const code = char.codePointAt(0) ?? 0;
  return !((code >= 0x4e00 && code <= 0x9fcc) || (code >= 0x3400 && code <= 0x4d85) || (code >= 0x20000 && code <= 0x2b81d));
}

function isSmall(char: string): boolean {
  return isAlphabet(char) && !isUpper(char);
}

function isStray(char: string): boolean {
  return char >= "\udc80" && char <= "\udcff" && char.length === 1;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let raw: string[] = [];
  for (const char of runes(text)) {
    raw.push(char);
    if (isStray(char)) continue;
    tokens.push({ char, raw });
    raw = [];
  }
  if (raw.length > 0) tokens.push({ char: "", raw });
  return tokens;
}

/** The word that starts at a position. */
function wordAt(chars: readonly Token[], start: number): Word {
  const first = chars[start]?.char;
  if (first === undefined) return NONE;
  const take = (kind: WordKind, test: (char: string) => boolean): Word => {
    let end = start + 1;
    while (end < chars.length && passes(chars[end], test)) end++;
    return { kind, chars: chars.slice(start, end) };
  };
  if (first === "") return { kind: "none", chars: chars.slice(start, start + 1) };
  if (isConnector(first)) return take("connector", isConnector);
  if (isPunctuation(first)) return take("punctuation", isPunctuation);
  if (isUpper(first)) return capitalWord(chars, start);
  if (isAlphabet(first)) return take("letters", isSmall);
  if (isNumber(first)) return take("number", isNumber);
  return take("other", (char) => !isConnector(char) && !isAlphabet(char) && !isNumber(char) && !isPunctuation(char));
}

function passes(token: Token | undefined, test: (char: string) => boolean): boolean {
  return token !== undefined && (token.char === "" || test(token.char));
}

/** HTTP and Status of HTTPStatus: the last of several capitals starts the next word, when a letter follows. */
function capitalWord(chars: readonly Token[], start: number): Word {
  let end = start + 1;
  if (passes(chars[end], isUpper)) {
    while (end < chars.length && passes(chars[end], isUpper)) end++;
    if (end < chars.length && passes(chars[end], isAlphabet)) end--;
  } else while (end < chars.length && passes(chars[end], isSmall)) end++;
  return { kind: "capitals", chars: chars.slice(start, end) };
}

function shown({ kind, chars }: Word, connector: string): string {
  const raw = chars.flatMap((token) => token.raw);
  if (kind !== "capitals" && kind !== "connector") return raw.join("");
  return raw.map((char) => (isConnector(char) ? connector : isUpper(char) || isStray(char) ? lowerRune(char) : char)).join("");
}

/**
 * Words of a name written in any style, in lower case, joined. A number belongs to the word before it, but to the
 * letters behind it when they are small.
 *
 * @see xstrings.ToSnakeCase
 */
export function splitCase(text: string, connector: string): string {
  const chars = tokensOf(text);
  let at = 0;
  let out = "";
  const next = (): Word => {
    const word = wordAt(chars, at);
    at += word.chars.length;
    return word;
  };
  const isEnd = (): boolean => at >= chars.length;
  const takesNoConnector = ({ kind }: Word): boolean => kind === "none" || kind === "connector" || kind === "punctuation";
  let word = next();
  const writeNumbered = (): void => {
    while (word.kind === "letters" || word.kind === "number") {
      out += shown(word, connector);
      word = next();
    }
    if (!takesNoConnector(word)) out += connector;
  };
  while (!isEnd()) {
    const previous = word;
    if (previous.kind !== "connector") out += shown(previous, connector);
    word = next();
    switch (previous.kind) {
      case "number":
        writeNumbered();
        break;
      case "connector":
        out += shown(previous, connector);
        break;
      case "punctuation":
        break;
      default: {
        if (word.kind !== "number") {
          if (word.kind !== "connector" && word.kind !== "punctuation") out += connector;
          break;
        }
        if (isEnd()) break;
        const number = word;
        word = next();
        if (word.kind === "letters") {
          out += connector + shown(number, connector);
          writeNumbered();
        } else {
          out += shown(number, connector);
          if (word.kind !== "connector" && word.kind !== "punctuation") out += connector;
        }
      }
    }
  }
  return out + shown(word, connector);
}
