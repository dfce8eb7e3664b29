// SPDX-License-Identifier: Apache-2.0
import { cbc } from "@noble/ciphers/aes.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { encodeBase64 as encodeSalt, hashSync } from "bcryptjs";
import { fromBytes, toBytes } from "../bytes.ts";
import type { Certificate, CertificateRequest, CryptoPort } from "../sprig/crypto.ts";
import { decodeBase64, encodeBase64, readBase64 } from "../sprig/encodings.ts";
import type { RandomBytes } from "../sprig/random.ts";
import { FunctionError } from "../template-error.ts";
import { type Issuer, type SigningKey, createCertificate, readCertificate } from "./certificates.ts";
import { DerError, bytesToBigInt } from "./der.ts";
import { decodePem } from "./pem.ts";
import { CURVES, type DsaKey, type PrivateKey, type RsaKey, readPrivateKey, writePrivateKey } from "./private-keys.ts";

/** What the surroundings do themselves, as they do it faster. */
export interface CryptoPrimitives {
  /** A new key of RSA, with the exponent 65537. */
  generateRsa(bits: number): RsaKey;
  /** A new key of DSA: p of 2048 bits, q of 256. */
  generateDsa(): DsaKey;
  /** A signature of RSASSA-PKCS1-v1_5 with SHA-256. */
  signRsa(key: RsaKey, data: Uint8Array): Uint8Array;
}

/** What the functions of passwords, keys and certificates take from outside. */
export interface CryptoSources {
  /** Nanoseconds since 1970; certificates are valid from then on. */
  readonly now: () => bigint;
  /** A cryptographic source. */
  readonly random: RandomBytes;
}

const DAY = 24n * 3600n * 1_000_000_000n;
const CERTIFICATE_BITS = 2048;
const KEY_BITS = 4096;
/** bcrypt's cost as Go's package has it by default. */
const COST = 10;
const BLOCK = 16;

/**
 * The functions of Sprig that need cryptography, on a platform's primitives.
 *
 * @see Masterminds/sprig crypto.go
 */
