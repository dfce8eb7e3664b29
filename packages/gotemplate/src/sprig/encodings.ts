// SPDX-License-Identifier: Apache-2.0
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { fromBytes, toBytes } from "../bytes.ts";
import { type TemplateFunction, fn } from "../values.ts";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Sprig's encodings and checksums. Text that cannot be decoded gives the error's text, as Sprig does. */
export function encodingFunctions(): [string, TemplateFunction][] {
  const text = (run: (bytes: Uint8Array, value: string) => string): TemplateFunction =>
    fn("string", ([value]) => run(toBytes(String(value)), String(value)));
  return [
    ["b64enc", text((bytes) => encodeBase64(bytes))],
    ["b64dec", text((_bytes, value) => decode(value, BASE64, 6, 4, "base64"))],
    ["b32enc", text((bytes) => encode(bytes, BASE32, 5, 8))],
    ["b32dec", text((_bytes, value) => decode(value, BASE32, 5, 8, "base32"))],
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

function decode(value: string, alphabet: string, bits: number, group: number, name: string): string {
  const clean = value.replace(/[\r\n]/g, "");
  const at = (index: number): string => `illegal ${name} data at input byte ${position(value, index)}`;
  const body = clean.replace(/=+$/, "");
  const bad = Array.from(body).findIndex((char) => !alphabet.includes(char));
  if (bad >= 0) return at(bad);
  // Sizes of a last group that whole bytes can have.
  const rest = body.length % group;
  const isWhole =
    rest === 0 ||
    Math.floor((rest * bits) / 8) * 8 > (rest - 1) * bits ||
    Math.floor((rest * bits) / 8) > Math.floor(((rest - 1) * bits) / 8);
  if (clean.length % group !== 0 || !isWhole || clean.length - body.length >= group)
    return at(clean.length % group === 0 ? body.length : clean.length - (clean.length % group === 0 ? 0 : clean.length % group));
  const out: number[] = [];
  let buffer = 0;
  let held = 0;
  for (const char of body) {
    buffer = ((buffer << bits) | alphabet.indexOf(char)) & 0xfffff;
    held += bits;
    if (held < 8) continue;
    held -= 8;
    out.push((buffer >> held) & 0xff);
  }
  return fromBytes(Uint8Array.from(out));
}

/** Where the index-th character that is no line break stands. */
function position(value: string, index: number): number {
  let left = index;
  for (let i = 0; i < value.length; i++) if (value[i] !== "\n" && value[i] !== "\r" && left-- === 0) return i;
  return value.length;
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
