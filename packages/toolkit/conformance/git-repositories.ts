// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GitServer, TestRepository } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";
import type { Run } from "@flux-ts/testbed/call-cases";
import type { Result } from "@flux-ts/testbed/call-expressions";

const ok = (value: unknown): Result => ({ values: [value] });

/** A hash as Go has it. */
export interface Hash {
  String(): string;
}

export const hash = (id: string): Hash => ({ String: () => id });

/** What a name or hash of the corpus says. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const named = value as Partial<Hash> | null | undefined;
  return named?.String?.() ?? "";
}

/** A repository with a work tree, as the tests of go-git use one; what is committed is on the server at once. */
export class WorkRepository {
  readonly #repository: TestRepository;
  readonly #changed = new Map<string, string>();
  #branch: string;

  constructor(repository: TestRepository, branch: string) {
    this.#repository = repository;
    this.#branch = branch;
  }

  Worktree(): Result {
    return ok({ Filesystem: { create: (path: string) => new WorkFile(path, this.#changed) }, repository: this });
  }

  Head(): Result {
    return ok({ Hash: () => hash(this.#repository.require(this.#branch)) });
  }

  readonly Storer = { set: (name: string, id: string): void => this.#repository.ref(name, id) };

  commit(message: string): Hash {
    const id = this.#repository.commit(Object.fromEntries(this.#changed), { branch: this.#branch, message });
    this.#changed.clear();
    return hash(id);
  }

  checkout(reference: string, create: boolean): void {
    const branch = reference.replace(/^refs\/heads\//, "");
    if (create) this.#repository.branch(branch, this.#branch);
    this.#branch = branch;
  }

  tag(name: string, commit: string, message: string | undefined): Hash {
    return hash(this.#repository.tag(name, { at: commit, ...(message === undefined ? {} : { message }) }));
  }
}

/** A file that is written, and part of the next commit once closed. */
export class WorkFile {
  readonly #path: string;
  readonly #changed: Map<string, string>;
  #content = "";

  constructor(path: string, changed: Map<string, string>) {
    this.#path = path;
    this.#changed = changed;
  }

  write(content: string): number {
    this.#content += content;
    return content.length;
  }

  close(): void {
    this.#changed.set(this.#path, this.#content);
  }
}

/** The git server of a case, started when it is first needed. */
export class CaseServer {
  readonly #run: Run;
  #server: GitServer | undefined;
  #count = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  async start(): Promise<GitServer> {
    if (this.#server !== undefined) return this.#server;
    const server = await createGitServer({ defaultBranch: "master" });
    this.#run.cleanup.push(async () => server[Symbol.asyncDispose]());
    this.#server = server;
    return server;
  }

  /** An empty repository, and its address. */
  async create(): Promise<{ readonly work: WorkRepository; readonly url: string }> {
    const repository = (await this.start()).repository(`repository-${++this.#count}`);
    return { work: new WorkRepository(repository, "master"), url: repository.url };
  }

  /** A repository out of a folder of fixtures. */
  async createFrom(folder: string, branch: string, name: string): Promise<void> {
    const files = Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));
    (await this.start()).repository(name.replace(/\.git$/, "")).commit(files, { branch });
  }

  /** A clone to work in: what is pushed from it is on the server already. */
  async clone(url: string): Promise<WorkRepository> {
    const server = await this.start();
    return new WorkRepository(server.repository(url.slice(server.url.length + 1).replace(/\.git$/, "")), "master");
  }
}
