// SPDX-License-Identifier: Apache-2.0
// The door "@flux-ts/gotemplate/browser".
import { type CryptoSources, createCryptoPort } from "./crypto/crypto-port.ts";
import { generateDsa, generateRsa, signRsa } from "./crypto/rsa.ts";
import type { CryptoPort } from "./sprig/crypto.ts";

/**
 * The crypto port without a platform: runs wherever JavaScript does. Templates are synchronous and Web Crypto is not, so
 * keys of RSA and DSA are found in plain arithmetic: about a second for a certificate, many seconds for
 * `genPrivateKey "rsa"`, whose key has 4096 bits.
 */
export function createBrowserCrypto(sources: CryptoSources): CryptoPort {
  const { random } = sources;
  return createCryptoPort(sources, {
    generateRsa: (bits) => generateRsa(bits, random),
    generateDsa: () => generateDsa(random),
    signRsa,
  });
}

export type { CryptoSources } from "./crypto/crypto-port.ts";
