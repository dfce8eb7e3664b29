// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The folder of the project, with a slash at its end. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Whether a program is in the PATH. */
export function has(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** What a program told, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `npm start`. */
export interface LabProcess {
  /** Everything it has written, both streams. */
  readonly output: string;
  readonly kubeconfig: string;
  /** Resolves with the first match in the output; rejects when it ends or the time is up before. */
  until(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** To the whole process group, as a terminal does. */
  signal(name: NodeJS.Signals): void;
  /** The exit code; the name of the signal when one ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** A place for one test: an own HOME and folder for temporary files, and everything that was started ends with it. */
export class Bench implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "smoke test "));
  readonly #mark = randomUUID();
  readonly #started: { readonly child: ChildProcess; readonly ended: Promise<unknown> }[] = [];

  constructor() {
    for (const name of ["home", "tmp"]) mkdirSync(join(this.folder, name));
  }

  environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env["PATH"],
      HOME: join(this.folder, "home"),
      TMPDIR: join(this.folder, "tmp"),
      TZ: "UTC",
      FLUX_TS_SMOKE: this.#mark,
      GIT_CONFIG_NOSYSTEM: "1",
      ...more,
    };
  }

  /** Starts `npm start -- ARGS` (or another command). */
  start(args: readonly string[], command: readonly [string, ...string[]] = [process.execPath, join(root, "tools/start.mjs")]): LabProcess {
    const [program, ...first] = command;
    const child = spawn(program, [...first, ...args], {
      cwd: root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: this.environment(),
    });
    let output = "";
    const listeners = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        for (const listener of listeners) listener();
      });
    }
    const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.on("error", reject).on("close", (code, signal) => resolve(code ?? signal ?? -1));
    });
    this.#started.push({ child, ended });
    return {
      get output() {
        return output;
      },
      get kubeconfig() {
        const path = /^kubeconfig +(.*)$/m.exec(output)?.[1];
        if (path === undefined) throw new Error(`No kubeconfig was told:\n${output}`);
        return path;
      },
      until(pattern, timeoutMs = 30_000) {
        return new Promise((resolve, reject) => {
          const done = (settle: () => void): void => {
            clearTimeout(timer);
            listeners.delete(look);
            settle();
          };
          const look = (): void => {
            const match = pattern.exec(output);
            if (match !== null) done(() => resolve(match));
          };
          const timer = setTimeout(
            () => done(() => reject(new Error(`${pattern} was not told within ${timeoutMs} ms:\n${output}`))),
            timeoutMs,
          );
          listeners.add(look);
          void ended.then(
            (how) => done(() => reject(new Error(`It ended (${how}) before it told ${pattern}:\n${output}`))),
            (error: unknown) => done(() => reject(error instanceof Error ? error : new Error(String(error)))),
          );
          look();
        });
      },
      signal: (name) => void signalGroup(child, name),
      ended,
    };
  }

  /** Runs a program to its end; does not throw when it fails. */
  async run(
    program: string,
    args: readonly string[],
    options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
  ): Promise<Ended> {
    const { cwd = this.folder, env } = options;
    try {
      const { stdout, stderr } = await execute(program, args, { cwd, env: this.environment(env), timeout: 60_000, maxBuffer: 64 << 20 });
      return { code: 0, stdout, stderr };
    } catch (error) {
      // Node adds these to the error of a child that failed.
      const { code, stdout = "", stderr = "" } = error as { code?: number | string; stdout?: string; stderr?: string };
      if (typeof code !== "number") throw error;
      return { code, stdout, stderr };
    }
  }

  /** Runs lines of a shell; throws when one fails. */
  async shell(script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run("sh", ["-euc", script], { env });
    if (code !== 0) throw new Error(`exit code ${code} of:\n${script}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Command lines of what was started here and still runs. Linux only; elsewhere nothing. */
  running(): readonly string[] {
    if (!existsSync("/proc/self/environ")) return [];
    return readdirSync("/proc").flatMap((pid) => {
      try {
        const isOurs = /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(this.#mark);
        return isOurs ? [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()].filter((line) => line !== "") : [];
      } catch {
        return []; // It has ended meanwhile, or is somebody else's.
      }
    });
  }

  /** What lies in the folder for temporary files. */
  leftovers(): readonly string[] {
    return readdirSync(join(this.folder, "tmp"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child, ended } of this.#started) {
      signalGroup(child, "SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, name);
  } catch {
    return false; // It has ended.
  }
}
