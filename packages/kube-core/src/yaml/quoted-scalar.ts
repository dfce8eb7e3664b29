// SPDX-License-Identifier: Apache-2.0
import type { Cursor } from "./cursor.ts";
import { isDocumentMarker, NEWLINE, SPACE, syntaxError, TAB } from "./cursor.ts";

/** Reads a scalar in single or double quotes. The cursor is at the quote and goes behind the closing one. */
export function readQuoted(cursor: Cursor): string {
  const quote = cursor.text.charAt(cursor.pos);
  const close = cursor.text.indexOf(quote, cursor.pos + 1);
  // Nearly all of them are short, and hold no break, escape or doubled quote.
  if (close >= 0 && cursor.text.charAt(close + 1) !== quote) {
    const plain = cursor.text.slice(cursor.pos + 1, close);
    if (!plain.includes("\n") && !plain.includes("\u0085") && (quote === "'" || !plain.includes("\\"))) {
      cursor.pos = close + 1;
      return plain;
    }
  }
  return readSlowly(cursor, quote === "'");
}

function readSlowly(cursor: Cursor, isSingle: boolean): string {
  const { text } = cursor;
  const start = cursor.pos;
  const quote = isSingle ? 39 : 34;
  cursor.pos++;
  let out = "";
  for (;;) {
    if (cursor.pos >= text.length) throw syntaxError(cursor, "found unexpected end of stream", { start, isStructure: false });
    const code = text.charCodeAt(cursor.pos);
    if (code === quote) {
      cursor.pos++;
      if (!isSingle || text.charCodeAt(cursor.pos) !== quote) return out;
      out += "'";
      cursor.pos++;
    } else if (code === 92 && !isSingle) {
      out += readEscape(cursor, start);
    } else if (code === SPACE || code === TAB || isBreak(code)) {
      out += readBlanks(cursor, start);
    } else {
      out += text.charAt(cursor.pos);
      cursor.pos++;
    }
  }
}

function isBreak(code: number): boolean {
  return code === NEWLINE || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Blanks as they stand; with line breaks among them, what those fold to. */
function readBlanks(cursor: Cursor, start: number): string {
  const { text } = cursor;
  const from = cursor.pos;
  let first = "";
  let more = "";
  for (;;) {
    const code = text.charCodeAt(cursor.pos);
    if (isBreak(code)) {
      const lineBreak = code === NEWLINE || code === 0x85 ? "\n" : text.charAt(cursor.pos);
      if (first === "") first = lineBreak;
      else more += lineBreak;
      cursor.pos++;
      if (code === NEWLINE) cursor.lineStart = cursor.pos;
      if (isDocumentMarker(cursor)) throw syntaxError(cursor, "found unexpected document indicator", { start, isStructure: false });
    } else if (code === SPACE || code === TAB) cursor.pos++;
    else break;
  }
  if (first === "") return text.slice(from, cursor.pos);
  if (first !== "\n") return first + more;
  return more === "" ? " " : more;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["/", "/"],
  ["\\", "\\"],
  ["N", "\u0085"],
  ["_", "\u00a0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const hexDigits: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function readEscape(cursor: Cursor, start: number): string {
  const { text } = cursor;
  const char = text.charAt(cursor.pos + 1);
  if (char === "\n") {
    cursor.pos += 2;
    cursor.lineStart = cursor.pos;
    // The blanks at the start of the next line are not part of the text; empty lines are.
    let breaks = "";
    for (;;) {
      const code = text.charCodeAt(cursor.pos);
      if (code === NEWLINE) {
        breaks += "\n";
        cursor.lineStart = cursor.pos + 1;
      } else if (code !== SPACE && code !== TAB) return breaks;
      cursor.pos++;
    }
  }
  const simple = escapes.get(char);
  if (simple !== undefined) {
    cursor.pos += 2;
    return simple;
  }
  const digits = hexDigits.get(char);
  if (digits === undefined) throw syntaxError(cursor, "found unknown escape character", { start, isStructure: false });
  const hex = text.slice(cursor.pos + 2, cursor.pos + 2 + digits);
  if (hex.length !== digits || !/^[0-9a-fA-F]+$/.test(hex)) {
    throw syntaxError(cursor, "did not find expected hexdecimal number", { start, isStructure: false });
  }
  cursor.pos += 2 + digits;
  return character(cursor, Number.parseInt(hex, 16), start);
}

/** A pair of surrogates, which JSON writes as two escapes, is left as it is: go-yaml refuses them. */
function character(cursor: Cursor, code: number, start: number): string {
  if (code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
  if (code >= 0xd800 && code <= 0xdbff) {
    const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(cursor.text.slice(cursor.pos, cursor.pos + 6));
    if (low !== null) {
      cursor.pos += 6;
      return String.fromCharCode(code, Number.parseInt(low[1] ?? "", 16));
    }
  }
  throw syntaxError(cursor, "found invalid Unicode character escape code", { start, isStructure: false });
}
