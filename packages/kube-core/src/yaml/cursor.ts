// SPDX-License-Identifier: Apache-2.0
import { YamlError } from "./yaml-error.ts";

/** Where a reader is in its text. */
export interface Cursor {
  readonly text: string;
  /** The index of the next character. */
  pos: number;
  /** The index at which the current line starts. */
  lineStart: number;
  /** Whether messages name the line of the problem (go-yaml v2) rather than that of its context (v3). */
  readonly namesProblem: boolean;
}

export const TAB = 9;
export const NEWLINE = 10;
export const SPACE = 32;

/** A space, a tab, a line break or the end of the text (NaN). */
export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === NEWLINE || code === TAB || Number.isNaN(code);
}

/** The line (from 0) of an index. */
export function lineOf(text: string, index: number): number {
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** What was being read when an error came up. */
export interface ErrorContext {
  /** Where it starts. */
  readonly start: number;
  /** Whether the order of things is wrong, rather than one of them. */
  readonly isStructure: boolean;
  /** Whether the end of the text is the problem, which counts as a line of its own. */
  readonly isAtEnd?: boolean;
}

/**
 * An error of the text's form. go-yaml tells the line of what it was reading when there is more than one, which is not
 * always that of the problem: `shown` is its line, the error's `line` and `column` are where the problem is.
 */
export function syntaxError(cursor: Cursor, problem: string, context?: ErrorContext): YamlError {
  const problemLine = lineOf(cursor.text, cursor.pos) + (context?.isAtEnd === true && cursor.pos !== cursor.lineStart ? 1 : 0);
  const contextLine = context === undefined ? problemLine : lineOf(cursor.text, context.start);
  const [first, second] = cursor.namesProblem ? [problemLine, contextLine] : [contextLine, problemLine];
  const line = first === 0 ? second : first;
  // Lines count from 0 here. go-yaml adds one for errors of the scanner only, and shows no line 0.
  const shown = line === 0 || context?.isStructure === true ? line : line + 1;
  return new YamlError("SYNTAX", problem, { line: problemLine + 1, column: cursor.pos - cursor.lineStart + 1, shown });
}

/** Goes to the next content: past blanks, comments and line breaks. @returns whether a line ended on the way */
export function skipToContent(cursor: Cursor): boolean {
  const { text } = cursor;
  let isNewLine = false;
  for (;;) {
    const code = text.charCodeAt(cursor.pos);
    if (code === SPACE || (code === TAB && !isNewLine && !isIndentation(cursor))) cursor.pos++;
    else if (code === NEWLINE) {
      cursor.pos++;
      cursor.lineStart = cursor.pos;
      isNewLine = true;
    } else if (code === 35) {
      const end = text.indexOf("\n", cursor.pos);
      cursor.pos = end < 0 ? text.length : end;
    } else return isNewLine;
  }
}

/** Whether only spaces are before the cursor on its line. */
export function isIndentation({ text, pos, lineStart }: Cursor): boolean {
  for (let at = lineStart; at < pos; at++) if (text.charCodeAt(at) !== SPACE) return false;
  return true;
}

/** Goes past spaces and tabs. */
export function skipBlanks(cursor: Cursor): void {
  for (;;) {
    const code = cursor.text.charCodeAt(cursor.pos);
    if (code !== SPACE && code !== TAB) return;
    cursor.pos++;
  }
}

/** Whether `---` or `...` stands at the start of the line that the cursor is at the start of. */
export function isDocumentMarker(cursor: Cursor): boolean {
  const { text, pos } = cursor;
  if (pos !== cursor.lineStart) return false;
  const code = text.charCodeAt(pos);
  if (code !== 45 && code !== 46) return false;
  return text.charCodeAt(pos + 1) === code && text.charCodeAt(pos + 2) === code && isBlankOrEnd(text.charCodeAt(pos + 3));
}
