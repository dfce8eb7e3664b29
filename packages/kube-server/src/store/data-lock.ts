// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { KubeServerError } from "../kube-server-error.ts";

/**
 * Takes a folder for this process alone, until the returned function gives it back. A process that was killed leaves its
 * lock behind; it counts only as long as that very process runs.
 *
 * @throws {KubeServerError} LOCKED when another process has it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "lock");
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, own);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = readHolder(path);
    if (holder !== undefined && isRunning(holder)) {
      throw new KubeServerError("LOCKED", `Cannot use ${folder}: process ${holder.pid} has it. Stop that process, or use another folder`);
    }
    rmSync(path, { force: true });
  }
  throw new KubeServerError("LOCKED", `Cannot use ${folder}: other processes are taking it at the same time`);
}

/** The id of the process that has a folder, as long as that very process runs. It leaves a lock that was left behind alone. */
export function folderHolder(folder: string): number | undefined {
  const holder = readHolder(join(folder, "lock"));
  return holder !== undefined && isRunning(holder) ? holder.pid : undefined;
}

interface Holder {
  readonly pid: number;
  readonly started: string;
}

function readHolder(path: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
    return typeof pid === "number" && typeof started === "string" ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

function isRunning({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  // The number may have gone to another process since: then it began at another time.
  const current = startOf(pid);
  if (current === ENDED) return false;
  return current === "" || started === "" || current === started;
}

/** In place of a beginning: one that was killed, and that nobody has asked for its end yet (containers often have no init that does). */
const ENDED = "ended";

/** When a process began, in whatever form the system tells it; empty when it does not. */
function startOf(pid: number): string {
  try {
    if (process.platform === "linux") {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" || fields[0] === "X" ? ENDED : (fields[19] ?? "");
    }
    if (process.platform === "win32") return "";
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
