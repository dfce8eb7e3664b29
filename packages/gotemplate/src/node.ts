// SPDX-License-Identifier: Apache-2.0
// The door "@flux-ts/gotemplate/node".
import { generateKeyPairSync, sign } from "node:crypto";
import { type CryptoSources, createCryptoPort } from "./crypto/crypto-port.ts";
import { encodePem } from "./crypto/pem.ts";
import { type DsaKey, type RsaKey, readPrivateKey, rsaToPkcs1 } from "./crypto/private-keys.ts";
import { DerReader, TAG, bytesToBigInt } from "./crypto/der.ts";
import { power } from "./crypto/rsa.ts";
import type { CryptoPort } from "./sprig/crypto.ts";

/** The crypto port on Node's own cryptography. Keys of RSA and DSA do not come from `random` but from OpenSSL. */
export function createNodeCrypto(sources: CryptoSources): CryptoPort {
  return createCryptoPort(sources, { generateRsa, generateDsa, signRsa });
}

function generateRsa(bits: number): RsaKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const key = readPrivateKey(encodePem("RSA PRIVATE KEY", privateKey.export({ type: "pkcs1", format: "der" })));
  if (key.kind !== "rsa") throw new TypeError(`expected a key of RSA, got one of ${key.kind}`);
  return key;
}

/** PKCS #8 has p, q and g beside the key's own number, and no public key. */
function generateDsa(): DsaKey {
  const { privateKey } = generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 });
  const reader = new DerReader(privateKey.export({ type: "pkcs8", format: "der" })).sequence();
  reader.integer();
  const algorithm = reader.sequence();
  algorithm.read(TAG.oid);
  const parameters = algorithm.sequence();
  const [p, q, g] = [parameters.integer(), parameters.integer(), parameters.integer()];
  const x = bytesToBigInt(new DerReader(reader.read(TAG.octetString).content).read(TAG.integer).content);
  return { kind: "dsa", p, q, g, x, y: power(g, x, p) };
}

function signRsa(key: RsaKey, data: Uint8Array): Uint8Array {
  return sign("sha256", data, { key: Buffer.from(rsaToPkcs1(key)), format: "der", type: "pkcs1" });
}

export type { CryptoSources } from "./crypto/crypto-port.ts";
