// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair } from "./authority.ts";
import { createAuthority } from "./authority.ts";

/** The keys of one control plane. */
export interface Pki {
  readonly authority: KeyPair;
  /** The key that signs tokens of service accounts, in PEM: no two planes share one. */
  readonly serviceAccountKey: string;
}

/** New keys, kept nowhere. */
export function createPki(now: number): Pki {
  return { authority: createAuthority(now), serviceAccountKey: createServiceAccountKey() };
}

/**
 * The keys kept in a folder, made where they are missing. The folder and the keys are for the owner alone.
 * @throws {Error} when a file cannot be read or written
 */
export function loadOrCreatePki(folder: string, now: number): Pki {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const paths = { certificate: join(folder, "ca.crt"), key: join(folder, "ca.key"), account: join(folder, "sa.key") };
  if (!existsSync(paths.certificate) || !existsSync(paths.key)) {
    const authority = createAuthority(now);
    writeSecret(paths.key, authority.key);
    writeFileSync(paths.certificate, authority.certificate, { mode: 0o644 });
  }
  if (!existsSync(paths.account)) writeSecret(paths.account, createServiceAccountKey());
  return {
    authority: { certificate: readFileSync(paths.certificate, "utf8"), key: readFileSync(paths.key, "utf8") },
    serviceAccountKey: readFileSync(paths.account, "utf8"),
  };
}

function createServiceAccountKey(): string {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function writeSecret(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
