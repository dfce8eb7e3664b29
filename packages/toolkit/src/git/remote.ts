// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { ProxyOptions } from "../http/http-client.ts";
import type { GitAuth } from "./auth-options.ts";
import { GitError } from "./git-error.ts";
import { parseGitUrl } from "./auth-options.ts";

/** A repository elsewhere, and how to get there. */
export interface GitRemote {
  /** `http://`, `https://` or `ssh://`; nothing else is ever passed on to git. */
  readonly url: string;
  readonly auth: GitAuth;
  /** For HTTP only. */
  readonly proxy?: ProxyOptions;
}

/**
 * Checks a remote before anything is done with it.
 *
 * @returns the URL without credentials
 * @throws {GitError} INVALID_URL, INVALID_AUTH
 */
export function checkRemote({ url, auth }: GitRemote): URL {
  const parsed = parseGitUrl(url);
  if (!["http:", "https:", "ssh:"].includes(parsed.protocol)) {
    throw new GitError("INVALID_URL", `unsupported URL scheme '${parsed.protocol.slice(0, -1)}': only http, https and ssh are`);
  }
  // A host that begins with a dash would be an option to ssh; control characters end lines in what we send.
  const hasControl = Array.from(url).some((char) => char.charCodeAt(0) < 0x20 || char.charCodeAt(0) === 0x7f);
  if (parsed.hostname === "" || parsed.hostname.startsWith("-") || decodeURIComponent(parsed.username).startsWith("-") || hasControl) {
    throw new GitError("INVALID_URL", "the URL has an invalid host, user or character");
  }
  if (auth.transport !== "ssh" && auth.bearerToken !== undefined && (auth.username !== undefined || auth.password !== undefined)) {
    throw new GitError("INVALID_AUTH", "basic auth and bearer token cannot be set at the same time");
  }
  if (parsed.protocol !== "ssh:") parsed.username = "";
  parsed.password = "";
  return parsed;
}

/** The value of the Authorization header, if there is one. */
export function authorizationOf(auth: GitAuth): string | undefined {
  if (auth.transport === "ssh") return undefined;
  if (auth.bearerToken !== undefined) return `Bearer ${auth.bearerToken}`;
  if (auth.username === undefined && auth.password === undefined) return undefined;
  return `Basic ${Buffer.from(`${auth.username ?? ""}:${auth.password ?? ""}`).toString("base64")}`;
}

/** A name for everything that tells one remote from another, credentials included. */
export function remoteKey(remote: GitRemote): string {
  return createHash("sha256")
    .update(JSON.stringify([remote.url, Object.entries(remote.auth).sort(([a], [b]) => (a < b ? -1 : 1)), remote.proxy ?? null]))
    .digest("hex");
}
