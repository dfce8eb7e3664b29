// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from "node:crypto";
import { createHash, generateKeyPairSync, sign } from "node:crypto";

/** A certificate authority, a server certificate for 127.0.0.1 and localhost, and a client certificate: all PEM, made on the spot. */
export interface TestCertificates {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** Makes certificates that are valid from 2020 to 2120. */
export function createTestCertificates(): TestCertificates {
  const authority = createKey();
  const ca = certificate({ subject: "Test CA", issuer: "Test CA", own: authority, signer: authority, isAuthority: true });
  const issue = (subject: string, names: readonly Buffer[]): { cert: string; key: string } => {
    const own = createKey();
    const cert = certificate({ subject, issuer: "Test CA", own, signer: authority, isAuthority: false, names });
    return { cert, key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
  };
  const addresses = [tagged(0x87, Buffer.from([127, 0, 0, 1])), tagged(0x82, Buffer.from("localhost"))];
  return { ca, server: issue("Test Server", addresses), client: issue("Test Client", []) };
}

interface Key {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface CertificateParts {
  readonly subject: string;
  readonly issuer: string;
  readonly own: Key;
  readonly signer: Key;
  readonly isAuthority: boolean;
  readonly names?: readonly Buffer[];
}

const oids = { commonName: "550403", ecdsaWithSha256: "2a8648ce3d040302", basicConstraints: "551d13", alternativeNames: "551d11" } as const;

function createKey(): Key {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/** An X.509 version 3 certificate in DER, in PEM. @see RFC 5280 */
function certificate({ subject, issuer, own, signer, isAuthority, names = [] }: CertificateParts): string {
  const algorithm = sequence(oid(oids.ecdsaWithSha256));
  const publicKey = own.publicKey.export({ type: "spki", format: "der" });
  const serial = createHash("sha256").update(publicKey).digest().subarray(0, 8);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
  const extensions = [
    sequence(
      oid(oids.basicConstraints),
      tagged(0x01, Buffer.from([0xff])),
      tagged(0x04, sequence(...(isAuthority ? [tagged(0x01, Buffer.from([0xff]))] : []))),
    ),
    ...(names.length === 0 ? [] : [sequence(oid(oids.alternativeNames), tagged(0x04, sequence(...names)))]),
  ];
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    algorithm,
    name(issuer),
    sequence(tagged(0x17, Buffer.from("200101000000Z")), tagged(0x18, Buffer.from("21200101000000Z"))),
    name(subject),
    publicKey,
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, signer.privateKey);
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function name(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid(oids.commonName), tagged(0x0c, Buffer.from(commonName)))));
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}
