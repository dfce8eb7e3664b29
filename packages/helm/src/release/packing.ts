// SPDX-License-Identifier: Apache-2.0
// The one file of releases that needs Node: base64 and gzip of megabytes.
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { HelmError, messageOf } from "../helm-error.ts";

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** @throws {HelmError} RELEASE for what is no base64; breaks of lines are left out */
export function fromBase64(text: string, what: string): Uint8Array {
  const plain = text.replace(/[\r\n]/g, "");
  const end = plain.search(/[^A-Za-z0-9+/]/);
  const length = end < 0 ? plain.length : end;
  const wanted = ["", undefined, "==", "="][length % 4];
  if (plain.slice(length) !== wanted) throw new HelmError("RELEASE", `illegal base64 data at input byte ${length} of ${what}`);
  return Buffer.from(plain, "base64");
}

export function gzip(text: string): Uint8Array {
  return gzipSync(text, { level: constants.Z_BEST_COMPRESSION });
}

/**
 * Unpacks gzip, and stops at a limit.
 *
 * @throws {HelmError} LIMIT for more than `maxBytes`, RELEASE for what is no gzip
 */
export function gunzip(packed: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw new HelmError("LIMIT", `the stored release unpacks to more than ${maxBytes} bytes`, { cause: error });
    }
    throw new HelmError("RELEASE", `gzip: ${messageOf(error)}`, { cause: error });
  }
}
