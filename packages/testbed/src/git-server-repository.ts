// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Signature, TreeEntry } from "./git-server-objects.ts";
import { ObjectWriter } from "./git-server-objects.ts";

/** What a path holds: text, bytes, an executable, a symlink, a submodule's commit, or nothing any more. */
export type GitFile =
  | string
  | Uint8Array
  | { readonly executable: string | Uint8Array }
  | { readonly symlink: string }
  | { readonly submodule: string }
  | null;

/** Paths from the root of the repository, with slashes. */
export type GitFiles = Readonly<Record<string, GitFile>>;

export interface CommitOptions {
  /** Default: the repository's default branch. */
  readonly branch?: string;
  /** Where a new branch starts: a branch, tag or id. Default: the branch itself, if it exists. */
  readonly from?: string;
  readonly message?: string;
  /** Seconds since 1970. Default: one minute after the commit before, from 2026-01-01 on. */
  readonly date?: number;
  /** Forget the parent's files and history: an orphan commit (a force push, when the branch exists). */
  readonly orphan?: boolean;
}

export interface TagOptions {
  /** A branch, tag or id. Default: the default branch. */
  readonly at?: string;
  /** Makes it an annotated tag. */
  readonly message?: string;
  readonly date?: number;
}

const firstDate = Date.UTC(2026, 0, 1) / 1000;
const fullId = /^[0-9a-f]{40}$/;

/** A bare repository that tests write into, without a process, and that any git client reads. */
export class TestRepository {
  /** `https://127.0.0.1:1234/app.git` */
  readonly url: string;
  readonly name: string;
  /** The bare repository on disk. */
  readonly folder: string;
  readonly defaultBranch: string;
  readonly #objects: ObjectWriter;
  readonly #files = new Map<string, ReadonlyMap<string, TreeEntry>>();
  #writes = 0;

  constructor(options: { readonly url: string; readonly name: string; readonly folder: string; readonly defaultBranch: string }) {
    this.url = options.url;
    this.name = options.name;
    this.folder = options.folder;
    this.defaultBranch = options.defaultBranch;
    this.#objects = new ObjectWriter(options.folder);
    if (!existsSync(join(this.folder, "HEAD"))) initialise(this.folder, this.defaultBranch);
  }

  /** Commits on top of a branch: `files` are added to what is there; `null` removes. Returns the full id. */
  commit(files: GitFiles, options: CommitOptions = {}): string {
    const branch = options.branch ?? this.defaultBranch;
    const head = this.resolve(`refs/heads/${branch}`);
    const parent = options.orphan === true ? undefined : options.from === undefined ? head : this.require(options.from);
    const entries = new Map(parent === undefined ? [] : this.#entriesOf(parent));
    for (const [path, file] of Object.entries(files)) {
      if (file === null) entries.delete(path);
      else entries.set(path, this.#writeFile(file));
    }
    const number = this.#writes++;
    const id = this.#objects.writeCommit({
      tree: this.#objects.writeTree(entries),
      parents: parent === undefined ? [] : [parent],
      author: this.#signature(options.date, number),
      message: options.message ?? `commit ${number + 1}`,
    });
    this.#files.set(id, entries);
    this.ref(`refs/heads/${branch}`, id);
    return id;
  }

  /** Returns what the ref holds: the tag object's id when annotated, the commit's otherwise. An existing tag moves. */
  tag(name: string, options: TagOptions = {}): string {
    const commit = this.require(options.at ?? this.defaultBranch);
    const id =
      options.message === undefined
        ? commit
        : this.#objects.writeTag({ name, object: commit, tagger: this.#signature(options.date, this.#writes++), message: options.message });
    this.ref(`refs/tags/${name}`, id);
    return id;
  }

  /** Creates or moves a branch. */
  branch(name: string, at: string): string {
    const id = this.require(at);
    this.ref(`refs/heads/${name}`, id);
    return id;
  }

  /** Sets any reference (`refs/pull/1/head`), or removes it. */
  ref(name: string, id: string | null): void {
    const path = join(this.folder, name);
    if (id === null) {
      rmSync(path, { force: true });
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${id}\n`);
  }

  /** The id a full reference, branch, tag or id stands for. */
  resolve(name: string): string | undefined {
    if (fullId.test(name)) return name;
    for (const ref of name.startsWith("refs/") ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`]) {
      const path = join(this.folder, ref);
      if (existsSync(path)) return readFileSync(path, "utf8").trim();
    }
    return undefined;
  }

  /** @throws {Error} when there is no such reference */
  require(name: string): string {
    const id = this.resolve(name);
    if (id === undefined) throw new Error(`Cannot find "${name}" in repository ${this.name}: no such branch, tag or reference`);
    return id;
  }

  /** The text of a file, as of a branch, tag or id; undefined when it is not there. Also sees what was pushed. */
  read(path: string, at = this.defaultBranch): string | undefined {
    const entry = this.#entriesOf(this.require(at)).get(path);
    return entry === undefined ? undefined : this.git("cat-file", "blob", entry.id);
  }

  /** All paths, as of a branch, tag or id. */
  paths(at = this.defaultBranch): string[] {
    return [...this.#entriesOf(this.require(at)).keys()];
  }

  /** Runs git on the repository and returns what it prints. */
  git(...args: string[]): string {
    return execFileSync("git", ["--git-dir", this.folder, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", HOME: "/nonexistent" },
    });
  }

  /** Writes any object, also one that git would refuse, and returns its id. */
  object(type: "blob" | "tree" | "commit" | "tag", content: Uint8Array): string {
    return this.#objects.write(type, content);
  }

  #entriesOf(commit: string): ReadonlyMap<string, TreeEntry> {
    const known = this.#files.get(commit);
    if (known !== undefined) return known;
    const entries = new Map<string, TreeEntry>();
    for (const line of this.git("ls-tree", "-r", "-z", commit).split("\0")) {
      const match = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line);
      if (match) entries.set(match[3] ?? "", { mode: match[1] ?? "", id: match[2] ?? "" });
    }
    this.#files.set(commit, entries);
    return entries;
  }

  #writeFile(file: Exclude<GitFile, null>): TreeEntry {
    if (typeof file === "string") return { mode: "100644", id: this.#objects.write("blob", Buffer.from(file)) };
    if (file instanceof Uint8Array) return { mode: "100644", id: this.#objects.write("blob", file) };
    if ("executable" in file) return { mode: "100755", id: this.#objects.write("blob", Buffer.from(file.executable)) };
    if ("symlink" in file) return { mode: "120000", id: this.#objects.write("blob", Buffer.from(file.symlink)) };
    return { mode: "160000", id: file.submodule };
  }

  #signature(date: number | undefined, number: number): Signature {
    return { name: "Test", email: "test@example.com", date: date ?? firstDate + number * 60 };
  }
}

function initialise(folder: string, defaultBranch: string): void {
  for (const name of ["objects/pack", "objects/info", "refs/heads", "refs/tags"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "HEAD"), `ref: refs/heads/${defaultBranch}\n`);
  const config = ["[core]", "repositoryformatversion = 0", "bare = true", "[uploadpack]", "allowFilter = true", "[gc]", "auto = 0", ""];
  writeFileSync(join(folder, "config"), config.join("\n"));
}
