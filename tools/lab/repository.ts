// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, watch } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { GitServer } from "@flux-ts/testbed/git-server";
import { createGitServer } from "@flux-ts/testbed/git-server";

const run = promisify(execFile);

/** A repository that is served over smart HTTP on loopback. */
export interface ServedRepository {
  readonly url: string;
  readonly branch: string;
  /** Where a person edits and commits. */
  readonly workTree: string;
  /** Whether a commit must be pushed to arrive. */
  readonly needsPush: boolean;
  /** Calls back soon after a new commit. */
  onChange(callback: () => void): void;
  close(): Promise<void>;
}

async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, ...args], { env: { ...process.env, GIT_TERMINAL_PROMPT: "0" } });
  return stdout.trim();
}

/** The sample fleet in a bare repository, and a clone of it to work in; pushing needs the credential that the clone holds. */
export async function serveSampleFleet(folder: string, sample: string): Promise<ServedRepository> {
  const secret = randomBytes(18).toString("base64url");
  const server = await createGitServer({ folder: join(folder, "server"), pushCredential: { username: "lab", password: secret } });
  const repository = server.repository("fleet", readTree(sample));
  const workTree = join(folder, "fleet");
  const pushUrl = repository.url.replace("://", `://lab:${secret}@`);
  if (existsSync(workTree)) {
    // A kept lab: the server has another port and the credential is new each time.
    await git(workTree, "remote", "set-url", "origin", pushUrl);
  } else {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await git(folder, "clone", "--quiet", pushUrl, "fleet");
    await git(workTree, "config", "user.name", "You");
    await git(workTree, "config", "user.email", "you@example.com");
  }
  return {
    url: repository.url,
    branch: "main",
    workTree,
    needsPush: true,
    onChange: (callback) => watchRefs(join(folder, "server", "fleet.git"), callback),
    close: () => closeServer(server),
  };
}

/** A repository of the user's own, served as it is and never written to. @throws {Error} when it is none */
export async function serveOwnRepository(folder: string, branch: string | undefined): Promise<ServedRepository> {
  const gitFolder = await git(folder, "rev-parse", "--absolute-git-dir").catch(() => {
    throw new Error(`Cannot serve ${folder}: it is not a git repository. Give the folder of one with --repo`);
  });
  const head = branch ?? (await git(folder, "symbolic-ref", "--short", "HEAD").catch(() => ""));
  if (head === "") throw new Error(`Cannot tell which branch of ${folder} to follow: none is checked out. Name one with --branch`);
  await git(folder, "rev-parse", "--verify", "--quiet", `refs/heads/${head}`).catch(() => {
    throw new Error(`Cannot follow branch ${head} of ${folder}: it has no commit. Commit something, or name another branch with --branch`);
  });
  const server = await createGitServer();
  const url = server.serveFolder("repository", gitFolder);
  return {
    url,
    branch: head,
    workTree: folder,
    needsPush: false,
    onChange: (callback) => watchRefs(gitFolder, callback),
    close: () => closeServer(server),
  };
}

function closeServer(server: GitServer): Promise<void> {
  return Promise.resolve(server[Symbol.asyncDispose]());
}

/** References are files; one or two writes make one commit, so wait for quiet. */
function watchRefs(gitFolder: string, callback: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(callback, 50);
  };
  for (const path of [join(gitFolder, "refs", "heads"), gitFolder]) {
    if (existsSync(path)) watch(path, { persistent: false }, changed).on("error", () => undefined);
  }
}

function readTree(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  const visit = (path: string): void => {
    for (const name of readdirSync(path)) {
      const child = join(path, name);
      if (statSync(child).isDirectory()) visit(child);
      else files[relative(folder, child).replaceAll("\\", "/")] = readFileSync(child, "utf8");
    }
  };
  visit(folder);
  return files;
}
