// SPDX-License-Identifier: Apache-2.0
import { sha256 } from "@noble/hashes/sha2.js";
import { toBytes } from "../bytes.ts";
import { goQuote } from "../format/quote.ts";
import type { AlternativeNames } from "../sprig/crypto.ts";
import { FunctionError } from "../template-error.ts";
import { DerError, DerReader, TAG, areEqual, bitString, element, integer, octetString, oid, sequence } from "./der.ts";
import { encodePem } from "./pem.ts";
import { type CurveName, type DsaKey, type PrivateKey, publicKeyInfo } from "./private-keys.ts";

/** A key that can sign a certificate. */
export type SigningKey = Exclude<PrivateKey, DsaKey>;

/** What a certificate is to say. */
export interface CertificateTemplate {
  readonly serial: bigint;
  readonly commonName: string;
  readonly names: AlternativeNames;
  /** Nanoseconds since 1970. */
  readonly notBefore: bigint;
  readonly notAfter: bigint;
  readonly isAuthority: boolean;
}

/** Who signs, as its own certificate has it. */
export interface Issuer {
  /** Its name, as DER. */
  readonly subject: Uint8Array;
  readonly keyId: Uint8Array | undefined;
  /** Its public key, as DER. */
  readonly publicKey: Uint8Array;
}

const EXTENSION = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyId: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
};
const ECDSA_OIDS: Readonly<Record<CurveName, string>> = {
  "P-256": "1.2.840.10045.4.3.2",
  "P-384": "1.2.840.10045.4.3.3",
  "P-521": "1.2.840.10045.4.3.4",
};
const NANOSECONDS = 1_000_000_000n;
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/**
 * Makes a certificate as PEM.
 *
 * @param key the key that the certificate is about
 * @param issuer who signs; undefined when it signs itself
 * @param signer the key that signs, and how it does
 * @throws {FunctionError} with the text of Go's error
 * @see crypto/x509 CreateCertificate
 */
export function createCertificate(
  template: CertificateTemplate,
  key: SigningKey,
  issuer: Issuer | undefined,
  signer: { readonly key: SigningKey; readonly sign: (data: Uint8Array) => Uint8Array },
): string {
  const publicKey = publicKeyInfo(key);
  const subject = nameOf(template.commonName);
  const issuerName = issuer?.subject ?? subject;
  const authorityKeyId = areEqual(issuerName, subject) ? undefined : issuer?.keyId;
  const subjectKeyId = template.isAuthority ? sha256(publicKey.bytes).slice(0, 20) : undefined;
  if (issuer !== undefined && !areEqual(issuer.publicKey, publicKeyInfo(signer.key).info))
    throw new FunctionError("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey");
  const algorithm = signatureAlgorithm(signer.key);
  const body = sequence(
    element(0xa0, integer(2n)),
    integer(template.serial),
    algorithm,
    issuerName,
    sequence(time(template.notBefore), time(template.notAfter)),
    subject,
    publicKey.info,
    element(0xa3, sequence(...extensions(template, { subject, subjectKeyId, authorityKeyId }))),
  );
  return encodePem("CERTIFICATE", sequence(body, algorithm, bitString(signer.sign(body))));
}

function signatureAlgorithm(key: SigningKey): Uint8Array {
  switch (key.kind) {
    case "rsa":
      return sequence(oid("1.2.840.113549.1.1.11"), element(TAG.null));
    case "ecdsa":
      return sequence(oid(ECDSA_OIDS[key.curve]));
    case "ed25519":
      return sequence(oid("1.3.101.112"));
  }
}

function nameOf(commonName: string): Uint8Array {
  if (commonName === "") return sequence();
  const tag = PRINTABLE.test(commonName) ? TAG.printableString : TAG.utf8String;
  return sequence(element(TAG.set, sequence(oid("2.5.4.3"), element(tag, toBytes(commonName)))));
}

