// SPDX-License-Identifier: Apache-2.0
import { CommandError } from "../../../command.ts";
import type { SecretContent, TlsFiles } from "./tls-secret-content.ts";
import { tlsSecretContent } from "./tls-secret-content.ts";

/**
 * A Secret for a Helm repository. A client certificate wins over a password; an authority goes with either, or alone.
 * @throws {CommandError} for half of what is needed
 * @see flux2 pkg/manifestgen/sourcesecret GenerateHelm
 */
export function helmSecretContent(given: TlsFiles & { readonly username: string; readonly password: string }): SecretContent {
  const { username, password, cert, key, ca } = given;
  if (cert !== "" || key !== "") return tlsSecretContent(given);
  if (username !== "" || password !== "") {
    if (username === "") throw new CommandError("username is required");
    if (password === "") throw new CommandError("password is required");
    return { type: "kubernetes.io/basic-auth", stringData: { username, password, ...(ca === "" ? {} : { "ca.crt": ca }) } };
  }
  return ca === "" ? { stringData: {} } : tlsSecretContent(given);
}
