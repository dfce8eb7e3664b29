// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubeServerError } from "../kube-server-error.ts";

/**
 * Takes a folder for this process alone, until the returned function gives it back. A process that was killed leaves its
 * lock behind; it counts only as long as that very process runs.
 *
 * A lock appears whole or not at all, and only one process can be the heir of one that was left behind: its claim has the
 * dead one's name, and becomes the lock when the lock is still the dead one's.
 *
 * @throws {KubeServerError} LOCKED when another process has it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "lock");
  // The token tells two attempts of one process apart.
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid), token: randomUUID() });
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const found = place(path, own) ? own : readText(path);
    if (found === own) return () => unlock(path, own);
    if (found === undefined) continue;
    requireDead(folder, found);
    const claim = join(folder, `lock.after-${createHash("sha256").update(found).digest("hex").slice(0, 16)}`);
    if (place(claim, own)) {
      // Whoever inherited before has put its lock there meanwhile.
      if (readText(path) === found) become(claim, path);
      else rmSync(claim, { force: true });
      continue;
    }
    const heir = readText(claim);
    if (heir === undefined) continue;
    requireDead(folder, heir);
    // An heir that died with its claim: rare, and there is nobody left whom it could hurt but those who look right now.
    rmSync(claim, { force: true });
  }
  throw new KubeServerError("LOCKED", `Cannot use ${folder}: other processes are taking it at the same time`);
}

const MAX_TRIES = 100;

/** @throws {KubeServerError} LOCKED when the process of a lock runs */
function requireDead(folder: string, lock: string): void {
  const holder = parseHolder(lock);
  if (holder !== undefined && isRunning(holder))
    throw new KubeServerError("LOCKED", `Cannot use ${folder}: process ${holder.pid} has it. Stop that process, or use another folder`);
}

/** A claim becomes the lock. Whether it was this process' claim is seen when the lock is read. */
function become(claim: string, path: string): void {
  try {
    renameSync(claim, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Makes a file with this content, both at once. @returns false when it is there already */
function place(path: string, content: string): boolean {
  const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`;
  writeFileSync(temporary, content, { flag: "wx", mode: 0o600 });
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Gone: who has the folder sweeps it when it begins.
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function unlock(path: string, own: string): void {
  if (readText(path) === own) rmSync(path, { force: true });
}

/** The id of the process that has a folder, as long as that very process runs. It leaves a lock that was left behind alone. */
export function folderHolder(folder: string): number | undefined {
  const holder = parseHolder(readText(join(folder, "lock")) ?? "");
  return holder !== undefined && isRunning(holder) ? holder.pid : undefined;
}

interface Holder {
  readonly pid: number;
  readonly started: string;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(text) as Partial<Holder>;
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
