// SPDX-License-Identifier: Apache-2.0
import { YamlError } from "./yaml-error.ts";
import { mayResolve, resolvePlain } from "./resolve-plain.ts";
import { parseTimestamp } from "./timestamp.ts";

/** Where a scalar is written. */
export interface ScalarPlace {
  /** Where its further lines start. */
  readonly indent: number;
  /** The column of its first character. */
  readonly column: number;
  /** Beyond which column a space may become a line break. */
  readonly width: number;
  readonly isKey: boolean;
  /** Whether as go-yaml v3 writes it, without a round through JSON. */
  readonly isV3?: boolean;
}

type Style = "plain" | "single" | "double" | "literal";

/**
 * A string as go-yaml v2 writes it: plain when it would be read back as the same string, else double-quoted; several
 * lines as a literal block, single quotes for what only looks like syntax.
 *
 * @see go.yaml.in/yaml/v2, stringv and yaml_emitter_process_scalar
 */
export function writeScalar(raw: string, place: ScalarPlace): string {
  const quick = quickScalar(raw, place.indent, place.isKey ? Infinity : place.width - place.column, place.isKey);
  if (quick !== undefined) return quick;
  const text = place.isV3 === true ? raw.replace(/\p{Surrogate}/gu, "\ufffd") : throughJson(raw);
  switch (styleOf(text, place.isKey, place.isV3 === true)) {
    case "plain":
      return fold(text, place, place.column, false);
    case "single":
      return `'${fold(text.replaceAll("'", "''"), place, place.column + 1, true)}'`;
    case "double":
      return doubleQuoted(text, place);
    case "literal":
      return literal(text, place);
  }
}