function time(nanoseconds: bigint): Uint8Array {
  const seconds = nanoseconds / NANOSECONDS - (nanoseconds % NANOSECONDS < 0n ? 1n : 0n);
  const date = new Date(Number(seconds) * 1000);
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 0 || year > 9999)
    throw new FunctionError("error creating certificate: asn1: structure error: cannot represent time as GeneralizedTime");
  const digits = `${date.toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`;
  return year >= 1950 && year < 2050 ? element(TAG.utcTime, toBytes(digits.slice(2))) : element(TAG.generalizedTime, toBytes(digits));
}

function extensions(
  { isAuthority, names }: CertificateTemplate,
  ids: { readonly subject: Uint8Array; readonly subjectKeyId: Uint8Array | undefined; readonly authorityKeyId: Uint8Array | undefined },
): Uint8Array[] {
  // digitalSignature, keyEncipherment; for an authority also keyCertSign.
  const usage = isAuthority ? bitString(Uint8Array.of(0xa4), 2) : bitString(Uint8Array.of(0xa0), 5);
  const out = [
    extension(EXTENSION.keyUsage, true, usage),
    // Servers and clients.
    extension(EXTENSION.extendedKeyUsage, false, sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))),
    extension(EXTENSION.basicConstraints, true, isAuthority ? sequence(element(TAG.boolean, Uint8Array.of(0xff))) : sequence()),
  ];
  if (ids.subjectKeyId !== undefined) out.push(extension(EXTENSION.subjectKeyId, false, octetString(ids.subjectKeyId)));
  if (ids.authorityKeyId !== undefined) out.push(extension(EXTENSION.authorityKeyId, false, sequence(element(0x80, ids.authorityKeyId))));
  if (names.ips.length + names.dnsNames.length > 0) {
    const list = [
      ...names.dnsNames.map((name) => {
        if (/[^\u0000-\u007f]/.test(name))
          throw new FunctionError(`error creating certificate: x509: ${goQuote(name)} cannot be encoded as an IA5String`);
        return element(0x82, toBytes(name));
      }),
      ...names.ips.map((ip) => element(0x87, ip)),
    ];
    out.push(extension(EXTENSION.alternativeNames, areEqual(ids.subject, sequence()), sequence(...list)));
  }
  return out;
}

function extension(id: string, isCritical: boolean, value: Uint8Array): Uint8Array {
  const critical = isCritical ? [element(TAG.boolean, Uint8Array.of(0xff))] : [];
  return sequence(oid(id), ...critical, octetString(value));
}

/** Reads of a certificate, as DER, what its signatures need. @throws {DerError} with the text that Go puts behind `x509: ` */
export function readCertificate(bytes: Uint8Array): Issuer {
  const outer = new DerReader(bytes);
  const certificate = shaped("malformed certificate", () => outer.sequence());
  if (!outer.isAtEnd) throw new DerError("trailing data");
  const body = shaped("malformed tbs certificate", () => certificate.sequence());
  shaped("malformed version", () => body.read(0xa0));
  shaped("malformed serial number", () => body.integer());
  shaped("malformed signature algorithm identifier", () => body.sequence());
  shaped("malformed issuer", () => body.sequence());
  shaped("malformed validity", () => body.sequence());
  const subject = shaped("malformed issuer", () => body.read(TAG.sequence).whole);
  const publicKey = shaped("malformed spki", () => body.read(TAG.sequence).whole);
  while (!body.isAtEnd && body.peek() !== 0xa3) shaped("malformed extensions", () => body.read());
  const keyId = body.isAtEnd ? undefined : shaped("malformed extensions", () => findKeyId(new DerReader(body.read().content).sequence()));
  shaped("malformed algorithm identifier", () => certificate.sequence());
  shaped("malformed signature", () => certificate.read(TAG.bitString));
  return { subject, publicKey, keyId };
}

function shaped<T>(problem: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) throw new DerError(problem, { cause: error });
    throw error;
  }
}

function findKeyId(list: DerReader): Uint8Array | undefined {
  const wanted = oid(EXTENSION.subjectKeyId);
  while (!list.isAtEnd) {
    const one = list.sequence();
    const id = one.read(TAG.oid).whole;
    if (one.peek() === TAG.boolean) one.read();
    const value = one.read(TAG.octetString).content;
    if (areEqual(id, wanted)) return new DerReader(value).read(TAG.octetString).content;
  }
  return undefined;
}
