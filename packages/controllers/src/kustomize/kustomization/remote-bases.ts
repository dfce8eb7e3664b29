// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import { parseRepository } from "@flux-ts/kustomize";
import type { FileTree } from "@flux-ts/toolkit/artifact";
import { authOptionsFor, deadline, type GitClient, type GitRef } from "@flux-ts/toolkit/git";
import { describeRequest, discard, readBody, type HttpClient } from "@flux-ts/toolkit/http";

/** What is fetched for a build, by address: plain data. */
export interface RemoteContent {
  readonly files: ReadonlyMap<string, Fetched<Uint8Array>>;
  readonly repositories: ReadonlyMap<string, Fetched<FileTree>>;
}

/** What came, or why nothing did. */
export type Fetched<T> = { readonly value: T } | { readonly problem: string };

/** What a build lacks. */
export interface Missing {
  readonly kind: "file" | "repository";
  readonly address: string;
}

export interface RemoteBasesOptions {
  readonly git: GitClient;
  readonly http: HttpClient;
  readonly clock: Clock;
}

/** Of one build. */
const MAX_ADDRESSES = 100;
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_REPOSITORY_BYTES = 128 * 1024 * 1024;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
const MAX_REDIRECTS = 10;
/** Of one address. */
const TIMEOUT_MS = 60_000;

/**
 * Fetches what kustomization files name by an address, over http and https only: an address is written by a tenant, and
 * reaches no file, no program and no credential of ours.
 *
 * @see spec G-KUS-4
 */
export class RemoteBases {
  readonly #options: RemoteBasesOptions;
  readonly #files = new Map<string, Fetched<Uint8Array>>();
  readonly #repositories = new Map<string, Fetched<FileTree>>();
  #bytes = 0;

  constructor(options: RemoteBasesOptions) {
    this.#options = options;
  }

  get content(): RemoteContent {
    return { files: this.#files, repositories: this.#repositories };
  }

  /** About how many bytes the build reads more for it. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /**
   * Fetches what a build lacks. That it cannot be had is told by the build, which may do without it.
   * @throws {Error} when the build asks for too much; the signal's reason
   */
  async fetch({ kind, address }: Missing, signal: AbortSignal): Promise<void> {
    if (this.#files.size + this.#repositories.size >= MAX_ADDRESSES) {
      throw new Error(`the build asks for more than ${MAX_ADDRESSES} remote addresses`);
    }
    using limit = deadline(this.#options.clock, TIMEOUT_MS, signal);
    if (kind === "file") this.#files.set(address, await attempt(() => this.#readFile(address, limit.signal), signal));
    else this.#repositories.set(address, await attempt(() => this.#readRepository(address, limit.signal), signal));
    if (this.#bytes > MAX_TOTAL_BYTES) throw new Error(`the remote bases of the build have more than ${MAX_TOTAL_BYTES} bytes`);
  }

  async #readFile(address: string, signal: AbortSignal): Promise<Uint8Array> {
    const { url, authorization } = splitCredentials(address);
    const headers = authorization === undefined ? {} : { authorization };
    const response = await this.#options.http.request({ url, headers, signal, maxRedirects: MAX_REDIRECTS });
    const isPage = response.headers["content-type"]?.startsWith("text/html") === true;
    if (response.status === 200 && !isPage) {
      const content = await readBody(response, MAX_FILE_BYTES);
      this.#bytes += content.length;
      return content;
    }
    await discard(response);
    // An address that is both is tried as a repository next.
    if (parseRepository(address) !== undefined) throw new Error("URL is a git repository");
    throw new Error(response.status === 200 ? `${describeRequest({ url })}: is a web page` : `HTTP Error: status code ${response.status}`);
  }

  async #readRepository(address: string, signal: AbortSignal): Promise<FileTree> {
    const repository = parseRepository(address);
    if (repository === undefined || !/^https?:\/\//i.test(repository.clone)) {
      throw new Error("only http and https addresses of repositories can be fetched here");
    }
    // Before the last at sign are user and password; the git client wants them apart.
    const remote = { url: splitCredentials(repository.clone).url, auth: authOptionsFor(repository.clone) };
    let problem: unknown;
    for (const ref of candidates(repository.ref)) {
      try {
        const result = await this.#options.git.checkout(remote, ref, { signal, recurseSubmodules: true });
        if (result.kind !== "checkout") throw new Error("the repository is empty");
        await using checkout = result.checkout;
        const tree = await checkout.load(() => false, MAX_REPOSITORY_BYTES);
        for (const content of tree.files.values()) this.#bytes += content.length;
        return tree;
      } catch (error) {
        signal.throwIfAborted();
        problem ??= error;
      }
    }
    throw problem;
  }
}

/** What `ref` may be: a commit, a branch, a tag, or the whole name of a reference. */
function candidates(ref: string): readonly GitRef[] {
  if (ref === "") return [{ name: "HEAD" }];
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(ref)) return [{ commit: ref }];
  if (ref.startsWith("refs/")) return [{ name: ref }];
  return [{ name: `refs/heads/${ref}` }, { name: `refs/tags/${ref}` }];
}

function splitCredentials(address: string): { readonly url: string; readonly authorization: string | undefined } {
  if (!URL.canParse(address)) throw new Error("the URL is invalid");
  const url = new URL(address);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  if (username === "" && password === "") return { url: url.href, authorization: undefined };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

async function attempt<T>(work: () => Promise<T>, signal: AbortSignal): Promise<Fetched<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    signal.throwIfAborted();
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
