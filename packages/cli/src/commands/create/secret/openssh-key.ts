// SPDX-License-Identifier: Apache-2.0
import { Buffer } from "node:buffer";
import { CommandError } from "../../../command.ts";

const MAGIC = "openssh-key-v1\0";

/**
 * The public key, as a line of `authorized_keys` with its newline, out of a private key in OpenSSH's format: it stands there in the
 * clear even when the private part is encrypted. The passphrase is not tried; whoever uses the Secret does that.
 *
 * @throws {CommandError} when it is not such a key, or is encrypted and there is no passphrase
 * @see openssh-portable PROTOCOL.key
 */
export function readOpensshKey(pem: string, passphrase: string): string {
  const [, body = ""] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END OPENSSH PRIVATE KEY-----/.exec(pem) ?? [];
  const bytes = Buffer.from(body, "base64");
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new CommandError("ssh: invalid openssh private key format");
  let at = MAGIC.length;
  const number = (): number => {
    if (at + 4 > bytes.length) throw new CommandError("ssh: invalid openssh private key format");
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const field = (): Buffer => {
    const length = number();
    if (at + length > bytes.length) throw new CommandError("ssh: invalid openssh private key format");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const cipher = field().toString();
  field();
  field();
  if (number() !== 1) throw new CommandError("ssh: multi-key files are not supported");
  const publicKey = field();
  if (cipher !== "none" && passphrase === "") throw new CommandError("ssh: this private key is passphrase protected");
  if (cipher === "none" && passphrase !== "") throw new CommandError("ssh: not an encrypted key");
  const typeLength = publicKey.length < 4 ? 0 : publicKey.readUInt32BE(0);
  return `${publicKey.toString("latin1", 4, 4 + typeLength)} ${publicKey.toString("base64")}\n`;
}
