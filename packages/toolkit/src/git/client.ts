// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import type { HttpClient, TlsOptions } from "../http/http-client.ts";
import { createHttpClient } from "../http/http-client.ts";
import { checkoutCommit } from "./checkout-commit.ts";
import { GitError } from "./git-error.ts";
import type { EnvironmentOptions } from "./git-environment.ts";
import type { KnownServers, RefListing } from "./list-refs.ts";
import { listRefsOverHttp, listRefsOverSsh } from "./list-refs.ts";
import { Mirrors } from "./mirrors.ts";
import type { GitRemote } from "./remote.ts";
import { checkRemote } from "./remote.ts";
import { resolveTarget } from "./resolve-target.ts";
import type { GitRef, Target } from "./select-ref.ts";
import { prefixesFor, readRange, targetOf } from "./select-ref.ts";
import type { CheckoutOptions, CheckoutResult, GitSession } from "./session.ts";

export interface GitClientOptions {
  /**
   * A folder for mirrors and, for as long as a git process runs, credentials: what is made below it is removed at the end, and what
   * a process left that was killed, at the beginning of the next.
   */
  readonly folder: string;
  /** Where `git` and `ssh` are found (`PATH`). */
  readonly path: string;
  readonly sshKexAlgorithms?: readonly string[];
  readonly sshHostKeyAlgorithms?: readonly string[];
  readonly maxMirrors?: number;
  /** Of one file, in bytes. Default 128 MiB. */
  readonly maxObjectBytes?: number;
  /** What the server may send for one fetch, in bytes. Default 4 GiB. */
  readonly maxFetchBytes?: number;
}

/** Reads git repositories. */
export interface GitClient extends AsyncDisposable {
  /**
   * Finds what a reference points to and reads that commit. Polling costs one HTTP request and no process; a change costs
   * one `git fetch` and one `git cat-file`.
   *
   * @throws {GitError} with the texts of fluxcd/pkg git/gogit Clone; the signal's reason
   */
  checkout(remote: GitRemote, ref: GitRef | undefined, options: CheckoutOptions): Promise<CheckoutResult>;
}

export async function createGitClient(options: GitClientOptions): Promise<GitClient> {
  await mkdir(options.folder, { recursive: true });
  await removeAbandoned(options.folder);
  const folder = await mkdtemp(join(options.folder, `git-${process.pid}-`));
  const environment: EnvironmentOptions = {
    path: options.path,
    folder: join(folder, "private"),
    ...(options.sshKexAlgorithms === undefined ? {} : { sshKexAlgorithms: options.sshKexAlgorithms }),
    ...(options.sshHostKeyAlgorithms === undefined ? {} : { sshHostKeyAlgorithms: options.sshHostKeyAlgorithms }),
  };
  await mkdir(environment.folder, { mode: 0o700 });
  await mkdir(join(folder, "mirrors"), { mode: 0o700 });
  const mirrors = new Mirrors({
    folder: join(folder, "mirrors"),
    environment,
    ...(options.maxMirrors === undefined ? {} : { maxMirrors: options.maxMirrors }),
    ...(options.maxFetchBytes === undefined ? {} : { maxFetchBytes: options.maxFetchBytes }),
  });
  const clients = new HttpClients();
  const known: KnownServers = new LRUCache<string, Pick<RefListing, "remote" | "objectFormat">>({ max: 1000 });
  const session: GitSession = {
    mirrors,
    environment,
    maxObjectBytes: options.maxObjectBytes ?? 128 * 1024 * 1024,
    listRefs: (remote, prefixes, signal) =>
      remote.auth.transport === "ssh"
        ? listRefsOverSsh(remote, prefixes, environment.folder, environment, signal)
        : listRefsOverHttp(remote, prefixes, clients.of(remote), known, signal),
  };
  return {
    checkout: (remote, ref, checkoutOptions) => checkoutRef(session, remote, ref, checkoutOptions),
    async [Symbol.asyncDispose]() {
      await clients.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A process that was killed leaves its folder behind, credentials included. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^git-(\d+)-\w+$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** How often a reference may move between being listed and being fetched. */
const maxMoves = 3;

async function checkoutRef(
  session: GitSession,
  remote: GitRemote,
  ref: GitRef | undefined,
  options: CheckoutOptions,
): Promise<CheckoutResult> {
  checkRemote(remote);
  const target = targetOf(ref);
  if (target.kind === "semver") readRange(target.range);
  const isListing =
    target.kind === "name" || (options.observedRevision !== undefined && (target.kind === "branch" || target.kind === "tag"));
  if (isListing && "reference" in target && /^\/|\/$/.test(target.reference)) {
    throw new GitError("REFERENCE_NOT_FOUND", `ref ${target.reference} is invalid; Git refs cannot begin or end with a slash '/'`);
  }
  for (let moves = 0; ; moves++) {
    try {
      return await listAndRead(session, remote, target, isListing, options);
    } catch (error) {
      if (!(error instanceof GitError) || error.code !== "REFERENCE_MOVED" || moves >= maxMoves) throw error;
    }
  }
}

async function listAndRead(
  session: GitSession,
  remote: GitRemote,
  target: Target,
  isListing: boolean,
  options: CheckoutOptions,
): Promise<CheckoutResult> {
  const attempt = isListing ? `unable to list remote for '${remote.url}'` : `unable to clone '${remote.url}'`;
  const listing = await session.listRefs(remote, prefixesFor(target), options.signal).catch((error: unknown) => {
    throw error instanceof GitError ? error.within(attempt) : error;
  });
  const resolved = await resolveTarget(session, remote, target, listing, options);
  if (resolved.kind !== "found") return resolved;
  return { kind: "checkout", checkout: await checkoutCommit(session, listing, resolved, remote.url, options) };
}

/** One HTTP client for each set of certificates and proxy. */
class HttpClients {
  readonly #clients = new LRUCache<string, HttpClient>({ max: 64, dispose: (client) => void client[Symbol.asyncDispose]() });

  of({ auth, proxy }: GitRemote): HttpClient {
    const tls = auth.transport === "ssh" ? {} : tlsOf(auth);
    const key = createHash("sha256")
      .update(JSON.stringify([tls, proxy ?? null]))
      .digest("hex");
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = createHttpClient({ tls, userAgent: "git/2 (flux-ts)", ...(proxy === undefined ? {} : { proxy }) });
    this.#clients.set(key, client);
    return client;
  }

  async close(): Promise<void> {
    const open = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(open.map((client) => client[Symbol.asyncDispose]()));
  }
}

function tlsOf(auth: { readonly ca?: string; readonly clientCert?: string; readonly clientKey?: string }): TlsOptions {
  return {
    ...(auth.ca === undefined ? {} : { ca: auth.ca }),
    ...(auth.clientCert === undefined ? {} : { cert: auth.clientCert }),
    ...(auth.clientKey === undefined ? {} : { key: auth.clientKey }),
  };
}
