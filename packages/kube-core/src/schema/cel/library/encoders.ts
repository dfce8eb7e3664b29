// SPDX-License-Identifier: Apache-2.0
import { evaluationError } from "../cel-error.ts";
import type { Declaration } from "../functions.ts";
import { overload } from "../functions.ts";

/** @see cel-go ext.Encoders */
export const encoders: readonly Declaration[] = [
  overload("::base64.decode(string) bytes", decodeBase64),
  overload("::base64.encode(bytes) string", encodeBase64),
];

export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** With or without padding. */
function decodeBase64(text: string): Uint8Array {
  const data = text.replaceAll(/[\r\n]/g, "");
  const unpadded = data.replace(/={1,2}$/, "");
  const wrong = unpadded.search(/[^A-Za-z0-9+/]/);
  const isPadded = unpadded.length < data.length;
  if (wrong >= 0 || unpadded.length % 4 === 1 || (isPadded && data.length % 4 !== 0)) {
    throw evaluationError(`illegal base64 data at input byte ${wrong >= 0 ? wrong : unpadded.length - (unpadded.length % 4)}`);
  }
  return Uint8Array.from(atob(unpadded), (character) => character.charCodeAt(0));
}
