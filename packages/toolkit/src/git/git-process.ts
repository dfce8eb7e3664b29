// SPDX-License-Identifier: Apache-2.0
import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { GitError } from "./git-error.ts";

/** A git process that runs. It leads its own process group, so that its helpers die with it. */
export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it has ended well. @throws {GitError} GIT_FAILED with what it wrote to stderr; the signal's reason */
  readonly ended: Promise<void>;
  kill(): void;
}

export interface GitProcessOptions {
  /** The whole environment: nothing of ours is handed down. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /**
   * The size of a file that it and its helpers may write, in bytes: the kernel stops them there. Such a process also gets no more than
   * 4 GiB of addresses, where the system has a limit for that. Not on Windows.
   */
  readonly maxFileBytes?: number;
}

const maxErrorBytes = 64 * 1024;

/** Settings that hold for every process, whatever a repository says of itself. */
const hardening = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.alternateRefsCommand=",
  "credential.helper=",
  "protocol.allow=never",
  "protocol.http.allow=always",
  "protocol.https.allow=always",
  "protocol.ssh.allow=always",
  "transfer.bundleURI=false",
  "fetch.recurseSubmodules=false",
  "submodule.recurse=false",
  "gc.auto=0",
  "maintenance.auto=false",
  // What comes is one pack, however few objects it has: a limit of a file's size is then a limit of all that comes.
  "fetch.unpackLimit=1",
  // Large blobs pass through without being held in memory, and packs are not mapped whole.
  "core.bigFileThreshold=32m",
  "core.packedGitWindowSize=32m",
  "core.packedGitLimit=512m",
];

const maxAddressKiB = 4 * 1024 * 1024;

/**
 * `ulimit -f` counts in blocks of 512 bytes. Where a limit is below this already it stays. The signal of who writes more is ignored, so that
 * git gets an error instead, which it tells.
 */
const limited = 'trap "" XFSZ; ulimit -f "$1" 2>/dev/null; ulimit -v "$2" 2>/dev/null; shift 2; exec git "$@"';

/** The program and its arguments. */
function commandOf(args: readonly string[], maxFileBytes: number | undefined): readonly [string, readonly string[]] {
  if (maxFileBytes === undefined || process.platform === "win32") return ["git", args];
  return ["/bin/sh", ["-c", limited, "git", String(Math.ceil(maxFileBytes / 512)), String(maxAddressKiB), ...args]];
}

/** Starts git. `args` begin with the command; values that users wrote must stand after `--end-of-options`. */
export function startGit(gitDir: string, args: readonly string[], { env, signal, maxFileBytes }: GitProcessOptions): GitProcess {
  signal?.throwIfAborted();
  const settings = hardening.flatMap((setting) => ["-c", setting]);
  const [program, words] = commandOf([`--git-dir=${gitDir}`, ...settings, ...args], maxFileBytes);
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, words, {
    stdio: ["pipe", "pipe", "pipe"],
    env,
    cwd: gitDir,
    detached: true,
  });
  const kill = (): void => killGroup(child.pid);
  signal?.addEventListener("abort", kill, { once: true });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (errors.length < maxErrorBytes) errors += text;
  });
  // Writing to a process that has ended is told by its end.
  child.stdin.on("error", () => undefined);
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(new GitError("GIT_FAILED", `cannot run git: ${error.message}`, { cause: error })));
    child.once("close", (code) => {
      signal?.removeEventListener("abort", kill);
      if (signal?.aborted === true) reject(signal.reason as Error);
      else if (code === 0) resolve();
      else reject(new GitError("GIT_FAILED", errors.trim() || `git ${args[0] ?? ""} ended with code ${String(code)}`));
    });
  });
  // Whoever does not wait for the end is not to bring the process down with it.
  ended.catch(() => undefined);
  return { stdin: child.stdin, stdout: child.stdout, ended, kill };
}

/** Runs git to its end and returns what it prints. @throws {GitError} GIT_FAILED; TOO_LARGE; the signal's reason */
export async function runGit(
  gitDir: string,
  args: readonly string[],
  options: GitProcessOptions & { readonly maxOutputBytes: number },
): Promise<Buffer> {
  const git = startGit(gitDir, args, options);
  git.stdin.end();
  const chunks: Buffer[] = [];
  let size = 0;
  // A stream without an encoding gives buffers.
  for await (const chunk of git.stdout as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > options.maxOutputBytes) {
      git.kill();
      throw new GitError("TOO_LARGE", `git ${args[0] ?? ""} printed more than ${options.maxOutputBytes} bytes`);
    }
    chunks.push(chunk);
  }
  await git.ended;
  return Buffer.concat(chunks);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
