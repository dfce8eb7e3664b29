// SPDX-License-Identifier: Apache-2.0
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { FunctionError } from "../template-error.ts";
import { DerError, DerReader, TAG, areEqual, bitString, concat, element, integer, octetString, oid, sequence } from "./der.ts";
import { decodePem, encodePem } from "./pem.ts";

/** An RSA key: what PKCS #1 holds. */
export interface RsaKey {
  readonly kind: "rsa";
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly privateExponent: bigint;
  readonly primes: readonly [bigint, bigint];
}

export interface DsaKey {
  readonly kind: "dsa";
  readonly p: bigint;
  readonly q: bigint;
  readonly g: bigint;
  readonly y: bigint;
  readonly x: bigint;
}

export type CurveName = "P-256" | "P-384" | "P-521";

export interface EcKey {
  readonly kind: "ecdsa";
  readonly curve: CurveName;
  readonly secret: Uint8Array;
}

export interface Ed25519Key {
  readonly kind: "ed25519";
  readonly seed: Uint8Array;
}

export type PrivateKey = RsaKey | DsaKey | EcKey | Ed25519Key;

const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";
const ED25519 = "1.3.101.112";

export const CURVES: Readonly<Record<CurveName, { readonly oid: string; readonly curve: typeof p256; readonly size: number }>> = {
  "P-256": { oid: "1.2.840.10045.3.1.7", curve: p256, size: 32 },
  "P-384": { oid: "1.3.132.0.34", curve: p384, size: 48 },
  "P-521": { oid: "1.3.132.0.35", curve: p521, size: 66 },
};

/** The key as SubjectPublicKeyInfo, and the bytes of the public key alone. */
export function publicKeyInfo(key: Exclude<PrivateKey, DsaKey>): { readonly info: Uint8Array; readonly bytes: Uint8Array } {
  const build = (algorithm: Uint8Array, bytes: Uint8Array): { readonly info: Uint8Array; readonly bytes: Uint8Array } => ({
    info: sequence(algorithm, bitString(bytes)),
    bytes,
  });
  switch (key.kind) {
    case "rsa":
      return build(sequence(oid(RSA), element(TAG.null)), sequence(integer(key.modulus), integer(key.exponent)));
    case "ecdsa":
      return build(sequence(oid(EC), oid(CURVES[key.curve].oid)), ecPoint(key));
    case "ed25519":
      return build(sequence(oid(ED25519)), ed25519.getPublicKey(key.seed));
  }
}

function ecPoint({ curve, secret }: EcKey): Uint8Array {
  return CURVES[curve].curve.getPublicKey(secret, false);
}

/** A key as PEM, in the form that Sprig gives each kind. @see Masterminds/sprig pemBlockForKey */
export function writePrivateKey(key: PrivateKey): string {
  switch (key.kind) {
    case "rsa":
      return encodePem("RSA PRIVATE KEY", rsaToPkcs1(key));
    case "dsa":
      return encodePem("DSA PRIVATE KEY", sequence(...[0n, key.p, key.q, key.g, key.y, key.x].map(integer)));
    case "ecdsa":
      return encodePem(
        "EC PRIVATE KEY",
        sequence(integer(1n), octetString(key.secret), element(0xa0, oid(CURVES[key.curve].oid)), element(0xa1, bitString(ecPoint(key)))),
      );
    case "ed25519":
      return encodePem("PRIVATE KEY", sequence(integer(0n), sequence(oid(ED25519)), octetString(octetString(key.seed))));
  }
}

/** @see RFC 8017, A.1.2 */
export function rsaToPkcs1({ modulus, exponent, privateExponent, primes: [p, q] }: RsaKey): Uint8Array {
  const numbers = [0n, modulus, exponent, privateExponent, p, q, privateExponent % (p - 1n), privateExponent % (q - 1n), inverse(q, p)];
  return sequence(...numbers.map(integer));
}

/** The number that times `value` is 1. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [((value % modulus) + modulus) % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

/**
 * Reads a private key of PEM: PKCS #8, PKCS #1, SEC 1 or OpenSSL's form of DSA.
 *
 * @throws {FunctionError} with the text of Go's error
 * @see Masterminds/sprig parsePrivateKeyPEM
 */
export function readPrivateKey(text: string): PrivateKey {
  const block = decodePem(text);
  if (block === undefined) throw new FunctionError("no PEM data in input");
  if (block.type === "PRIVATE KEY") return attempt("decoding PEM as PKCS#8", () => readPkcs8(block.bytes));
  if (!block.type.endsWith(" PRIVATE KEY")) throw new FunctionError(`no private key data in PEM block of type ${block.type}`);
  const kind = block.type.slice(0, -" PRIVATE KEY".length);
  switch (kind) {
    case "RSA":
      return attempt("parsing RSA private key from PEM", () => readPkcs1(block.bytes));
    case "EC":
      return attempt("parsing EC private key from PEM", () => readSec1(block.bytes, undefined));
    case "DSA":
      return attempt("parsing DSA private key from PEM", () => readDsa(block.bytes));
    default:
      throw new FunctionError(`invalid private key type ${kind}`);
  }
}

