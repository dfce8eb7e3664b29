// SPDX-License-Identifier: Apache-2.0
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { fromBytes, toBytes } from "../bytes.ts";
import { type TemplateFunction, fn } from "../values.ts";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const PADDING = 0x3d;

/** Sprig's encodings and checksums. Text that cannot be decoded gives the error's text, as Sprig does. */
export function encodingFunctions(): [string, TemplateFunction][] {
  const text = (run: (bytes: Uint8Array) => string): TemplateFunction => fn("string", ([value]) => run(toBytes(String(value))));
  const decoded = (name: string, result: Uint8Array | number): string =>
    typeof result === "number" ? `illegal ${name} data at input byte ${result}` : fromBytes(result);
  return [
    ["b64enc", text(encodeBase64)],
    ["b64dec", text((bytes) => decoded("base64", readBase64(bytes)))],
    ["b32enc", text((bytes) => encode(bytes, BASE32, 5, 8))],
    ["b32dec", text((bytes) => decoded("base32", readBase32(bytes)))],
    ["sha1sum", text((bytes) => bytesToHex(sha1(bytes)))],
    ["sha256sum", text((bytes) => bytesToHex(sha256(bytes)))],
    ["sha512sum", text((bytes) => bytesToHex(sha512(bytes)))],
    ["adler32sum", text((bytes) => String(adler32(bytes)))],
  ];
}

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return encode(bytes, BASE64, 6, 4);
}

/** The bytes of standard base64 with padding, line breaks left out; undefined where it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const result = readBase64(toBytes(text));
  return typeof result === "number" ? undefined : result;
}

function encode(bytes: Uint8Array, alphabet: string, bits: number, group: number): string {
  const out: string[] = [];
  let buffer = 0;
  let held = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfffff;
    held += 8;
    while (held >= bits) {
      held -= bits;
      out.push(alphabet[(buffer >> held) & ((1 << bits) - 1)] ?? "");
    }
  }
  if (held > 0) out.push(alphabet[(buffer << (bits - held)) & ((1 << bits) - 1)] ?? "");
  while (out.length % group !== 0) out.push("=");
  return out.join("");
}

function codesOf(alphabet: string): Int16Array {
  const codes = new Int16Array(256).fill(-1);
  for (let i = 0; i < alphabet.length; i++) codes[alphabet.charCodeAt(i)] = i;
  return codes;
}

function isBreak(byte: number | undefined): boolean {
  return byte === 10 || byte === 13;
}

/**
 * The bytes, or where the text is wrong: positions count line breaks.
 *
 * @see encoding/base64 decodeQuantum
 */
export function readBase64(source: Uint8Array): Uint8Array | number {
  const codes = codesOf(BASE64);
  const out: number[] = [];
  let buffer = 0;
  let inGroup = 0;
  const skipBreaks = (at: number): number => {
    let next = at;
    while (isBreak(source[next])) next++;
    return next;
  };
  for (let at = 0; at < source.length; at++) {
    const byte = source[at] ?? 0;
    if (isBreak(byte)) continue;
    if (byte === PADDING) {
      if (inGroup < 2) return at;
      let next = at + 1;
      if (inGroup === 2) {
        next = skipBreaks(next);
        if (next === source.length) return source.length;
        if (source[next] !== PADDING) return next - 1;
        next++;
      }
      next = skipBreaks(next);
      if (next < source.length) return next;
      out.push(inGroup === 2 ? (buffer >> 4) & 0xff : (buffer >> 10) & 0xff);
      if (inGroup === 3) out.push((buffer >> 2) & 0xff);
      return Uint8Array.from(out);
    }
    const code = codes[byte] ?? -1;
    if (code < 0) return at;
    buffer = ((buffer << 6) | code) & 0xffffff;
    if (++inGroup < 4) continue;
    out.push(buffer >> 16, (buffer >> 8) & 0xff, buffer & 0xff);
    inGroup = 0;
  }
  return inGroup === 0 ? Uint8Array.from(out) : source.length - inGroup;
}

/** The same of base32, where positions leave out line breaks. @see encoding/base32 Decode */
function readBase32(given: Uint8Array): Uint8Array | number {
  const codes = codesOf(BASE32);
  const source = given.filter((byte) => !isBreak(byte));
  const out: number[] = [];
  for (let start = 0; start < source.length; start += 8) {
    const digits: number[] = [];
    let isLast = false;
    for (let i = 0; i < 8; i++) {
      const at = start + i;
      const byte = source[at];
      if (byte === undefined) return source.length - i;
      const left = source.length - at - 1;
      if (byte === PADDING && i >= 2 && left < 8) {
        if (left + i < 7) return source.length;
        for (let k = 0; k < 7 - i; k++) if (source[at + 1 + k] !== PADDING && left > k) return at + k;
        if (i === 3 || i === 6) return at;
        isLast = true;
        break;
      }
      const code = codes[byte] ?? -1;
      if (code < 0) return at;
      digits.push(code);
    }
    let buffer = 0;
    let held = 0;
    for (const digit of digits) {
      buffer = ((buffer << 5) | digit) & 0xfff;
      held += 5;
      if (held < 8) continue;
      held -= 8;
      out.push((buffer >> held) & 0xff);
    }
    if (isLast) break;
  }
  return Uint8Array.from(out);
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
