// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { blake3 } from "@noble/hashes/blake3.js";
import { ArtifactError } from "./artifact-error.ts";

/** The algorithms of `--artifact-digest-algo`. */
export const digestAlgorithms = ["sha1", "sha256", "sha384", "sha512", "blake3"] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** Takes bytes and, once, gives the digest. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** `sha256:…`, in lower-case hexadecimal. */
  digest(): string;
}

const hexLengths: Readonly<Record<DigestAlgorithm, number>> = { sha1: 40, sha256: 64, sha384: 96, sha512: 128, blake3: 64 };

/** @throws {ArtifactError} INVALID_DIGEST for a name that is none of {@link digestAlgorithms} */
export function algorithmNamed(name: string): DigestAlgorithm {
  const algorithm = digestAlgorithms.find((known) => known === name);
  if (algorithm === undefined) throw new ArtifactError("INVALID_DIGEST", "unsupported digest algorithm");
  return algorithm;
}

/** A hasher. `sha256` is the canonical algorithm. */
export function createHasher(algorithm: DigestAlgorithm = "sha256"): Hasher {
  if (algorithm === "blake3") {
    const hash = blake3.create();
    return { update: (bytes) => void hash.update(bytes), digest: () => `blake3:${Buffer.from(hash.digest()).toString("hex")}` };
  }
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => `${algorithm}:${hash.digest("hex")}` };
}

/** `sha256:…` of bytes. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = "sha256"): string {
  const hasher = createHasher(algorithm);
  hasher.update(bytes);
  return hasher.digest();
}

/**
 * Reads `<algorithm>:<hex>`.
 *
 * @throws {ArtifactError} INVALID_DIGEST, with the texts of the OCI digest library
 * @see opencontainers/go-digest Parse
 */
export function parseDigest(text: string): { readonly algorithm: DigestAlgorithm; readonly hex: string } {
  const match = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)$/.exec(text);
  if (match === null) throw new ArtifactError("INVALID_DIGEST", "invalid checksum digest format");
  const [, name = "", hex = ""] = match;
  const algorithm = algorithmNamed(name);
  if (hex.length !== hexLengths[algorithm]) throw new ArtifactError("INVALID_DIGEST", "invalid checksum digest length");
  if (!/^[0-9a-f]+$/.test(hex)) throw new ArtifactError("INVALID_DIGEST", "invalid checksum digest format");
  return { algorithm, hex };
}
