// SPDX-License-Identifier: Apache-2.0
import type { Io } from "../../../io.ts";
import type { ParsedUrl } from "../go-url.ts";
import { readGivenFile } from "./read-given-file.ts";
import { scanHostKey } from "./scan-host-key.ts";
import type { KeyPair, KeySpec } from "./ssh-key.ts";
import { generateKeyPair, readKeyPair } from "./ssh-key.ts";

/** How to authenticate to a git server, as flags say it; empty texts are absent. */
export interface GitCredentials {
  readonly url: ParsedUrl;
  readonly username: string;
  readonly password: string;
  readonly bearerToken?: string;
  readonly caFile?: string;
  readonly privateKeyFile: string;
  readonly key: KeySpec;
}

/**
 * The keys of a Secret for a git server. Over SSH the key of the user, or one that is made, and what the server shows as its own.
 * @throws {CommandError} for files that cannot be read, keys that are none, and a server out of reach
 * @see flux2 pkg/manifestgen/sourcesecret GenerateGit
 */
export async function gitCredentials(io: Io, given: GitCredentials): Promise<Readonly<Record<string, string>>> {
  const { url, username, password, bearerToken = "", caFile = "" } = given;
  if (url.scheme !== "ssh") {
    return {
      ...(username !== "" && password !== "" ? { username, password } : {}),
      ...(bearerToken === "" ? {} : { bearerToken }),
      ...(caFile === "" ? {} : { "ca.crt": readGivenFile(io, caFile, "unable to read TLS CA file") }),
    };
  }
  const pair = keyPairOf(io, given);
  const knownHosts = await scanHostKey(io, url.host);
  return {
    identity: pair.privateKey,
    "identity.pub": pair.publicKey,
    known_hosts: knownHosts,
    ...(password === "" ? {} : { password }),
  };
}

function keyPairOf(io: Io, { privateKeyFile, password, key }: GitCredentials): KeyPair {
  if (privateKeyFile === "") return generateKeyPair(key);
  return readKeyPair(readGivenFile(io, privateKeyFile, "failed to open private key file"), password);
}
