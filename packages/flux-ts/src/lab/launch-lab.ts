// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import type { Clock } from "@flux-ts/kube-core";
import { folderHolder } from "@flux-ts/kube-server";
import { LabError } from "./lab-error.ts";
import type { LabMessage } from "./lab-process.ts";
import type { LabPlaces } from "./state/lab-places.ts";

/** The longest log that is appended to; a longer one is kept beside the new one. */
const MAX_LOG_BYTES = 8 * 1024 * 1024;
const POLL_MS = 20;

export interface LaunchOptions {
  /** The program of the background process, and what node needs to run it. */
  readonly program: readonly string[];
  readonly labs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Told as soon as the API server listens. */
  readonly onListening: (url: string) => void;
}

/** The process of a lab that runs; undefined when it does not. */
export function labProcess(places: LabPlaces): number | undefined {
  return folderHolder(places.folder);
}

/**
 * Starts the process of a lab, which outlives this one, and resolves when everything that was asked for runs in it.
 * @throws {LabError} FAILED with the reason it told, or the end of its log; then nothing is left running
 */
export async function launchLab(places: LabPlaces, options: LaunchOptions): Promise<void> {
  mkdirSync(places.folder, { recursive: true, mode: 0o700 });
  const log = openLog(places.log);
  const child = spawn(process.execPath, [...options.program, options.labs, places.name], {
    cwd: places.folder,
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
    env: { ...options.env },
  });
  closeSync(log);
  try {
    await new Promise<void>((resolve, reject) => {
      const failed = (why: string): void => reject(new LabError("FAILED", `Cannot start lab ${places.name}: ${why}`));
      const abort = (): void => failed("it was interrupted");
      options.signal.addEventListener("abort", abort, { once: true });
      child.on("message", (message: LabMessage) => {
        if (message.tell === "listening") options.onListening(message.url);
        else if (message.tell === "ready") resolve();
        else
          failed(message.portTaken === true ? `${message.message}. Another program has the port: choose one with --port` : message.message);
      });
      child.on("error", (error) => failed(error.message));
      child.on("exit", (code, signal) => failed(`its process ended (${signal ?? `exit code ${code}`}). ${endOfLog(places.log)}`));
    });
  } catch (error) {
    child.kill("SIGTERM");
    throw error;
  } finally {
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/**
 * Ends the process of a lab, by force when it does not end by itself in time. Resolves when it has ended.
 * @returns whether there was one
 * @throws {LabError} FAILED when it cannot be ended
 */
export async function stopLab(places: LabPlaces, clock: Clock, withinMs: number): Promise<boolean> {
  const pid = labProcess(places);
  if (pid === undefined) {
    rmSync(places.run, { force: true });
    return false;
  }
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(pid, name);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ESRCH") throw new LabError("FAILED", `Cannot stop lab ${places.name}, process ${pid}: ${message}`, { cause: error });
    }
  };
  signal("SIGTERM");
  if (await isGone(places, clock, withinMs)) return true;
  signal("SIGKILL");
  if (await isGone(places, clock, withinMs)) {
    rmSync(places.run, { force: true });
    return true;
  }
  throw new LabError("FAILED", `Cannot stop lab ${places.name}: process ${pid} does not end`);
}

async function isGone(places: LabPlaces, clock: Clock, withinMs: number): Promise<boolean> {
  const until = clock.now() + withinMs;
  while (labProcess(places) !== undefined) {
    if (clock.now() > until) return false;
    await new Promise<void>((resolve) => clock.after(POLL_MS, resolve));
  }
  return true;
}

function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

function endOfLog(path: string): string {
  const text = readFileSync(path, "utf8").trimEnd();
  const last = text.slice(text.lastIndexOf("\n") + 1).slice(0, 500);
  return `The end of ${path}: ${last}`;
}
