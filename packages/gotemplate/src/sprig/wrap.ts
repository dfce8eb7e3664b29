// SPDX-License-Identifier: Apache-2.0
import { byteString, fromByteString } from "../bytes.ts";

/** Shortens to a width in bytes, with "..." at the end. @see goutils.Abbreviate */
export function abbreviate(text: string, width: number): string {
  return width < 4 ? text : fromByteString(shorten(byteString(text), 0, width));
}

/** The same from an offset, with "..." at the start, too. @see goutils.AbbreviateFull */
export function abbreviateBoth(text: string, offset: number, width: number): string {
  if (width < 4 || (offset > 0 && width < 7)) return text;
  return fromByteString(shorten(byteString(text), offset, width));
}

function shorten(text: string, offset: number, width: number): string {
  const size = text.length;
  if (size === 0 || width < 4) return "";
  if (size <= width) return text;
  const inside = Math.min(offset, size);
  const start = size - inside < width - 3 ? size - (width - 3) : inside;
  if (start <= 4) return `${text.slice(0, width - 3)}...`;
  if (width < 7) return "";
  return start + width - 3 < size ? `...${shorten(text.slice(start), 0, width - 3)}` : `...${text.slice(size - (width - 3))}`;
}

/**
 * Breaks lines at blanks so that they have at most a width, in bytes.
 *
 * @param separator what stands between lines; a line break where it is empty
 * @param breaksWords whether a word that is longer is cut
 * @see goutils.WrapCustom
 */
export function wrap(text: string, width: number, separator: string, breaksWords: boolean): string {
  const bytes = byteString(text);
  const limit = Math.max(width, 1);
  const lines: string[] = [];
  let at = 0;
  while (bytes.length - at > limit) {
    if (bytes[at] === " ") {
      at++;
      continue;
    }
    const space = bytes.lastIndexOf(" ", at + limit);
    if (space > at) {
      lines.push(bytes.slice(at, space));
      at = space + 1;
    } else if (breaksWords) {
      lines.push(bytes.slice(at, at + limit));
      at += limit;
    } else {
      const next = bytes.indexOf(" ", at + limit);
      if (next < 0) break;
      lines.push(bytes.slice(at, next));
      at = next + 1;
    }
  }
  lines.push(bytes.slice(at));
  return lines.map(fromByteString).join(separator === "" ? "\n" : separator);
}
