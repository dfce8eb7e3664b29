// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";
import type { GitProcess } from "./git-process.ts";
import { startGit } from "./git-process.ts";

export interface GitObject {
  readonly id: string;
  readonly type: "blob" | "tree" | "commit" | "tag";
  readonly content: Buffer;
}

export interface ObjectReaderOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Of one object, in bytes. */
  readonly maxObjectBytes: number;
}

interface Waiting {
  readonly name: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads objects of a repository through one `git cat-file --batch`, in the order of asking. */
export class ObjectReader implements AsyncDisposable {
  readonly #git: GitProcess;
  readonly #maxBytes: number;
  readonly #queue: Waiting[] = [];
  #failure: unknown;

  constructor(gitDir: string, options: ObjectReaderOptions) {
    this.#git = startGit(gitDir, ["cat-file", "--batch"], options);
    this.#maxBytes = options.maxObjectBytes;
    this.#answer().then(
      () => this.#fail(new GitError("GIT_FAILED", "git cat-file ended early")),
      (error: unknown) => this.#fail(error),
    );
  }

  /** An object by its id (or any revision that holds no line end); undefined when it is not there. @throws {GitError} TOO_LARGE */
  find(name: string): Promise<GitObject | undefined> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure as Error);
    return new Promise((resolve, reject) => {
      this.#queue.push({ name, resolve, reject });
      this.#git.stdin.write(`${name}\n`);
    });
  }

  /** @throws {GitError} COMMIT_NOT_FOUND when it is not there, INVALID_TREE when it is of another type */
  async read(id: string, type: GitObject["type"]): Promise<GitObject> {
    const object = await this.find(id);
    if (object === undefined) throw new GitError("COMMIT_NOT_FOUND", "object not found");
    if (object.type !== type) throw new GitError("INVALID_TREE", `object ${id} is a ${object.type}, not a ${type}`);
    return object;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#git.stdin.end();
    this.#git.kill();
    await this.#git.ended.catch(() => undefined);
  }

  async #answer(): Promise<void> {
    let buffered: Buffer[] = [];
    let size = 0;
    let wanted: { readonly id: string; readonly type: GitObject["type"]; readonly size: number } | undefined;
    // A stream without an encoding gives buffers.
    for await (const chunk of this.#git.stdout as AsyncIterable<Buffer>) {
      buffered.push(chunk);
      size += chunk.length;
      for (;;) {
        if (wanted !== undefined && size < wanted.size + 1) break;
        const bytes: Buffer = buffered.length === 1 ? (buffered[0] ?? Buffer.alloc(0)) : Buffer.concat(buffered);
        let used: number;
        if (wanted === undefined) {
          const end = bytes.indexOf(0x0a);
          if (end < 0) {
            buffered = [bytes];
            break;
          }
          wanted = this.#readHead(bytes.toString("utf8", 0, end));
          used = end + 1;
        } else {
          this.#queue.shift()?.resolve({ id: wanted.id, type: wanted.type, content: bytes.subarray(0, wanted.size) });
          used = wanted.size + 1;
          wanted = undefined;
        }
        buffered = [bytes.subarray(used)];
        size = bytes.length - used;
      }
    }
    await this.#git.ended;
  }

  /** `<id> <type> <size>`, or `<name> missing`, which is an answer already. */
  #readHead(line: string): { readonly id: string; readonly type: GitObject["type"]; readonly size: number } | undefined {
    const match = /^([0-9a-f]+) (blob|tree|commit|tag) (\d+)$/.exec(line);
    if (match === null) {
      this.#queue.shift()?.resolve(undefined);
      return undefined;
    }
    const [, id = "", type = "", digits = ""] = match;
    const size = Number(digits);
    if (size > this.#maxBytes) {
      this.#git.kill();
      throw new GitError("TOO_LARGE", `object ${id} has ${digits} bytes, more than the ${this.#maxBytes} that are read`);
    }
    // The pattern lets only these through.
    return { id, type: type as GitObject["type"], size };
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#queue.splice(0)) reject(this.#failure);
  }
}
