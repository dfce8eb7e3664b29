// SPDX-License-Identifier: Apache-2.0
import { sha256 } from "@noble/hashes/sha2.js";
import type { RandomBytes } from "../sprig/random.ts";
import { bigIntToBytes, bytesToBigInt, concat } from "./der.ts";
import { type DsaKey, type RsaKey, inverse } from "./private-keys.ts";

const EXPONENT = 65537n;
/** DigestInfo of SHA-256, without the digest. */
const SHA256_INFO = Uint8Array.of(
  0x30,
  0x31,
  0x30,
  0x0d,
  0x06,
  0x09,
  0x60,
  0x86,
  0x48,
  0x01,
  0x65,
  0x03,
  0x04,
  0x02,
  0x01,
  0x05,
  0x00,
  0x04,
  0x20,
);
const ROUNDS = 32;

/** base ^ exponent, modulo. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (const bit of Array.from(exponent.toString(2)).toReversed()) {
    if (bit === "1") result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function smallPrimes(limit: number): bigint[] {
  const isComposite = new Uint8Array(limit);
  const primes: bigint[] = [];
  for (let n = 2; n < limit; n++) {
    if (isComposite[n] === 1) continue;
    primes.push(BigInt(n));
    for (let k = n * n; k < limit; k += n) isComposite[k] = 1;
  }
  return primes;
}

/** Whether a number is prime, but for a chance of 4^-rounds. */
function isPrime(value: bigint, small: readonly bigint[], random: RandomBytes): boolean {
  for (const prime of small) if (value % prime === 0n) return value === prime;
  const odd = value - 1n;
  let twos = 0n;
  while (((odd >> twos) & 1n) === 0n) twos++;
  const rest = odd >> twos;
  const size = Math.ceil(value.toString(16).length / 2);
  for (let round = 0; round < ROUNDS; round++) {
    let x = power(2n + (bytesToBigInt(random(size + 8)) % (value - 3n)), rest, value);
    if (x === 1n || x === odd) continue;
    let isWitness = true;
    for (let i = 1n; i < twos && isWitness; i++) {
      x = (x * x) % value;
      if (x === odd) isWitness = false;
    }
    if (isWitness) return false;
  }
  return true;
}

function randomBits(bits: number, random: RandomBytes): bigint {
  return bytesToBigInt(random(Math.ceil(bits / 8))) & ((1n << BigInt(bits)) - 1n);
}

/** A key of RSA in plain arithmetic: a second or more for 2048 bits, many for 4096. */
export function generateRsa(bits: number, random: RandomBytes): RsaKey {
  const small = smallPrimes(10_000);
  const half = bits / 2;
  const prime = (): bigint => {
    for (;;) {
      // The two highest bits are set, so that the product has all of its bits.
      const candidate = randomBits(half, random) | (3n << BigInt(half - 2)) | 1n;
      if (candidate % EXPONENT !== 1n && isPrime(candidate, small, random)) return candidate;
    }
  };
  for (;;) {
    const [p, q] = [prime(), prime()];
    if (p === q) continue;
    return { kind: "rsa", modulus: p * q, exponent: EXPONENT, privateExponent: inverse(EXPONENT, (p - 1n) * (q - 1n)), primes: [p, q] };
  }
}

/** A key of DSA with p of 2048 bits and q of 256. @see FIPS 186-4, appendix A */
export function generateDsa(random: RandomBytes): DsaKey {
  const [pBits, qBits] = [2048, 256];
  const small = smallPrimes(10_000);
  for (;;) {
    const q = randomBits(qBits, random) | (1n << BigInt(qBits - 1)) | 1n;
    if (!isPrime(q, small, random)) continue;
    for (let i = 0; i < 4 * pBits; i++) {
      const seed = randomBits(pBits, random) | (1n << BigInt(pBits - 1)) | 1n;
      const p = seed - (seed % q) + 1n;
      if (p >> BigInt(pBits - 1) !== 1n || !isPrime(p, small, random)) continue;
      let g = 1n;
      for (let h = 2n; g === 1n; h++) g = power(h, (p - 1n) / q, p);
      const x = 1n + (randomBits(qBits + 64, random) % (q - 1n));
      return { kind: "dsa", p, q, g, y: power(g, x, p), x };
    }
  }
}

/** RSASSA-PKCS1-v1_5 with SHA-256. @see RFC 8017, 8.2.1 */
export function signRsa({ modulus, privateExponent, primes: [p, q] }: RsaKey, data: Uint8Array): Uint8Array {
  const size = Math.ceil(modulus.toString(2).length / 8);
  const info = concat(SHA256_INFO, sha256(data));
  const padded = bytesToBigInt(concat(Uint8Array.of(0, 1), new Uint8Array(size - info.length - 3).fill(0xff), Uint8Array.of(0), info));
  // By the primes, which is four times as fast.
  const a = power(padded, privateExponent % (p - 1n), p);
  const b = power(padded, privateExponent % (q - 1n), q);
  const difference = (((a - b) % p) + p) % p;
  return bigIntToBytes(b + q * ((inverse(q, p) * difference) % p), size);
}
