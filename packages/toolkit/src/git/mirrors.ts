// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KeyedLock } from "../artifact/keyed-lock.ts";
import type { EnvironmentOptions } from "./git-environment.ts";
import { remoteEnvironment } from "./git-environment.ts";
import { explainGitFailure } from "./explain.ts";
import { GitError } from "./git-error.ts";
import { runGit } from "./git-process.ts";
import type { GitRemote } from "./remote.ts";

/** A bare repository that holds what was fetched from one remote with one credential. Held until disposed. */
export interface Mirror extends AsyncDisposable {
  readonly folder: string;
  /** Whether something had been fetched into it before. */
  readonly isUsed: boolean;
  /** The id that a reference had when it was last fetched. */
  fetched(reference: string): Promise<string | undefined>;
  /**
   * Fetches a reference (or, with `*` at its end, all that match) by one git process.
   *
   * @param depth absent: the whole history
   */
  fetch(remote: GitRemote, reference: string, options: { readonly depth?: number; readonly signal: AbortSignal }): Promise<void>;
  /** Says that it is damaged or has grown old: it goes when nobody holds it any more. */
  discard(): void;
}

export interface MirrorsOptions {
  /** Its own folder: emptied at the beginning. */
  readonly folder: string;
  readonly environment: EnvironmentOptions;
  /** How many are kept. Default 256. */
  readonly maxMirrors?: number;
  /** After so many fetches a mirror begins anew, because nothing in it is ever collected. Default 64. */
  readonly maxFetches?: number;
  /** What one fetch may write, in bytes. Default 4 GiB. */
  readonly maxFetchBytes?: number;
}

const defaultMaxFetchBytes = 4 * 1024 ** 3;

interface Slot {
  readonly folder: string;
  holders: number;
  fetches: number;
  isDiscarded: boolean;
}

/** The mirrors of a process, the least recently used of which go first. */
export class Mirrors {
  readonly #options: MirrorsOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #lock = new KeyedLock();

  constructor(options: MirrorsOptions) {
    this.#options = options;
  }

  /** @param key tells mirrors apart: remote, credential, depth */
  async hold(key: string, objectFormat: string): Promise<Mirror> {
    const name = createHash("sha256").update(`${key} ${objectFormat}`).digest("hex").slice(0, 40);
    let slot = this.#slots.get(name);
    if (slot === undefined || slot.isDiscarded) {
      slot = { folder: join(this.#options.folder, `${name}-${this.#lock.next()}.git`), holders: 0, fetches: 0, isDiscarded: false };
    }
    const held = slot;
    held.holders++;
    this.#slots.delete(name);
    this.#slots.set(name, held);
    await this.#lock.run(held.folder, () => initialise(held.folder, objectFormat));
    await this.#evict();
    return {
      folder: held.folder,
      isUsed: held.fetches > 0,
      fetched: (reference) => readReference(held.folder, reference),
      fetch: (remote, reference, options) => this.#lock.run(held.folder, () => this.#fetch(held, remote, reference, options)),
      discard: () => void (held.isDiscarded = true),
      [Symbol.asyncDispose]: () => this.#release(name, held),
    };
  }

  async #fetch(slot: Slot, remote: GitRemote, reference: string, { depth, signal }: Parameters<Mirror["fetch"]>[2]): Promise<void> {
    await using environment = await remoteEnvironment(remote, this.#options.environment);
    const history = depth === undefined ? [] : [`--depth=${depth}`];
    const flags = ["--quiet", "--force", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head"];
    const { maxFetchBytes = defaultMaxFetchBytes } = this.#options;
    slot.fetches++;
    if (slot.fetches >= (this.#options.maxFetches ?? 64)) slot.isDiscarded = true;
    try {
      await runGit(slot.folder, ["fetch", ...flags, ...history, "--end-of-options", remote.url, `+${reference}:${localName(reference)}`], {
        env: environment.env,
        signal,
        maxOutputBytes: 1024 * 1024,
        maxFileBytes: maxFetchBytes,
      });
    } catch (error) {
      if (isFileTooLarge(error)) throw new GitError("TOO_LARGE", `the server sends more than the ${maxFetchBytes} bytes that are taken`);
      throw explainGitFailure(error);
    }
  }

  async #release(name: string, slot: Slot): Promise<void> {
    slot.holders--;
    if (slot.holders > 0 || !slot.isDiscarded) return;
    if (this.#slots.get(name) === slot) this.#slots.delete(name);
    await rm(slot.folder, { recursive: true, force: true });
  }

  async #evict(): Promise<void> {
    for (const [name, slot] of this.#slots) {
      if (this.#slots.size <= (this.#options.maxMirrors ?? 256)) return;
      if (slot.holders > 0) continue;
      this.#slots.delete(name);
      await rm(slot.folder, { recursive: true, force: true });
    }
  }
}

/** What git says when it is not let write on, see `maxFileBytes` of git-process.ts. */
function isFileTooLarge(error: unknown): boolean {
  return error instanceof GitError && error.code === "GIT_FAILED" && /File too large/.test(error.message);
}

/** Where a fetched reference is kept: what the server calls it stays below a place of our own. */
function localName(reference: string): string {
  return `refs/fetched/${reference === "HEAD" ? "HEAD" : reference.replace(/^refs\//, "")}`;
}

async function readReference(folder: string, reference: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, localName(reference)), "utf8")).trim();
  } catch {
    return undefined;
  }
}

/** A bare repository by hand: no process, no template, no hook. */
async function initialise(folder: string, objectFormat: string): Promise<void> {
  await mkdir(join(folder, "objects", "pack"), { recursive: true, mode: 0o700 });
  await mkdir(join(folder, "refs"), { recursive: true, mode: 0o700 });
  const isSha256 = objectFormat === "sha256";
  const extensions = isSha256 ? "[extensions]\n\tobjectformat = sha256\n" : "";
  await writeFile(join(folder, "config"), `[core]\n\trepositoryformatversion = ${isSha256 ? 1 : 0}\n\tbare = true\n${extensions}`);
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/none\n");
}
