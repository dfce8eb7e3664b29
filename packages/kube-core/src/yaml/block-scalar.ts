// SPDX-License-Identifier: Apache-2.0
import type { Cursor } from "./cursor.ts";
import { NEWLINE, skipBlanks, SPACE, syntaxError, TAB } from "./cursor.ts";

interface Header {
  readonly isLiteral: boolean;
  /** What becomes of the line breaks at the end: `-` none, `+` all, else one. */
  readonly chomping: "-" | "+" | "";
  /** Spaces before each line, where the header says; else 0. */
  readonly increment: number;
}

/**
 * Reads a block scalar, literal (`|`) or folded (`>`). The cursor is at the indicator and goes to the start of the line
 * after it.
 *
 * @param parent the column of the collection around it; -1 for none
 */
export function readBlockScalar(cursor: Cursor, parent: number): string {
  const start = cursor.pos;
  const header = readHeader(cursor, start);
  const { text } = cursor;
  const explicit = header.increment === 0 ? 0 : Math.max(parent, 0) + header.increment;
  const leading = readBreaks(cursor, explicit, parent, start);
  const { indent } = leading;
  let out = "";
  let lineBreak = "";
  let breaks = leading.breaks;
  let wasBlank = false;
  while (cursor.pos < text.length && cursor.pos - cursor.lineStart === indent) {
    const first = text.charCodeAt(cursor.pos);
    const isBlank = first === SPACE || first === TAB;
    if (!header.isLiteral && lineBreak !== "" && !wasBlank && !isBlank) {
      if (breaks === "") out += " ";
    } else out += lineBreak;
    out += breaks;
    wasBlank = isBlank;
    const end = text.indexOf("\n", cursor.pos);
    const stop = end < 0 ? text.length : end;
    out += text.slice(cursor.pos, stop);
    cursor.pos = stop;
    lineBreak = "";
    if (end >= 0) {
      lineBreak = "\n";
      cursor.pos++;
      cursor.lineStart = cursor.pos;
    }
    breaks = readBreaks(cursor, indent, parent, start).breaks;
  }
  if (header.chomping !== "-") out += lineBreak;
  if (header.chomping === "+") out += breaks;
  return out;
}

function readHeader(cursor: Cursor, start: number): Header {
  const { text } = cursor;
  const isLiteral = text.charCodeAt(cursor.pos) === 124;
  cursor.pos++;
  let chomping: Header["chomping"] = "";
  let increment = 0;
  for (let part = 0; part < 2; part++) {
    const char = text.charAt(cursor.pos);
    if ((char === "-" || char === "+") && chomping === "") chomping = char;
    else if (char === "0" && increment === 0)
      throw syntaxError(cursor, "found an indentation indicator equal to 0", { start, isStructure: false });
    else if (char >= "1" && char <= "9" && increment === 0) increment = Number(char);
    else break;
    cursor.pos++;
  }
  skipBlanks(cursor);
  if (text.charCodeAt(cursor.pos) === 35) cursor.pos = endOfLine(text, cursor.pos);
  if (cursor.pos < text.length && text.charCodeAt(cursor.pos) !== NEWLINE) {
    throw syntaxError(cursor, "did not find expected comment or line break", { start, isStructure: false });
  }
  if (cursor.pos < text.length) {
    cursor.pos++;
    cursor.lineStart = cursor.pos;
  }
  return { isLiteral, chomping, increment };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** Goes past empty lines and the indentation of the next one; finds out the indentation where `known` is 0. */
function readBreaks(cursor: Cursor, known: number, parent: number, start: number): { readonly breaks: string; readonly indent: number } {
  const { text } = cursor;
  let breaks = "";
  let widest = 0;
  for (;;) {
    while ((known === 0 || cursor.pos - cursor.lineStart < known) && text.charCodeAt(cursor.pos) === SPACE) cursor.pos++;
    const column = cursor.pos - cursor.lineStart;
    if (column > widest) widest = column;
    const code = text.charCodeAt(cursor.pos);
    if ((known === 0 || column < known) && code === TAB) {
      throw syntaxError(cursor, "found a tab character where an indentation space is expected", { start, isStructure: false });
    }
    if (code !== NEWLINE) return { breaks, indent: known === 0 ? Math.max(widest, parent + 1, 1) : known };
    breaks += "\n";
    cursor.pos++;
    cursor.lineStart = cursor.pos;
  }
}
