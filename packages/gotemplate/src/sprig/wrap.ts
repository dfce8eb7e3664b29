// SPDX-License-Identifier: Apache-2.0
import { byteLength, byteSlice } from "../bytes.ts";
import { FunctionError } from "../template-error.ts";

/** Shortens to a width with "..." at the end, and at the start when it begins at an offset. @see goutils.AbbreviateFull */
export function abbreviate(text: string, offset: number, width: number): string {
  const size = byteLength(text);
  if (width < 4 || size <= width) return text;
  const cut = (from: number, to: number): string => byteSlice(text, Math.max(0, from), Math.min(size, to));
  const start = offset > size ? size : size - offset < width - 3 ? size - (width - 3) : offset;
  if (start <= 4) return `${cut(0, width - 3)}...`;
  if (width < 7) return text;
  return start + width - 3 < size ? `...${abbreviate(cut(start, size), 0, width - 3)}` : `...${cut(size - (width - 3), size)}`;
}

/** Shortens at both sides. */
export function abbreviateBoth(text: string, left: number, right: number): string {
  if (right < 4 || (left > 0 && right < 7)) return text;
  return abbreviate(text, left, right);
}

/**
 * Breaks lines at blanks so that they have at most a width, in bytes.
 *
 * @param breaksWords whether a word that is longer is cut
 * @see goutils.WrapCustom
 */
export function wrap(text: string, width: number, separator: string, breaksWords: boolean): string {
  const limit = Math.max(width, 1);
  const lines: string[] = [];
  let rest = text;
  // Blanks at the start of what is left do not count, as they were where the line broke.
  while (rest.length > limit) {
    if (rest.startsWith(" ")) {
      rest = rest.slice(1);
      continue;
    }
    const space = rest.lastIndexOf(" ", limit);
    if (space > 0) {
      lines.push(rest.slice(0, space));
      rest = rest.slice(space + 1);
    } else if (breaksWords) {
      lines.push(rest.slice(0, limit));
      rest = rest.slice(limit);
    } else {
      const next = rest.indexOf(" ", limit);
      if (next < 0) break;
      lines.push(rest.slice(0, next));
      rest = rest.slice(next + 1);
    }
    if (lines.length > 1_000_000) throw new FunctionError("a text of more than a million lines is too long");
  }
  return [...lines, rest].join(separator);
}
