// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { nodeFileSystem } from "@flux-ts/cli";
import type { RemoteSource } from "@flux-ts/kustomize";
import { confineFileSystem, parseRepository } from "@flux-ts/kustomize";

const maxFileBytes = 32 * 1024 * 1024;
const timeoutMs = 120_000;

/** Fetches remote files over HTTP and clones repositories with the user's own git, as kustomize does. */
export class LocalRemoteSource implements RemoteSource, Disposable {
  #folder: string | undefined;

  /** @throws {Error} with kustomize's texts */
  async readFile(address: string): Promise<Uint8Array> {
    const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
      throw new Error(`Get "${address}": ${reasonOf(error)}`, { cause: error });
    });
    const isPage = response.headers.get("content-type")?.startsWith("text/html") ?? false;
    if (response.ok && !isPage) return readLimited(response, address);
    await response.body?.cancel();
    if (parseRepository(address) !== undefined) throw new Error("URL is a git repository");
    throw new Error(response.ok ? `${address} is a web page` : `HTTP Error: status code ${response.status} (${response.statusText})`);
  }

  async openRepository(address: string): Promise<Awaited<ReturnType<RemoteSource["openRepository"]>>> {
    const repository = parseRepository(address);
    if (repository === undefined) throw new Error(`'${address}' is no address of a repository`);
    this.#folder ??= realpathSync(mkdtempSync(join(tmpdir(), "kustomize-")));
    const root = mkdtempSync(join(this.#folder, "clone-"));
    await git(root, "init", "--quiet");
    await git(root, "fetch", "--quiet", "--depth=1", "--", repository.clone, repository.ref === "" ? "HEAD" : repository.ref);
    await git(root, "checkout", "--quiet", "FETCH_HEAD");
    await git(root, "submodule", "--quiet", "update", "--init", "--recursive", "--depth=1");
    return { fs: confineFileSystem(nodeFileSystem(), root), root };
  }

  [Symbol.dispose](): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function readLimited(response: Response, address: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > maxFileBytes) throw new Error(`'${address}' has more than ${maxFileBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Only what git may speak to a server is allowed: an address never starts a program. */
async function git(folder: string, ...args: string[]): Promise<void> {
  const allowed = ["http", "https", "ssh", "git", "file"].flatMap((protocol) => ["-c", `protocol.${protocol}.allow=always`]);
  try {
    await promisify(execFile)("git", ["-c", "protocol.allow=never", ...allowed, ...args], {
      cwd: folder,
      timeout: timeoutMs,
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
    });
  } catch (error) {
    const { stderr = "", message } = error as Error & { readonly stderr?: string };
    throw new Error(`failed to run 'git ${args.join(" ")}': ${stderr.trim() || message}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
