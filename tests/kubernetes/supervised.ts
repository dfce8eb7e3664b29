// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A program that ends with this process, however this one ends. */
export interface Supervised extends AsyncDisposable {
  readonly name: string;
  /** How it ended; undefined while it runs. */
  readonly exit: number | NodeJS.Signals | undefined;
  /** The end of what it has written. */
  log(): string;
}

// The shell kills the program when its own input ends, which the system sees to even when this process is killed.
const SHELL = 'exec 3<&0; "$@" 3<&- </dev/null & child=$!; (cat <&3 >/dev/null; kill -9 $child) >/dev/null 2>&1 & exec 3<&-; wait $child';
const LOG_TAIL = 4000;

/** Starts a program whose output goes to a file. */
export function supervise(name: string, program: string, args: readonly string[], logPath: string): Supervised {
  const log = openSync(logPath, "a");
  const child: ChildProcess = spawn("sh", ["-c", SHELL, name, program, ...args], { stdio: ["pipe", log, log] });
  closeSync(log);
  let exit: number | NodeJS.Signals | undefined;
  const ended = new Promise<void>((resolve) => {
    child
      .on("error", () => resolve())
      .on("exit", (code, signal) => {
        exit = code ?? signal ?? -1;
        resolve();
      });
  });
  return {
    name,
    get exit() {
      return exit;
    },
    log: () => readFileSync(logPath, "utf8").slice(-LOG_TAIL),
    async [Symbol.asyncDispose]() {
      child.stdin?.destroy();
      await ended;
    },
  };
}
