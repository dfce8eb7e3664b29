// SPDX-License-Identifier: Apache-2.0
import { FunctionError, limitError } from "../template-error.ts";
import { type TemplateFunction, fn, int } from "../values.ts";
import { toNumber } from "./convert.ts";
import { encodeBase64 } from "./encodings.ts";

/** Random bytes, as many as asked for. Passwords are made of them: give a cryptographic source. */
export type RandomBytes = (count: number) => Uint8Array;

const DIGITS = "0123456789";
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

/** Sprig's random values. */
export function randomFunctions(random: RandomBytes): [string, TemplateFunction][] {
  const text = (alphabet: string): TemplateFunction =>
    fn("int", ([count], call) => {
      const length = toNumber(count);
      if (length > call.maxSize / 16) throw limitError(`a random string of ${length} characters is too long`);
      return Array.from({ length: Math.max(0, length) }, () => alphabet[below(alphabet.length, random)]).join("");
    });
  return [
    ["randAlphaNum", text(LETTERS + DIGITS)],
    ["randAlpha", text(LETTERS)],
    ["randNumeric", text(DIGITS)],
    ["randAscii", text(ASCII)],
    [
      "randInt",
      fn("int,int", ([min, max]) => {
        const low = toNumber(min);
        const size = toNumber(max) - low;
        if (size <= 0) throw new FunctionError("invalid argument to Intn");
        return int(low + below(size, random));
      }),
    ],
    [
      "randBytes",
      fn("int", ([count], call) => {
        const length = toNumber(count);
        if (length < 0) throw new FunctionError("runtime error: makeslice: len out of range");
        if (length > call.maxSize / 16) throw limitError(`${length} random bytes are too many`);
        return encodeBase64(random(length));
      }),
    ],
    [
      "shuffle",
      fn("string", ([value]) => {
        const chars = Array.from(String(value));
        for (let i = chars.length - 1; i > 0; i--) {
          const j = below(i + 1, random);
          const other = chars[j] ?? "";
          chars[j] = chars[i] ?? "";
          chars[i] = other;
        }
        return chars.join("");
      }),
    ],
    ["uuidv4", fn("", () => uuid(random(16)))],
  ];
}

/** A number from 0 up to a limit, each as likely. */
function below(limit: number, random: RandomBytes): number {
  const range = 2 ** 48;
  const fair = range - (range % limit);
  for (;;) {
    const value = random(6).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value < fair) return value % limit;
  }
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, i) =>
    (i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, "0"),
  ).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
