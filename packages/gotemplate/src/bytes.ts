// SPDX-License-Identifier: Apache-2.0

/*
 * Go's strings are bytes. Here they are JavaScript strings; a byte that is not part of valid UTF-8 is kept as one lone
 * surrogate U+DC80…U+DCFF, so that nothing is lost between b64dec and b64enc, or by cutting in the middle of a character.
 */

const encoder = new TextEncoder();
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Whether every character is one byte, so that byte and character positions agree. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** The bytes of a string, as Go would have them. */
export function toBytes(text: string): Uint8Array {
  if (!LONE_SURROGATE.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else for (const byte of encoder.encode(char)) out.push(byte);
  }
  return Uint8Array.from(out);
}

/** The string of bytes; the inverse of {@link toBytes}. */
export function fromBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeLoosely(bytes);
  }
}

function decodeLoosely(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length;) {
    const size = sequenceLength(bytes, i);
    if (size === 0) {
      parts.push(String.fromCharCode(0xdc00 + (bytes[i] ?? 0)));
      i++;
      continue;
    }
    parts.push(String.fromCodePoint(codePointAt(bytes, i, size)));
    i += size;
  }
  return parts.join("");
}

function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  const first = bytes[at] ?? 0;
  let code = size === 1 ? first : first & (0xff >> (size + 1));
  for (let k = 1; k < size; k++) code = (code << 6) | ((bytes[at + k] ?? 0) & 0x3f);
  return code;
}

/** The length of the valid UTF-8 sequence at a position; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const size = first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 ? (first < 0xf0 ? 3 : 0) : first >= 0xc2 ? 2 : 0;
  if (size === 0 || at + size > bytes.length) return 0;
  for (let k = 1; k < size; k++) if (((bytes[at + k] ?? 0) & 0xc0) !== 0x80) return 0;
  const code = codePointAt(bytes, at, size);
  if (code >= 0xd800 && code <= 0xdfff) return 0;
  return code >= (size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000) && code <= 0x10ffff ? size : 0;
}

/** The string as bytes, each a character up to U+00FF: for what Go does byte by byte. */
export function byteString(text: string): string {
  if (isAscii(text)) return text;
  const bytes = toBytes(text);
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 4096) parts.push(String.fromCharCode(...bytes.subarray(i, i + 4096)));
  return parts.join("");
}

/** The inverse of {@link byteString}. */
export function fromByteString(bytes: string): string {
  return isAscii(bytes) ? bytes : fromBytes(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

/** The length in bytes. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : toBytes(text).length;
}

/** Go's text[start:end], by bytes. The positions must be in range. */
export function byteSlice(text: string, start: number, end: number): string {
  return isAscii(text) ? text.slice(start, end) : fromBytes(toBytes(text).slice(start, end));
}

/** The characters (runes) of a string; a stray byte is one of them. */
export function runes(text: string): string[] {
  return Array.from(text);
}

/** Go's order of strings: by bytes, which is by code point. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const xs = x >= 0xd800 && x <= 0xdfff;
    const ys = y >= 0xd800 && y <= 0xdfff;
    return xs === ys ? x - y : xs ? 1 : -1;
  }
  return a.length - b.length;
}
