// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";

/** How to prove who we are to a git server over HTTP. Empty fields are absent. */
export interface HttpAuth {
  readonly transport: "http" | "https";
  readonly username?: string;
  readonly password?: string;
  readonly bearerToken?: string;
  /** PEM. */
  readonly ca?: string;
  readonly clientCert?: string;
  readonly clientKey?: string;
}

export interface SshAuth {
  readonly transport: "ssh";
  /** `host` or `host:port`. */
  readonly host: string;
  readonly username: string;
  /** A private key in any form that OpenSSH reads. */
  readonly identity: string;
  readonly knownHosts: string;
  /** Of the key. */
  readonly password?: string;
}

export type GitAuth = HttpAuth | SshAuth;

/** The data of a Secret, decoded. */
export type SecretData = ReadonlyMap<string, string>;

/**
 * Chooses from a Secret what a URL's transport takes. For HTTP a bearer token wins over user and password; what the Secret
 * leaves out is taken from the URL. For SSH the user is the URL's, else `git`; `password` is the key's.
 *
 * @throws {GitError} INVALID_AUTH with upstream's texts, INVALID_URL
 * @see fluxcd/pkg git NewAuthOptions (G-AUTH-1)
 */
export function authOptionsFor(address: string, secret: SecretData = new Map()): GitAuth {
  const url = parseGitUrl(address);
  const transport = url.protocol.slice(0, -1);
  if (transport === "ssh") return sshAuth(url, secret);
  if (transport !== "http" && transport !== "https") throw new GitError("INVALID_AUTH", `unknown transport '${transport}'`);
  return httpAuth(transport, url, secret);
}

/** @throws {GitError} INVALID_URL */
export function parseGitUrl(address: string): URL {
  if (!URL.canParse(address))
    throw new GitError("INVALID_URL", `failed to parse url '${address.replace(/\/\/[^/@]*@/, "//***@")}': invalid URL`);
  return new URL(address);
}

function httpAuth(transport: "http" | "https", url: URL, secret: SecretData): HttpAuth {
  const bearerToken = secret.get("bearerToken");
  const isBearer = bearerToken !== undefined;
  const username = (isBearer ? "" : (secret.get("username") ?? "")) || decodeURIComponent(url.username);
  const password = (isBearer ? "" : (secret.get("password") ?? "")) || decodeURIComponent(url.password);
  if (username === "" && password !== "") {
    throw new GitError("INVALID_AUTH", `invalid '${transport}' auth option: 'password' requires 'username' to be set`);
  }
  return {
    transport,
    ...present({ username, password, bearerToken, ca: secret.get("ca.crt") || secret.get("caFile") }),
    ...present({ clientCert: secret.get("tls.crt"), clientKey: secret.get("tls.key") }),
  };
}

function sshAuth(url: URL, secret: SecretData): SshAuth {
  const missing = (what: string): GitError => new GitError("INVALID_AUTH", `invalid 'ssh' auth option: '${what}' is required`);
  const identity = secret.get("identity") ?? "";
  const knownHosts = secret.get("known_hosts") ?? "";
  if (url.host === "") throw missing("host");
  if (identity === "") throw missing("identity");
  if (knownHosts === "") throw missing("known_hosts");
  const username = decodeURIComponent(url.username) || "git";
  return { transport: "ssh", host: url.host, username, identity, knownHosts, ...present({ password: secret.get("password") }) };
}

function present<K extends string>(fields: Readonly<Record<K, string | undefined>>): Partial<Record<K, string>> {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== "");
  // The keys are those of `fields`.
  return Object.fromEntries(kept) as Partial<Record<K, string>>;
}
