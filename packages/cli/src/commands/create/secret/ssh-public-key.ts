// SPDX-License-Identifier: Apache-2.0
import { Buffer } from "node:buffer";
import type { KeyObject } from "node:crypto";
import { CommandError } from "../../../command.ts";

const sshCurves: Readonly<Record<string, string>> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

/**
 * A public key as a line of `authorized_keys`, with its newline.
 * @throws {CommandError} for keys that SSH does not know
 * @see RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4
 */
export function formatPublicKey(key: KeyObject): string {
  const { kty, crv = "", n = "", e = "", x = "", y = "" } = key.export({ format: "jwk" });
  const curve = sshCurves[crv];
  if (kty === "RSA") return line("ssh-rsa", [integer(fromBase64Url(e)), integer(fromBase64Url(n))]);
  if (kty === "OKP" && crv === "Ed25519") return line("ssh-ed25519", [field(fromBase64Url(x))]);
  if (kty === "EC" && curve !== undefined) {
    const point = Buffer.concat([Buffer.of(4), fromBase64Url(x), fromBase64Url(y)]);
    return line(`ecdsa-sha2-${curve}`, [field(Buffer.from(curve)), field(point)]);
  }
  throw new CommandError(`ssh: unsupported key type ${String(kty)} ${crv}`);
}

function line(type: string, fields: readonly Buffer[]): string {
  return `${type} ${Buffer.concat([field(Buffer.from(type)), ...fields]).toString("base64")}\n`;
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Positive, so that a first bit of 1 needs a zero before it. */
function integer(bytes: Buffer): Buffer {
  return field((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

function fromBase64Url(text: string): Buffer {
  return Buffer.from(text, "base64url");
}
