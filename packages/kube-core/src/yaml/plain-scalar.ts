// SPDX-License-Identifier: Apache-2.0
import type { Cursor } from "./cursor.ts";
import { isBlankOrEnd, isDocumentMarker, NEWLINE, SPACE, syntaxError, TAB } from "./cursor.ts";

/** Reads the part of a plain scalar that is on this line. The cursor goes behind its last character. */
export function readPlainLine(cursor: Cursor, isInFlow: boolean): string {
  const { text } = cursor;
  const start = cursor.pos;
  let end = start;
  let pos = start;
  for (;;) {
    const code = text.charCodeAt(pos);
    if (code === NEWLINE || Number.isNaN(code)) break;
    if (code === SPACE || code === TAB) {
      pos++;
      // A comment starts only behind a blank.
      if (text.charCodeAt(pos) === 35) break;
      continue;
    }
    if (code === 58 && isBlankOrEnd(text.charCodeAt(pos + 1))) break;
    if (isInFlow && isFlowIndicator(code)) break;
    pos++;
    end = pos;
  }
  cursor.pos = end;
  return text.slice(start, end);
}

/** `,` `?` `[` `]` `{` `}` */
function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125;
}

/**
 * Reads on after the first line of a plain scalar: lines that are further in than the collection around it.
 *
 * @param first what {@link readPlainLine} read
 * @param parent the column of the collection around it; in flow collections lines may start anywhere
 */
export function readPlainRest(cursor: Cursor, first: string, parent: number, isInFlow: boolean): string {
  const { text } = cursor;
  const start = cursor.pos - first.length;
  let out = first;
  for (;;) {
    const end = cursor.pos;
    const { lineStart } = cursor;
    const breaks = readBreaks(cursor, parent, isInFlow, start);
    const code = text.charCodeAt(cursor.pos);
    const isOver =
      breaks === 0 ||
      Number.isNaN(code) ||
      code === 35 ||
      (!isInFlow && cursor.pos - cursor.lineStart <= parent) ||
      isDocumentMarker(cursor) ||
      (code === 58 && isBlankOrEnd(text.charCodeAt(cursor.pos + 1))) ||
      (isInFlow && isFlowIndicator(code));
    if (isOver) {
      cursor.pos = end;
      cursor.lineStart = lineStart;
      return out;
    }
    const line = readPlainLine(cursor, isInFlow);
    out += (breaks === 1 ? " " : "\n".repeat(breaks - 1)) + line;
  }
}

/** Goes past blanks and line breaks. @returns how many lines ended */
function readBreaks(cursor: Cursor, parent: number, isInFlow: boolean, start: number): number {
  const { text } = cursor;
  let breaks = 0;
  for (;;) {
    const code = text.charCodeAt(cursor.pos);
    if (code === NEWLINE) {
      breaks++;
      cursor.pos++;
      cursor.lineStart = cursor.pos;
    } else if (code === SPACE || code === TAB) {
      if (code === TAB && breaks > 0 && !isInFlow && cursor.pos - cursor.lineStart <= parent) {
        throw syntaxError(cursor, "found a tab character that violates indentation", { start, isStructure: false });
      }
      cursor.pos++;
    } else return breaks;
  }
}
