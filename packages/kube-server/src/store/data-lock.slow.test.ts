// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { lockFolder } from "./data-lock.ts";

/** A process that takes a folder, says what came of it, and holds it until its input ends. */
class Taker {
  readonly #process: ChildProcess;
  #text = "";
  #wake = (): void => {};

  constructor(script: string, folder: string, barrier: string) {
    this.#process = spawn(process.execPath, ["--conditions=source", "--import", "tsx", script, folder, barrier], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#process.stdout?.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString();
      this.#wake();
    });
  }

  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#text)?.[0];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.stdin?.end();
    await ended;
  }
}

test("belongs to one process at a time, also when many take a folder at once that a killed one left behind", async () => {
  const script = fileURLToPath(new URL("./fixtures/take-and-hold.ts", import.meta.url));
  for (const left of [undefined, "", JSON.stringify({ pid: 2 ** 22 - 1, started: "1" })]) {
    const folder = mkdtempSync(join(tmpdir(), "lock-"));
    if (left !== undefined) writeFileSync(join(folder, "lock"), left);
    const barrier = join(folder, "barrier");
    const takers = Array.from({ length: 6 }, () => new Taker(script, folder, barrier));
    await Promise.all(takers.map((taker) => taker.said(/ready/)));
    // All that are ready watch for it.
    writeFileSync(barrier, "");
    const outcomes = await Promise.all(takers.map((taker) => taker.said(/taken|LOCKED/)));
    expect(
      outcomes.filter((outcome) => outcome === "taken"),
      `left behind: ${left ?? "nothing"}`,
    ).toHaveLength(1);
    await Promise.all(takers.map((taker) => taker.end()));
    expect(() => lockFolder(folder)()).not.toThrow();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
