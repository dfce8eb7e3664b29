// SPDX-License-Identifier: Apache-2.0
import type { FileSystem } from "./file-system.ts";

/** Reads what a kustomization names by an address. Both may throw; a message of theirs ends up in the build's error. */
export interface RemotePort {
  /** The content of `http://` and `https://` addresses of files. */
  readFile(address: string): Uint8Array | string;
  /** A clone of a git repository, at the ref of the address: a file system, and the folder of the clone in it. */
  openRepository(address: string): { readonly fs: FileSystem; readonly root: string };
}

/** What an address of a git repository says. */
export interface RepositoryAddress {
  /** What to clone. */
  readonly clone: string;
  /** Branch, tag or commit; empty for the default branch. */
  readonly ref: string;
  /** The folder inside; empty for the root. */
  readonly path: string;
}

export function isRemoteFile(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

const hosts = /^(?:(?:git::)?(?:https?|ssh|git|file):\/\/|(?:git::)?[A-Za-z0-9._-]+@[^/:]+[:/]|github\.com[:/]|git@)/i;

/**
 * Reads `https://github.com/org/repo//folder?ref=v1`, `github.com/org/repo/folder?ref=v1`, `git@host:org/repo.git//folder` …;
 * undefined for what is no address of a repository.
 *
 * @see kustomize internal/git, NewRepoSpecFromURL
 */
export function parseRepository(address: string): RepositoryAddress | undefined {
  if (address.startsWith("/") || address.startsWith(".") || !hosts.test(address)) return undefined;
  const [target, query] = split(address, "?");
  const parameters = new Map(query.split("&").map((pair) => split(pair, "=")));
  const ref = parameters.get("ref") ?? parameters.get("version") ?? "";
  const plain = target.replace(/^git::/i, "");
  const scheme = /^[a-z]+:\/\//i.exec(plain)?.[0] ?? "";
  const rest = plain.slice(scheme.length);
  const double = rest.indexOf("//");
  if (double >= 0) return { clone: scheme + rest.slice(0, double), ref, path: rest.slice(double + 2) };
  const suffix = /^(.*?\.git)(?:\/(.*))?$/.exec(rest);
  if (suffix !== null) return { clone: scheme + (suffix[1] ?? ""), ref, path: suffix[2] ?? "" };
  const separator = /^[^/]*@[^/]*:/.test(rest) ? ":" : "/";
  const [host, repository] = split(rest, separator);
  const parts = repository.split("/");
  if (host === "" || parts.length < 2 || parts.slice(0, 2).includes("")) return undefined;
  const base = scheme === "" && separator === "/" ? "https://" : scheme;
  return { clone: `${base}${host}${separator}${parts.slice(0, 2).join("/")}`, ref, path: parts.slice(2).join("/") };
}

function split(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + separator.length)];
}
