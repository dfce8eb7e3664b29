// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from "node:crypto";
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { bitString, boolean, integer, objectIdentifier, octetString, sequence, set, tagged, time, utf8String } from "./der.ts";

const OID = {
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  commonName: "2.5.4.3",
  organization: "2.5.4.10",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
} as const;

const DAY_MS = 86_400_000;

/** A key and its certificate, as PEM. The key is a secret. */
export interface Certified {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface CertificateRequest {
  /** For a client: the user's name. */
  readonly commonName: string;
  /** For a client: the user's groups. */
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly usage: "server" | "client";
}

/** Signs certificates: one for each control plane, made at random, so that no two trust each other. */
export interface Authority extends Certified {
  /** P-256, for `days`, never longer than the authority itself. */
  issue(request: CertificateRequest, now: number, days?: number): Certified;
}

/**
 * A new certificate authority. Clocks that are a little behind are allowed for.
 * @param now milliseconds since 1970
 */
export function createAuthority(now: number, days = 3650): Authority {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = name("flux-ts", []);
  const certPem = certificate({
    subject,
    issuer: subject,
    publicKey,
    signer: privateKey,
    signerPublicKey: publicKey,
    now,
    days,
    usage: "authority",
  });
  return loadAuthority({ certPem, keyPem: toPem(privateKey) });
}

/** An authority that was kept. @throws {Error} when the PEM texts are none */
export function loadAuthority(kept: Certified): Authority {
  const signer = createPrivateKey(kept.keyPem);
  const certificateOfIts = new X509Certificate(kept.certPem);
  return {
    ...kept,
    issue: (request, now, days = 365) => {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const left = Math.floor((Date.parse(certificateOfIts.validTo) - now) / DAY_MS);
      const certPem = certificate({
        subject: name(request.commonName, request.organizations ?? []),
        issuer: name("flux-ts", []),
        publicKey,
        signer,
        signerPublicKey: certificateOfIts.publicKey,
        now,
        days: Math.min(days, left),
        usage: request.usage,
        dnsNames: request.dnsNames ?? [],
        ipAddresses: request.ipAddresses ?? [],
      });
      return { certPem, keyPem: toPem(privateKey) };
    },
  };
}

interface CertificateFields {
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly signerPublicKey: KeyObject;
  readonly now: number;
  readonly days: number;
  readonly usage: "authority" | "server" | "client";
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** @see RFC 5280, section 4.1 */
function certificate(fields: CertificateFields): string {
  const { subject, issuer, publicKey, signer, now, days } = fields;
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const serial = randomBytes(16);
  const toBeSigned = sequence(
    tagged(0, true, integer(Uint8Array.of(2))),
    integer(Buffer.concat([Uint8Array.of(serial[0] === undefined ? 1 : (serial[0] & 0x7f) | 0x40), serial.subarray(1)])),
    algorithm,
    issuer,
    sequence(time(now - 3_600_000), time(now + days * DAY_MS)),
    subject,
    publicKey.export({ format: "der", type: "spki" }),
    tagged(3, true, sequence(...extensions(fields))),
  );
  const signature = sign("sha256", toBeSigned, { key: signer, dsaEncoding: "der" });
  const der = sequence(toBeSigned, algorithm, bitString(signature));
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function extensions({ usage, publicKey, signerPublicKey, dnsNames = [], ipAddresses = [] }: CertificateFields): readonly Uint8Array[] {
  const isAuthority = usage === "authority";
  const extension = (oid: string, isCritical: boolean, value: Uint8Array): Uint8Array =>
    sequence(objectIdentifier(oid), ...(isCritical ? [boolean(true)] : []), octetString(value));
  // Bits from the left: digitalSignature, …, keyCertSign (5), cRLSign (6).
  const keyUsage = isAuthority ? bitString(Uint8Array.of(0b0000_0110), 1) : bitString(Uint8Array.of(0b1000_0000), 7);
  const names = [
    ...dnsNames.map((dns) => tagged(2, false, Buffer.from(dns, "ascii"))),
    ...ipAddresses.map((ip) => tagged(7, false, ipBytes(ip))),
  ];
  return [
    extension(OID.basicConstraints, true, isAuthority ? sequence(boolean(true)) : sequence()),
    extension(OID.keyUsage, true, keyUsage),
    ...(isAuthority
      ? []
      : [extension(OID.extendedKeyUsage, false, sequence(objectIdentifier(usage === "server" ? OID.serverAuth : OID.clientAuth)))]),
    extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(publicKey))),
    extension(OID.authorityKeyIdentifier, false, sequence(tagged(0, false, keyIdentifier(signerPublicKey)))),
    ...(names.length === 0 ? [] : [extension(OID.subjectAltName, false, sequence(...names))]),
  ];
}

function keyIdentifier(key: KeyObject): Uint8Array {
  return createHash("sha256")
    .update(key.export({ format: "der", type: "spki" }))
    .digest()
    .subarray(0, 20);
}

function name(commonName: string, organizations: readonly string[]): Uint8Array {
  const part = (oid: string, text: string): Uint8Array => set(sequence(objectIdentifier(oid), utf8String(text)));
  return sequence(...organizations.map((one) => part(OID.organization, one)), part(OID.commonName, commonName));
}

/** @throws {Error} when it is not an address */
function ipBytes(ip: string): Uint8Array {
  if (isIP(ip) === 4) return Uint8Array.from(ip.split(".").map(Number));
  if (isIP(ip) !== 6) throw new Error(`Cannot put ${JSON.stringify(ip)} into a certificate: it is not an IP address`);
  const [head = "", tail] = ip.split("::");
  const groups = (text: string): readonly string[] => (text === "" ? [] : text.split(":"));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...Array.from({ length: tail === undefined ? 0 : 8 - left.length - right.length }, () => "0"), ...right];
  return Uint8Array.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}

function toPem(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}
