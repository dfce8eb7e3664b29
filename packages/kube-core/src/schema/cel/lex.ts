// SPDX-License-Identifier: Apache-2.0
import type { Issue } from "./cel-error.ts";

export type TokenKind = "identifier" | "int" | "uint" | "double" | "string" | "bytes" | "operator" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As written; of strings with prefix and quotes. */
  readonly text: string;
  /** Index of the first character (code point). */
  readonly at: number;
}

const SPACE = /[\t \r\n\f]+|\/\/[^\n]*/y;
const NUMBER = /(?:0x[\da-fA-F]+|(?:\d+\.\d+|\d+|\.\d+)(?:[eE][+-]?\d+)?)u?/iy;
const IDENTIFIER = /[a-zA-Z_]\w*/y;
/** Names in backticks are of the grammar, but not allowed here. */
const QUOTED_IDENTIFIER = /`[\w.\-/ ]+`/y;
const STRING = /(?:[bB][rR]?|[rR][bB]?)?(?:"""|'''|"|')/y;
const OPERATOR = /==|!=|<=|>=|&&|\|\||[+\-*/%<>!?:.,()[\]{}]/y;

/** Splits an expression into tokens; what is no token is an issue. */
export function tokenize(source: string): { readonly tokens: readonly Token[]; readonly issues: readonly Issue[] } {
  const tokens: Token[] = [];
  const issues: Issue[] = [];
  const toCharacter = characterIndex(source);
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const push = (kind: TokenKind, text: string): void => {
    tokens.push({ kind, text, at: toCharacter(at) });
    at += text.length;
  };
  while (at < source.length) {
    const space = match(SPACE);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const opening = match(STRING);
    if (opening !== undefined) {
      const end = endOfString(source, at, opening);
      if (end !== undefined) {
        push(/b/i.test(opening) ? "bytes" : "string", source.slice(at, end));
        continue;
      }
    }
    const number = match(NUMBER);
    const identifier = number === undefined ? (match(IDENTIFIER) ?? match(QUOTED_IDENTIFIER)) : undefined;
    const operator = match(OPERATOR);
    if (number !== undefined) push(numberKind(number), number);
    else if (identifier !== undefined) push("identifier", identifier);
    else if (operator !== undefined) push("operator", operator);
    else {
      const odd = opening === undefined ? oddText(source, at) : source.slice(at);
      issues.push({ at: toCharacter(at), message: `Syntax error: token recognition error at: '${escapeText(odd)}'` });
      at += odd.length;
    }
  }
  tokens.push({ kind: "end", text: "<EOF>", at: toCharacter(source.length) });
  return { tokens, issues };
}

/** Of `&`, `|` and `=` the next character is told too: with another one they would be a token. */
function oddText(source: string, at: number): string {
  const first = String.fromCodePoint(source.codePointAt(at) ?? 0);
  const next = source.codePointAt(at + first.length);
  return "&|=".includes(first) && next !== undefined ? first + String.fromCodePoint(next) : first;
}

function numberKind(text: string): TokenKind {
  if (/u$/i.test(text)) return "uint";
  return /^0x/i.test(text) || /^\d+$/.test(text) ? "int" : "double";
}

function endOfString(source: string, start: number, opening: string): number | undefined {
  const quote = opening.replace(/^[a-z]+/i, "");
  const isRaw = /r/i.test(opening);
  for (let at = start + opening.length; at < source.length; at++) {
    if (source.startsWith(quote, at)) return at + quote.length;
    if (source[at] === "\\" && !isRaw) at++;
    else if (quote.length === 1 && (source[at] === "\n" || source[at] === "\r")) return undefined;
  }
  return undefined;
}

function escapeText(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}

/** From the index of a UTF-16 unit to that of a code point. */
function characterIndex(source: string): (unit: number) => number {
  if (!/[\ud800-\udbff]/.test(source)) return (unit) => unit;
  const starts = new Map<number, number>();
  let unit = 0;
  let character = 0;
  for (const one of source) {
    starts.set(unit, character++);
    unit += one.length;
  }
  starts.set(unit, character);
  return (wanted) => starts.get(wanted) ?? wanted;
}
