// SPDX-License-Identifier: Apache-2.0
import { fromBytes, toBytes } from "../bytes.ts";

const SIMPLE: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["b", 8],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
  ["\\", 92],
]);

interface Escape {
  readonly code: number;
  /** One byte, not a character. */
  readonly isByte: boolean;
  readonly next: number;
}

function readEscape(text: string, at: number, quoteMark: string): Escape | undefined {
  const char = text[at] ?? "";
  const simple = SIMPLE.get(char);
  if (simple !== undefined) return { code: simple, isByte: false, next: at + 1 };
  if (char === quoteMark) return { code: char.charCodeAt(0), isByte: false, next: at + 1 };
  const size = char === "x" ? 2 : char === "u" ? 4 : char === "U" ? 8 : 0;
  if (size > 0) {
    const hex = text.slice(at + 1, at + 1 + size);
    if (hex.length !== size || !/^[0-9a-fA-F]+$/.test(hex)) return undefined;
    const code = Number.parseInt(hex, 16);
    if (size > 2 && (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))) return undefined;
    return { code, isByte: size === 2, next: at + 1 + size };
  }
  const octal = text.slice(at, at + 3);
  if (!/^[0-7]{3}$/.test(octal) || Number.parseInt(octal, 8) > 255) return undefined;
  return { code: Number.parseInt(octal, 8), isByte: true, next: at + 3 };
}

/** The value of a quoted or raw string literal; undefined when its syntax is wrong. @see strconv.Unquote */
export function unquote(literal: string): string | undefined {
  const quoteMark = literal[0] ?? "";
  const body = literal.slice(1, -1);
  if (quoteMark === "`") return body.replaceAll("\r", "");
  if (!body.includes("\\")) return body;
  let out = "";
  let bytes: number[] = [];
  let hasBytes = false;
  const flush = (): void => {
    if (bytes.length > 0) out += fromBytes(Uint8Array.from(bytes));
    bytes = [];
  };
  for (let i = 0; i < body.length;) {
    if (body[i] !== "\\") {
      flush();
      out += body[i];
      i++;
      continue;
    }
    const escape = readEscape(body, i + 1, quoteMark);
    if (escape === undefined) return undefined;
    if (escape.isByte) {
      bytes.push(escape.code);
      hasBytes = true;
    } else {
      flush();
      out += String.fromCodePoint(escape.code);
    }
    i = escape.next;
  }
  flush();
  return hasBytes ? fromBytes(toBytes(out)) : out;
}

/** The code point of a character literal; a string when it is malformed: the error. */
export function unquoteChar(literal: string): number | string {
  const problem = `malformed character constant: ${literal}`;
  const body = literal.slice(1, -1);
  if (body.startsWith("\\")) {
    const escape = readEscape(body, 1, "'");
    return escape === undefined ? "invalid syntax" : escape.next === body.length ? escape.code : problem;
  }
  const chars = Array.from(body);
  return chars.length === 1 ? (chars[0]?.codePointAt(0) ?? 0) : chars.length === 0 ? "invalid syntax" : problem;
}
