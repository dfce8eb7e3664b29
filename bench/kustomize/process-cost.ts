// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";

/** What a process took until it ended. */
export interface ProcessCost {
  /** CPU time, of user and system. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** Runs a command with its output thrown away, and measures it. @throws {Error} when it fails */
export function costOf(command: readonly string[]): ProcessCost {
  const script = 'TIMEFORMAT="%3U %3S %3R"; time "$@" > /dev/null';
  const { status, stderr } = spawnSync("bash", ["-c", script, "bash", ...command], { encoding: "utf8", maxBuffer: 64 << 20 });
  const [user = NaN, system = NaN, wall = NaN] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  if (status !== 0) throw new Error(`${command.join(" ")} failed:\n${stderr}`);
  return { cpuMs: (user + system) * 1000, wallMs: wall * 1000 };
}

/** The standard output of a command. @throws {Error} when it fails */
export function outputOf([program = "", ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 256 << 20 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${stderr}`);
  return stdout;
}