// Whatever keeps a line of ASCII from being plain, but for what it may be taken for. One look for what is wrong needs no
// memory, however long the text is.
const notPlain = /^(?:---|\.\.\.|[-?:](?: |$)|[ #,[\]{}&*!|>'"%@`])|: |:$| #| $|[^\x20-\x7e]/;
// Whatever keeps lines of ASCII from being a literal block that begins with a character.
// oxlint-disable-next-line no-control-regex
const notLiteral = /^[ \n]| \n| $|[^\n\x20-\x7e]/;

/**
 * Most strings, written at once: plain lines, words in double quotes and literal blocks, of ASCII. Undefined for the rest.
 *
 * @param room how many characters may come before a line must fold
 */
export function quickScalar(raw: string, indent: number, room: number, isKey: boolean): string | undefined {
  if (raw === "") return isKey ? undefined : '""';
  if (!notPlain.test(raw)) {
    if (!canBePlain(raw)) return raw.length + 2 <= room && !/["\\]/.test(raw) ? `"${raw}"` : undefined;
    return raw.length <= room ? raw : undefined;
  }
  return isKey || !raw.includes("\n") || notLiteral.test(raw) ? undefined : asciiLiteral(raw, indent);
}

function asciiLiteral(text: string, indent: number): string {
  const endsInBreak = text.endsWith("\n");
  const padding = " ".repeat(indent);
  const chomp = text.endsWith("\n\n") ? "+" : endsInBreak ? "" : "-";
  const body = endsInBreak ? text.slice(0, -1) : text;
  return `|${chomp}\n${padding}${body.replace(/\n(?!\n|$)/g, `\n${padding}`)}`;
}

// What YAML does not take unescaped, and JSON does not escape.
// oxlint-disable-next-line no-control-regex
const control = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/**
 * The text after Go has written it as JSON and read that as YAML: a next-line character is a line break there, which
 * folds, and other control characters are refused.
 */
function throughJson(raw: string): string {
  const text = raw.replace(/\p{Surrogate}/gu, "\ufffd");
  if (control.test(text)) throw new YamlError("SYNTAX", "control characters are not allowed");
  if (!text.includes("\u0085")) return text;
  return text.replace(/ *\u0085[ \u0085]*/g, (breaks) => {
    const count = breaks.split("\u0085").length - 1;
    return count === 1 ? " " : "\n".repeat(count - 1);
  });
}

function styleOf(text: string, isKey: boolean, isV3: boolean): Style {
  // For go-yaml v3 a tab is a character like others in a literal block, and nowhere else.
  const shape =
    isV3 && text.includes("\t") ? { ...analyze(text), blockAllowed: analyze(text.replaceAll("\t", "_")).blockAllowed } : analyze(text);
  let style: Style;
  if (text.includes("\n")) style = isKey ? "double" : "literal";
  else style = canBePlain(text) ? "plain" : "double";
  if (isKey && shape.isMultiline) style = "double";
  if (style === "plain" && (!shape.plainAllowed || (text === "" && isKey))) style = "single";
  if (style === "single" && !shape.singleAllowed) style = "double";
  if (style === "literal" && !shape.blockAllowed) style = "double";
  return style;
}

function canBePlain(text: string): boolean {
  if (text === "") return false;
  const first = text.charCodeAt(0);
  if (!mayResolve(first)) return true;
  // As go-yaml v2 reads it, whatever the flavour: what it would take for another type is quoted.
  return resolvePlain(text, "sigs") === undefined && parseTimestamp(text) === undefined && !isBase60(text);
}

function isBase60(text: string): boolean {
  return text.includes(":") && /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
}

interface Shape {
  readonly isMultiline: boolean;
  readonly plainAllowed: boolean;
  readonly singleAllowed: boolean;
  readonly blockAllowed: boolean;
}

const indicators = new Set("#,[]{}&*!|>'\"%@`");

/** What a scalar's characters allow outside of flow collections. @see yaml_emitter_analyze_scalar */
function analyze(text: string): Shape {
  if (text.length === 0) return { isMultiline: false, plainAllowed: true, singleAllowed: true, blockAllowed: false };
  let hasIndicator = text.startsWith("---") || text.startsWith("...");
  let hasBreak = false;
  let isSpecial = false;
  let hasBreakSpace = false;
  let hasSpaceBreak = false;
  let afterSpace = false;
  let afterBreak = false;
  let afterBlank = true;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (index === 0) {
      if (indicators.has(text.charAt(0))) hasIndicator = true;
      else if ((code === 63 || code === 58 || code === 45) && isBlankAt(text, 1)) hasIndicator = true;
    } else if (code === 58) {
      if (isBlankAt(text, index + 1)) hasIndicator = true;
    } else if (code === 35 && afterBlank) hasIndicator = true;
    if (!isPrintable(code)) isSpecial = true;
    const isSpace = code === 32;
    const isLineBreak = isBreak(code);
    if (isSpace && afterBreak) hasBreakSpace = true;
    if (isLineBreak) {
      hasBreak = true;
      if (afterSpace) hasSpaceBreak = true;
    }
    afterSpace = isSpace;
    afterBreak = isLineBreak;
    afterBlank = isSpace || code === 9 || isLineBreak || code === 0;
  }
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  const isPadded = first === 32 || isBreak(first) || last === 32 || isBreak(last);
  return {
    isMultiline: hasBreak,
    plainAllowed: !isPadded && !hasBreakSpace && !hasSpaceBreak && !isSpecial && !hasBreak && !hasIndicator,
    singleAllowed: !hasBreakSpace && !hasSpaceBreak && !isSpecial,
    blockAllowed: last !== 32 && !hasSpaceBreak && !isSpecial,
  };
}

function isBlankAt(text: string, index: number): boolean {
  if (index >= text.length) return true;
  const code = text.charCodeAt(index);
  return code === 32 || code === 9;
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Per UTF-16 unit: characters beyond the basic plane (surrogates) are not printable for go-yaml v2. */
function isPrintable(code: number): boolean {
  return (
    code === 10 || (code >= 32 && code <= 126) || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  );
}

/** Breaks single spaces beyond the width into line breaks. In quotes, the first and the last character stay. */
function fold(text: string, place: ScalarPlace, startColumn: number, isQuoted: boolean): string {
  if (place.isKey || (startColumn + text.length <= place.width && !/[\u2028\u2029]/.test(text))) return text;
  let out = "";
  let column = startColumn;
  let afterSpace = false;
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x2028 || code === 0x2029) {
      // Separators end lines too, behind which go-yaml indents.
      out += text.slice(from, index + 1);
      from = index + 1;
      column = 0;
      if (from < text.length && !isBreak(text.charCodeAt(from))) {
        out += " ".repeat(place.indent);
        column = place.indent;
      }
      continue;
    }
    if (code !== 32) {
      // A quote that stands doubled, and both halves of a surrogate pair, count as written.
      if (code < 0xdc00 || code > 0xdfff) column++;
      afterSpace = false;
      continue;
    }
    const inside = !isQuoted || (index > 0 && index < text.length - 1);
    if (!afterSpace && column > place.width && inside && text.charCodeAt(index + 1) !== 32) {
      out += `${text.slice(from, index)}\n${" ".repeat(place.indent)}`;
      from = index + 1;
      column = place.indent;
    } else column++;
    afterSpace = true;
  }
  return out + text.slice(from);
}

const escapes: ReadonlyMap<number, string> = new Map([
  [0x00, "0"],
  [0x07, "a"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x1b, "e"],
  [0x22, '"'],
  [0x5c, "\\"],
  [0x85, "N"],
  [0xa0, "_"],
  [0x2028, "L"],
  [0x2029, "P"],
]);

function doubleQuoted(text: string, place: ScalarPlace): string {
  let out = '"';
  let column = place.column + 1;
  let afterSpace = false;
  // go-yaml v2 looks for a byte order mark at the start of the text whatever character it is at.
  const escapesAll = text.startsWith("\ufeff");
  const put = (piece: string): void => {
    out += piece;
    column += piece.length;
  };
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) ?? 0;
    if (code > 0xffff) index++;
    if (escapesAll || code > 0xffff || !isPrintable(code) || isBreak(code) || code === 0x22 || code === 0x5c) {
      put(`\\${escapes.get(code) ?? hex(code)}`);
      afterSpace = false;
    } else if (code === 32) {
      if (!place.isKey && !afterSpace && column > place.width && index > 0 && index < text.length - 1) {
        out += `\n${" ".repeat(place.indent)}`;
        column = place.indent;
        if (text.charCodeAt(index + 1) === 32) put("\\");
      } else put(" ");
      afterSpace = true;
    } else {
      out += String.fromCharCode(code);
      column++;
      afterSpace = false;
    }
  }
  return `${out}"`;
}

