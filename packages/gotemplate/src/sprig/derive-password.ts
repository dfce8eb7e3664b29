// SPDX-License-Identifier: Apache-2.0
import { hmac } from "@noble/hashes/hmac.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toBytes } from "../bytes.ts";

const SEED = "com.lyndir.masterpassword";
const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ["maximum", ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]],
  [
    "long",
    "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno".split(
      " ",
    ),
  ],
  ["medium", ["CvcnoCvc", "CvcCvcno"]],
  ["short", ["Cvcn"]],
  ["basic", ["aaanaaan", "aannaaan", "aaannaaa"]],
  ["pin", ["nnnn"]],
]);
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ["V", "AEIOU"],
  ["C", "BCDFGHJKLMNPQRSTVWXYZ"],
  ["v", "aeiou"],
  ["c", "bcdfghjklmnpqrstvwxyz"],
  ["A", "AEIOUBCDFGHJKLMNPQRSTVWXYZ"],
  ["a", "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"],
  ["n", "0123456789"],
  ["o", "@&%?,=[]_:-+*$#!'^~;()/."],
  ["x", "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()"],
]);

function uint32(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A password of the Master Password algorithm; for a kind that is none, Sprig's text that says so. */
export function derivePassword(counter: number, kind: string, password: string, user: string, site: string): string {
  const templates = TEMPLATES.get(kind);
  if (templates === undefined) return `cannot find password template ${kind}`;
  const [seed, userBytes, siteBytes] = [toBytes(SEED), toBytes(user), toBytes(site)];
  const key = scrypt(toBytes(password), join(seed, uint32(userBytes.length), userBytes), { N: 32768, r: 8, p: 2, dkLen: 64 });
  const digest = hmac(sha256, key, join(seed, uint32(siteBytes.length), siteBytes, uint32(counter)));
  const template = templates[(digest[0] ?? 0) % templates.length] ?? "";
  return Array.from(template, (element, i) => {
    const characters = CHARACTERS.get(element) ?? "";
    return characters[(digest[i + 1] ?? 0) % characters.length] ?? "";
  }).join("");
}
