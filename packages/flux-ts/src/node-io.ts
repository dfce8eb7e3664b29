// SPDX-License-Identifier: Apache-2.0
import { writeSync } from "node:fs";
import { homedir } from "node:os";
import { createInterface } from "node:readline/promises";
import type { Io } from "@flux-ts/cli";

/** Kept here, since the whole client takes longer to load than a command that needs no cluster takes to run. */
function systemClock(): Io["clock"] {
  return {
    now: () => Date.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** 128 + SIGPIPE. */
const SIGPIPE_EXIT = 141;
const MAX_STDIN = 64 * 1024 * 1024;

/** The process as a command's surroundings. Ctrl-C aborts the signal once; a second one ends the process. */
export function nodeIo(): Io {
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort(new Error("interrupted"));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    stdout: (text) => writeAll(1, text),
    stderr: (text) => writeAll(2, text),
    stdin: readStdin,
    ask,
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    clock: systemClock(),
    terminal: { isTty: process.stdout.isTTY === true, columns: process.stdout.columns ?? 80 },
    signal: abort.signal,
  };
}

/** Synchronous, so that nothing is lost at exit; a pipe that is full or closed is waited for or left. */
function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") continue;
      // As a program that writes to a closed pipe ends: not with 0, which would tell of success.
      if (code === "EPIPE") process.exit(SIGPIPE_EXIT);
      throw error;
    }
  }
}

async function readStdin(maxBytes = MAX_STDIN): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`standard input is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once("close", () => reject(new Error(`no answer to: ${question.trim()}`)));
      terminal.question(question).then(resolve, reject);
    });
  } finally {
    terminal.close();
  }
}
