// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { CommandError } from "../../../command.ts";
import { readOpensshKey } from "./openssh-key.ts";
import { formatPublicKey } from "./ssh-public-key.ts";

/** How to make a key; the texts of the flags, which are checked. */
export interface KeySpec {
  readonly algorithm: string;
  readonly rsaBits: string;
  readonly curve: string;
}

export interface KeyPair {
  /** PEM. */
  readonly privateKey: string;
  /** A line of `authorized_keys`, with its newline. */
  readonly publicKey: string;
}

const curves: Readonly<Record<string, string>> = { p256: "P-256", p384: "P-384", p521: "P-521" };

/** A new key, in PKCS#8. @see fluxcd/pkg ssh KeyPairGenerator */
export function generateKeyPair({ algorithm, rsaBits, curve }: KeySpec): KeyPair {
  const { privateKey, publicKey } = newKey(algorithm, Number(rsaBits || "2048"), curves[curve] ?? "P-384");
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: formatPublicKey(publicKey),
  };
}

function newKey(algorithm: string, bits: number, namedCurve: string): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  switch (algorithm) {
    case "rsa":
      return generateKeyPairSync("rsa", { modulusLength: bits });
    case "ed25519":
      return generateKeyPairSync("ed25519");
    default:
      return generateKeyPairSync("ec", { namedCurve });
  }
}

/**
 * The pair of a private key in PEM, or in OpenSSH's own format.
 * @throws {CommandError} when it is no key, or cannot be read without its passphrase
 */
export function readKeyPair(privateKey: string, passphrase: string): KeyPair {
  if (privateKey.includes("-----BEGIN OPENSSH PRIVATE KEY-----")) {
    return { privateKey, publicKey: readOpensshKey(privateKey, passphrase) };
  }
  if (!privateKey.includes("-----BEGIN ")) throw new CommandError("ssh: no key found");
  if (passphrase === "" && /ENCRYPTED/.test(privateKey)) throw new CommandError("ssh: this private key is passphrase protected");
  try {
    const key = createPrivateKey(passphrase === "" ? privateKey : { key: privateKey, passphrase });
    return { privateKey, publicKey: formatPublicKey(createPublicKey(key)) };
  } catch (error) {
    throw new CommandError(`the private key cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