function hex(code: number): string {
  if (code <= 0xff) return `x${code.toString(16).toUpperCase().padStart(2, "0")}`;
  if (code <= 0xffff) return `u${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return `U${code.toString(16).toUpperCase().padStart(8, "0")}`;
}

/** A literal block without its final line break, which every line of a document has anyway. */
function literal(text: string, place: ScalarPlace): string {
  const first = text.charCodeAt(0);
  const indentHint = first === 32 || isBreak(first) ? "2" : "";
  const endsInBreak = isBreak(text.charCodeAt(text.length - 1));
  const endsInTwo = endsInBreak && (text.length === 1 || isBreak(text.charCodeAt(text.length - 2)));
  const chomp = endsInTwo ? "+" : endsInBreak ? "" : "-";
  const padding = " ".repeat(place.indent);
  const lines = text.split("\n");
  if (endsInBreak) lines.pop();
  let out = `|${indentHint}${chomp}`;
  for (const line of lines) out += line === "" ? "\n" : `\n${padding}${indentBreaks(line, place)}`;
  return out;
}

/** Line and paragraph separators are breaks too, behind which go-yaml indents. */
function indentBreaks(text: string, place: ScalarPlace): string {
  if (!/[\u2028\u2029]/.test(text)) return text;
  return text.replace(/([\u2028\u2029])(?![\u2028\u2029\n]|$)/g, `$1${" ".repeat(place.indent)}`);
}
