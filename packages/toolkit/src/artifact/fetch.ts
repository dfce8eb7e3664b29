// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import type { HttpClient, HttpResponse } from "../http/http-client.ts";
import { discard } from "../http/http-client.ts";
import { requestWithRetries } from "../http/retry.ts";
import { ArtifactError } from "./artifact-error.ts";
import type { ArtifactMemory } from "./artifact-memory.ts";
import { createHasher, parseDigest } from "./digest.ts";
import type { FileTree } from "./file-tree.ts";
import type { ArchiveReader, UnpackLimits } from "./untar.ts";
import { unpackTree } from "./untar.ts";

/** Where an artifact is, and what it must be: part of a source's `status.artifact`. */
export interface ArtifactLocation {
  readonly url: string;
  /** `sha256:…` */
  readonly digest: string;
}

/** How consumers get at artifacts. */
export interface Artifacts {
  /**
   * The content of an artifact, its digest verified. Taken from memory when it was made or fetched in this process; several
   * who ask for the same one share one download.
   *
   * @throws {ArtifactError} NOT_FOUND for a 404 (the source will build it anew), DIGEST_MISMATCH, INVALID_DIGEST,
   *   TOO_LARGE, INVALID_ARCHIVE, DOWNLOAD_FAILED; the signal's reason when it aborts
   * @see fluxcd/pkg http/fetch ArchiveFetcher
   */
  fetch(artifact: ArtifactLocation, signal?: AbortSignal): Promise<FileTree>;
}

export interface ArtifactsOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** `--http-retry`. Default 9. */
  readonly retries?: number;
  readonly memory?: ArtifactMemory;
  /** `host[:port]` that replaces the one of every URL (`SOURCE_CONTROLLER_LOCALHOST`). */
  readonly hostname?: string;
  /** Of the archive, in bytes. Default 256 MiB. */
  readonly maxDownloadBytes?: number;
  readonly limits?: UnpackLimits;
  /** Unpacks large archives; absent: this thread does. */
  readonly reader?: ArchiveReader;
}

/** See {@link Artifacts}. */
export function createArtifacts(options: ArtifactsOptions): Artifacts {
  const downloads = new Map<string, SharedDownload>();
  return {
    async fetch(artifact, signal) {
      signal?.throwIfAborted();
      const known = options.memory?.get(artifact.digest);
      if (known !== undefined) return known;
      const key = `${artifact.digest} ${artifact.url}`;
      let download = downloads.get(key);
      if (download === undefined) {
        download = new SharedDownload((own) => fetchTree(artifact, own, options));
        downloads.set(key, download);
        const started = download;
        const forget = (): void => {
          if (downloads.get(key) === started) downloads.delete(key);
        };
        download.ended.then(forget, forget);
        download.abandoned(forget);
      }
      return download.join(signal);
    },
  };
}

/** One download that several wait for; it is aborted when the last of them no longer does. */
class SharedDownload {
  readonly ended: Promise<FileTree>;
  readonly #controller = new AbortController();
  #waiting = 0;
  #onAbandon: () => void = () => undefined;

  constructor(start: (signal: AbortSignal) => Promise<FileTree>) {
    this.ended = start(this.#controller.signal);
  }

  abandoned(callback: () => void): void {
    this.#onAbandon = callback;
  }

  async join(signal: AbortSignal | undefined): Promise<FileTree> {
    this.#waiting++;
    let stop: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(signal?.reason as Error);
      signal?.addEventListener("abort", stop, { once: true });
    });
    try {
      return await Promise.race([this.ended, aborted]);
    } finally {
      signal?.removeEventListener("abort", stop);
      this.#waiting--;
      if (this.#waiting === 0) {
        this.#onAbandon();
        this.#controller.abort(new Error("nobody waits for this download any more"));
      }
    }
  }
}

async function fetchTree(artifact: ArtifactLocation, signal: AbortSignal, options: ArtifactsOptions): Promise<FileTree> {
  const archive = await downloadArtifact(artifact, signal, options);
  const tree = await unpackTree(archive, { ...options.limits, reader: options.reader }).catch((error: unknown) => {
    if (!(error instanceof ArtifactError)) throw error;
    throw new ArtifactError(error.code, `failed to extract archive (check whether file size exceeds max download size): ${error.message}`, {
      cause: error,
    });
  });
  options.memory?.put(artifact.digest, tree);
  return tree;
}

/** The bytes of an artifact as they are stored, its digest verified while they come. @throws {ArtifactError} as `Artifacts.fetch` does */
export async function downloadArtifact(artifact: ArtifactLocation, signal: AbortSignal, options: ArtifactsOptions): Promise<Buffer> {
  const { algorithm } = parseLocationDigest(artifact.digest);
  const url = rewriteHost(artifact.url, options.hostname);
  const response = await ask(url, signal, options);
  if (response.status === 404) {
    await discard(response);
    throw new ArtifactError("NOT_FOUND", "file not found");
  }
  if (response.status !== 200) {
    await discard(response);
    throw new ArtifactError("DOWNLOAD_FAILED", `failed to download archive from ${url} (status: ${response.status})`);
  }
  const hasher = createHasher(algorithm);
  const maxBytes = options.maxDownloadBytes ?? 256 * 1024 * 1024;
  const bytes = await download(response, maxBytes, (chunk) => hasher.update(chunk)).catch((error: unknown) => {
    if (signal.aborted || error instanceof ArtifactError) throw error;
    throw downloadFailed(error);
  });
  if (hasher.digest() === artifact.digest) return bytes;
  throw new ArtifactError(
    "DIGEST_MISMATCH",
    `failed to verify archive: computed digest doesn't match provided '${artifact.digest}' (check whether file size exceeds max download size)`,
  );
}

async function ask(url: string, signal: AbortSignal, options: ArtifactsOptions): Promise<HttpResponse> {
  try {
    return await requestWithRetries(
      options.http,
      { url, signal, maxRedirects: 10 },
      { clock: options.clock, retries: options.retries ?? 9 },
    );
  } catch (error) {
    if (signal.aborted) throw error;
    throw downloadFailed(error);
  }
}

function downloadFailed(error: unknown): ArtifactError {
  return new ArtifactError("DOWNLOAD_FAILED", `failed to download archive: ${(error as Error).message}`, { cause: error });
}

async function download(response: HttpResponse, maxBytes: number, seen: (chunk: Uint8Array) => void): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) throw new ArtifactError("TOO_LARGE", `artifact is greater than the max download size of ${maxBytes} bytes`);
    seen(chunk);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseLocationDigest(digest: string): ReturnType<typeof parseDigest> {
  if (digest === "") throw new ArtifactError("INVALID_DIGEST", "failed to verify archive: empty digest");
  try {
    return parseDigest(digest);
  } catch (error) {
    throw new ArtifactError("INVALID_DIGEST", `failed to verify archive: failed to parse digest '${digest}': ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function rewriteHost(address: string, hostname: string | undefined): string {
  if (hostname === undefined || !URL.canParse(address)) return address;
  const url = new URL(address);
  url.host = hostname;
  return url.href;
}
