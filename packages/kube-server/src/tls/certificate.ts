// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from "node:crypto";
import { createHash, sign } from "node:crypto";
import { isIP } from "node:net";
import { bitString, boolean, explicit, implicit, integer, objectIdentifier, octetString, sequence, set, time, utf8String } from "./der.ts";

/** Who a certificate is about: what Kubernetes takes for user and groups. */
export interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

export interface CertificateRequest {
  readonly subject: Subject;
  readonly publicKey: KeyObject;
  readonly issuer: Subject;
  /** A P-256 key. */
  readonly issuerKey: KeyObject;
  readonly issuerPublicKey: KeyObject;
  /** 16 random bytes. */
  readonly serial: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly usage: "authority" | "server" | "client";
  /** DNS names and IP addresses of a server. */
  readonly names?: readonly string[];
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));

/** An X.509 certificate in PEM, signed with ECDSA. @see RFC 5280 */
export function issueCertificate(request: CertificateRequest): string {
  const serial = Buffer.from(request.serial);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01; // positive, and never empty
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_WITH_SHA256,
    nameOf(request.issuer),
    sequence(time(request.notBefore), time(request.notAfter)),
    nameOf(request.subject),
    spki(request.publicKey),
    explicit(3, sequence(...extensions(request))),
  );
  const signature = sign("sha256", body, { key: request.issuerKey, dsaEncoding: "der" });
  const der = sequence(body, ECDSA_WITH_SHA256, bitString(signature));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

function nameOf({ commonName, organizations = [] }: Subject): Buffer {
  const attribute = (type: string, value: string): Buffer => set(sequence(objectIdentifier(type), utf8String(value)));
  return sequence(...organizations.map((organization) => attribute("2.5.4.10", organization)), attribute("2.5.4.3", commonName));
}

function extensions({ usage, publicKey, issuerPublicKey, names = [] }: CertificateRequest): readonly Buffer[] {
  const extension = (id: string, isCritical: boolean, value: Buffer): Buffer =>
    isCritical ? sequence(objectIdentifier(id), boolean(true), octetString(value)) : sequence(objectIdentifier(id), octetString(value));
  const isAuthority = usage === "authority";
  const keyUsage = isAuthority ? bitString(Buffer.from([0xa6]), 1) : bitString(Buffer.from([0xa0]), 5);
  const list = [
    extension("2.5.29.15", true, keyUsage),
    extension("2.5.29.19", true, isAuthority ? sequence(boolean(true)) : sequence()),
    extension("2.5.29.14", false, octetString(keyId(publicKey))),
    extension("2.5.29.35", false, sequence(implicit(0, keyId(issuerPublicKey)))),
  ];
  if (!isAuthority) {
    const purpose = usage === "server" ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
    list.push(extension("2.5.29.37", false, sequence(objectIdentifier(purpose))));
  }
  if (names.length > 0) {
    const alternatives = names.map((name) => (isIP(name) ? implicit(7, ipBytes(name)) : implicit(2, Buffer.from(name, "ascii"))));
    list.push(extension("2.5.29.17", false, sequence(...alternatives)));
  }
  return list;
}

function keyId(key: KeyObject): Buffer {
  return createHash("sha1").update(spki(key)).digest();
}

function ipBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail] = address.split("::");
  const groups = (text: string): number[] => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => 0);
  const bytes = Buffer.alloc(16);
  [...left, ...middle, ...right].forEach((group, index) => bytes.writeUInt16BE(group, 2 * index));
  return bytes;
}
