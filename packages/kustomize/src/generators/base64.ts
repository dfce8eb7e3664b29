// SPDX-License-Identifier: Apache-2.0

const lineLength = 70;

/** Base64 as kustomize writes it: in lines of 70 characters, each with a line break, when it is longer than one. */
export function encodeBase64(value: Uint8Array | string): string {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  let binary = "";
  // fromCharCode takes its characters as arguments, of which there cannot be any number.
  for (let index = 0; index < bytes.length; index += 8192) binary += String.fromCharCode(...bytes.subarray(index, index + 8192));
  const encoded = btoa(binary);
  if (encoded.length < lineLength) return encoded;
  let out = "";
  for (let index = 0; index < encoded.length; index += lineLength) out += `${encoded.slice(index, index + lineLength)}\n`;
  return out;
}