function attempt<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) throw new FunctionError(`${what}: ${error.message}`, { cause: error });
    throw error;
  }
}

function readPkcs1(bytes: Uint8Array): RsaKey {
  const outer = new DerReader(bytes);
  const reader = outer.sequence();
  if (!outer.isAtEnd) throw new DerError("asn1: syntax error: trailing data");
  const version = reader.integer();
  // PKCS #8 has the kind of the key here, and SEC 1 the key itself.
  const next = reader.peek();
  if (next === TAG.octetString) throw new DerError("x509: failed to parse private key (use ParseECPrivateKey instead for this key format)");
  if (next === TAG.sequence) throw new DerError("x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)");
  const [modulus = 0n, exponent = 0n, privateExponent = 0n, p = 0n, q = 0n] = Array.from({ length: 5 }, () => reader.integer());
  if (version > 1n) throw new DerError("x509: unsupported private key version");
  if ([modulus, privateExponent, p, q].some((value) => value <= 0n))
    throw new DerError("x509: private key contains zero or negative value");
  if (p * q !== modulus) throw new DerError("crypto/rsa: invalid modulus");
  return { kind: "rsa", modulus, exponent, privateExponent, primes: [p, q] };
}

function readDsa(bytes: Uint8Array): DsaKey {
  const reader = new DerReader(bytes).sequence();
  reader.integer();
  const [p = 0n, q = 0n, g = 0n, y = 0n, x = 0n] = Array.from({ length: 5 }, () => reader.integer());
  return { kind: "dsa", p, q, g, y, x };
}

function readSec1(bytes: Uint8Array, given: CurveName | undefined): EcKey {
  const reader = new DerReader(bytes).sequence();
  const version = reader.integer();
  const next = reader.peek();
  if (next === TAG.sequence) throw new DerError("x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)");
  if (next === TAG.integer) throw new DerError("x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)");
  if (version !== 1n) throw new DerError(`x509: unknown EC private key version ${version}`);
  const secret = reader.read(TAG.octetString).content;
  const named = reader.peek() === 0xa0 ? curveOf(new DerReader(reader.read().content).read(TAG.oid).whole) : undefined;
  const curve = given ?? named;
  if (curve === undefined) throw new DerError("x509: unknown elliptic curve");
  const { size } = CURVES[curve];
  const extra = Math.max(0, secret.length - size);
  if (secret.subarray(0, extra).some((byte) => byte !== 0)) throw new DerError("x509: invalid private key length");
  return { kind: "ecdsa", curve, secret: concat(new Uint8Array(Math.max(0, size - secret.length)), secret.subarray(extra)) };
}

function curveOf(whole: Uint8Array): CurveName | undefined {
  const names: readonly CurveName[] = ["P-256", "P-384", "P-521"];
  return names.find((name) => areEqual(oid(CURVES[name].oid), whole));
}

function readPkcs8(bytes: Uint8Array): PrivateKey {
  const reader = new DerReader(bytes).sequence();
  reader.integer();
  if (reader.peek() === TAG.octetString)
    throw new DerError("x509: failed to parse private key (use ParseECPrivateKey instead for this key format)");
  if (reader.peek() === TAG.integer)
    throw new DerError("x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)");
  const algorithm = reader.sequence();
  const kind = algorithm.read(TAG.oid).whole;
  const inner = reader.read(TAG.octetString).content;
  const embedded = <T>(name: string, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      throw new DerError(`x509: failed to parse ${name} private key embedded in PKCS#8: ${error.message}`, { cause: error });
    }
  };
  if (areEqual(kind, oid(RSA))) return embedded("RSA", () => readPkcs1(inner));
  if (areEqual(kind, oid(EC)))
    return embedded("EC", () => readSec1(inner, algorithm.peek() === TAG.oid ? curveOf(algorithm.read(TAG.oid).whole) : undefined));
  if (areEqual(kind, oid(ED25519))) {
    const seed = new DerReader(inner).read(TAG.octetString).content;
    if (seed.length !== 32) throw new DerError(`x509: invalid Ed25519 private key length: ${seed.length}`);
    return { kind: "ed25519", seed };
  }
  throw new DerError("x509: PKCS#8 wrapping contained private key with unknown algorithm");
}