export function createCryptoPort({ now, random }: CryptoSources, primitives: CryptoPrimitives): CryptoPort {
  const newKey = (): RsaKey => primitives.generateRsa(CERTIFICATE_BITS);
  const sign = (key: SigningKey, data: Uint8Array): Uint8Array => {
    switch (key.kind) {
      case "rsa":
        if (key.modulus.toString(2).length < 1024)
          throw new FunctionError(
            `error creating certificate: crypto/rsa: ${key.modulus.toString(2).length}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`,
          );
        return primitives.signRsa(key, data);
      case "ecdsa":
        return CURVES[key.curve].curve.sign(data, key.secret, { format: "der", lowS: false });
      case "ed25519":
        return ed25519.sign(data, key.seed);
    }
  };
  const certify = (
    request: CertificateRequest,
    key: PrivateKey,
    authority?: { readonly issuer: Issuer; readonly key: PrivateKey },
  ): Certificate => {
    const names = request.names();
    const signer = authority?.key ?? key;
    if (signer.kind === "dsa")
      throw new FunctionError("error creating certificate: x509: certificate private key does not implement crypto.Signer");
    if (key.kind === "dsa") throw new FunctionError("error creating certificate: x509: unsupported public key type: *dsa.PublicKey");
    const notBefore = now();
    const cert = createCertificate(
      {
        serial: bytesToBigInt(random(16)),
        commonName: request.commonName,
        names,
        notBefore,
        notAfter: notBefore + BigInt.asIntN(64, DAY * BigInt(request.days)),
        isAuthority: request.isAuthority,
      },
      key,
      authority?.issuer,
      { key: signer, sign: (data) => sign(signer, data) },
    );
    return { cert, key: writePrivateKey(key) };
  };
  const keyOf = (request: CertificateRequest): PrivateKey =>
    request.key === undefined ? newKey() : prefixed("parsing private key", () => readPrivateKey(request.key ?? ""));
  return {
    bcrypt: (password) => {
      if (toBytes(password).length > 72) return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
      return hashSync(password, `$2a$${COST}$${encodeSalt(random(16), 16)}`);
    },
    generatePrivateKey: (kind) => {
      switch (kind) {
        case "":
        case "rsa":
          return writePrivateKey(primitives.generateRsa(KEY_BITS));
        case "dsa":
          return writePrivateKey(primitives.generateDsa());
        case "ecdsa":
          return writePrivateKey({ kind: "ecdsa", curve: "P-256", secret: p256.utils.randomSecretKey(random(48)) });
        case "ed25519":
          return writePrivateKey({ kind: "ed25519", seed: random(32) });
        default:
          return `Unknown type ${kind}`;
      }
    },
    certificateAuthority: (request) => certify(request, keyOf(request)),
    selfSignedCertificate: (request) => {
      // A key takes long to make: not where names are bad.
      if (request.key === undefined) request.names();
      return certify(request, keyOf(request));
    },
    signedCertificate: (request, authority) => {
      const given = request.key === undefined ? undefined : keyOf(request);
      const issuer = readPem(authority.cert, "decodedSignerCert");
      const key = prefixed("error parsing private key", () => readPrivateKey(authority.key));
      request.names();
      return certify(request, given ?? newKey(), { issuer, key });
    },
    customCertificate: (cert, key) => {
      const certBytes = decodeBase64(cert);
      if (certBytes === undefined) throw new FunctionError("unable to decode base64 certificate");
      const keyBytes = decodeBase64(key);
      if (keyBytes === undefined) throw new FunctionError("unable to decode base64 private key");
      readPem(fromBytes(certBytes), "decodedCert");
      prefixed("error parsing private key", () => readPrivateKey(fromBytes(keyBytes)));
      return { cert: fromBytes(certBytes), key: fromBytes(keyBytes) };
    },
    encryptAes: (password, text) => {
      if (text === "") return "";
      const iv = random(BLOCK);
      const encrypted = cbc(aesKey(password), iv).encrypt(toBytes(text));
      return encodeBase64(Uint8Array.from([...iv, ...encrypted]));
    },
    decryptAes,
  };
}

function prefixed<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof FunctionError ? new FunctionError(`${what}: ${error.message}`, { cause: error }) : error;
  }
}

function readPem(text: string, name: string): Issuer {
  const block = decodePem(text);
  if (block === undefined) throw new FunctionError("unable to decode certificate");
  try {
    return readCertificate(block.bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new FunctionError(`error parsing certificate: ${name}.Bytes: x509: ${error.message}`, { cause: error });
  }
}

/** The password's first 32 bytes, filled up with zeros. */
function aesKey(password: string): Uint8Array {
  const key = new Uint8Array(32);
  key.set(toBytes(password).subarray(0, 32));
  return key;
}

/** Ends as Sprig's slices out of their bounds do, where the text was not encrypted by it. */
function decryptAes(password: string, encrypted: string): string {
  if (encrypted === "") return "";
  const bytes = readBase64(toBytes(encrypted));
  if (typeof bytes === "number") throw new FunctionError(`illegal base64 data at input byte ${bytes}`);
  if (bytes.length < BLOCK) {
    const capacity = Math.floor(encrypted.length / 4) * 3;
    throw new FunctionError(`runtime error: slice bounds out of range [:${BLOCK}] with capacity ${capacity}`);
  }
  const body = bytes.subarray(BLOCK);
  if (body.length % BLOCK !== 0) throw new FunctionError("crypto/cipher: input not full blocks");
  if (body.length === 0) throw new FunctionError("runtime error: index out of range [-1]");
  const text = cbc(aesKey(password), bytes.subarray(0, BLOCK), { disablePadding: true }).decrypt(body);
  const end = text.length - (text.at(-1) ?? 0);
  if (end < 0) throw new FunctionError(`runtime error: slice bounds out of range [:${end}]`);
  return fromBytes(text.subarray(0, end));
}
