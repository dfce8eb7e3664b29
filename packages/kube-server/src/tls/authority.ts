// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from "node:crypto";
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import type { Identity } from "@flux-ts/kube-core";
import { issueCertificate } from "./certificate.ts";

/** A certificate and its key, in PEM. The key is a secret. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 365;
/** Clocks of clients may be a little behind. */
const SKEW_MS = 5 * 60_000;
const ISSUER = { commonName: "flux-ts-ca" } as const;

/** Makes a new authority: its own certificate and key. `now` is in milliseconds. */
export function createAuthority(now: number): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = issueCertificate({
    subject: ISSUER,
    publicKey,
    issuer: ISSUER,
    issuerKey: privateKey,
    issuerPublicKey: publicKey,
    serial: randomBytes(16),
    notBefore: now - SKEW_MS,
    notAfter: now + AUTHORITY_DAYS * DAY_MS,
    usage: "authority",
  });
  return { certificate, key: toPem(privateKey) };
}

/** A certificate for a server under these DNS names and IP addresses, good for a year. */
export function issueServer(authority: KeyPair, names: readonly string[], now: number): KeyPair {
  return issue(authority, { commonName: "kube-apiserver" }, "server", now, names);
}

/** A certificate that makes its bearer this user, in these groups, good for a year. */
export function issueClient(authority: KeyPair, { user, groups = [] }: Identity, now: number): KeyPair {
  return issue(authority, { commonName: user, organizations: groups }, "client", now);
}

function issue(
  authority: KeyPair,
  subject: { readonly commonName: string; readonly organizations?: readonly string[] },
  usage: "server" | "client",
  now: number,
  names?: readonly string[],
): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = issueCertificate({
    subject,
    publicKey,
    issuer: ISSUER,
    issuerKey: createPrivateKey(authority.key),
    issuerPublicKey: createPublicKey(authority.key),
    serial: randomBytes(16),
    notBefore: now - SKEW_MS,
    notAfter: now + LEAF_DAYS * DAY_MS,
    usage,
    ...(names ? { names } : {}),
  });
  return { certificate, key: toPem(privateKey) };
}

function toPem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
