// SPDX-License-Identifier: Apache-2.0
import { X509Certificate, createPrivateKey } from "node:crypto";
import { CommandError } from "../../../command.ts";

/** The keys of a Secret, and its type. */
export interface SecretContent {
  readonly type?: string;
  readonly stringData: Readonly<Record<string, string>>;
}

/** In PEM; empty texts are absent. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/**
 * A Secret with a client certificate, an authority, or both.
 * @throws {CommandError} for half a pair, a pair that does not fit, or nothing
 * @see fluxcd/pkg runtime/secrets MakeTLSSecret
 */
export function tlsSecretContent({ cert, key, ca }: TlsFiles): SecretContent {
  if (cert !== "" && key === "") throw new CommandError("found certificate but missing private key");
  if (cert === "" && key !== "") throw new CommandError("found private key but missing certificate");
  if (cert === "" && ca === "") throw new CommandError("no CA certificate or client certificate pair found");
  if (cert !== "") checkPair(cert, key);
  return {
    type: cert === "" ? "Opaque" : "kubernetes.io/tls",
    stringData: {
      ...(cert === "" ? {} : { "tls.crt": cert, "tls.key": key }),
      ...(ca === "" ? {} : { "ca.crt": ca }),
    },
  };
}

/** @see crypto/tls X509KeyPair */
function checkPair(cert: string, key: string): void {
  const fail = (problem: string, cause?: unknown): never => {
    throw new CommandError(`invalid TLS certificate and key pair: tls: ${problem}`, { cause });
  };
  const isKey = (type: string | undefined): boolean => type?.endsWith("PRIVATE KEY") === true;
  const [certBlocks, keyBlocks] = [pemTypes(cert), pemTypes(key)];
  if (!certBlocks.includes("CERTIFICATE")) {
    if (certBlocks.length === 0) fail("failed to find any PEM data in certificate input");
    if (certBlocks.length === 1 && isKey(certBlocks[0])) {
      fail("failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched");
    }
    fail(
      `failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${certBlocks.join(" ")}]`,
    );
  }
  if (!keyBlocks.some(isKey)) {
    if (keyBlocks.length === 0) fail("failed to find any PEM data in key input");
    if (keyBlocks.length === 1 && keyBlocks[0] === "CERTIFICATE") {
      fail("found a certificate rather than a key in the PEM for the private key");
    }
    fail(
      `failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${keyBlocks.join(" ")}]`,
    );
  }
  let fits = false;
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    fail((error as Error).message, error);
  }
  if (!fits) fail("private key does not match public key");
}

/** What the blocks of a PEM text are, in their order. */
function pemTypes(text: string): readonly string[] {
  return [...text.matchAll(/^-----BEGIN ([A-Z0-9 ]+)-----\r?$/gm)].map(([, type = ""]) => type);
}
