// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Clock, JsonObject } from "@flux-ts/kube-core";
import { isJsonObject, parseYaml, stringifyYaml } from "@flux-ts/kube-core";
import { LabError } from "../lab-error.ts";
import { writePrivateFile } from "../state/private-file.ts";

const MAX_BYTES = 16 * 1024 * 1024;
const LOCK_TRIES = 100;
const LOCK_WAIT_MS = 50;

/** The files that make up the user's kubeconfig, in the order in which they win: those of KUBECONFIG, else `~/.kube/config`. */
export function kubeconfigFiles(env: Readonly<Record<string, string | undefined>>, home: string): readonly string[] {
  const named = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  return named.length > 0 ? [...new Set(named)] : [join(home, ".kube", "config")];
}

/** @returns an empty one for a file that is not there @throws {LabError} BAD_KUBECONFIG; the message has nothing of the content */
export function readKubeconfigFile(path: string): JsonObject {
  if (!existsSync(path)) return { apiVersion: "v1", kind: "Config" };
  const fail = (why: string, cause?: unknown): LabError =>
    new LabError(
      "BAD_KUBECONFIG",
      `Cannot change ${path}: ${why}. Mend it, name another file with KUBECONFIG, or leave it alone with --no-merge`,
      {
        cause,
      },
    );
  let value: unknown;
  try {
    if (statSync(path).size > MAX_BYTES) throw fail(`it is larger than ${MAX_BYTES} bytes`);
    value = parseYaml(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof LabError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw fail(code === "EACCES" || code === "EISDIR" ? `it cannot be read (${code})` : "it is not YAML", error);
  }
  if (value === null || value === undefined) return { apiVersion: "v1", kind: "Config" };
  if (!isJsonObject(value)) throw fail("it is not a mapping");
  if (value["kind"] !== undefined && value["kind"] !== "Config") throw fail("it is not a kubeconfig");
  for (const field of ["clusters", "users", "contexts"]) {
    if (value[field] !== undefined && value[field] !== null && !Array.isArray(value[field])) throw fail(`${field} is not a list`);
  }
  return value;
}

/**
 * Changes a kubeconfig under the lock that kubectl takes, too: whole or not at all, and readable by its owner alone.
 *
 * @param change gives the very object back to leave the file as it is
 * @throws {LabError} BAD_KUBECONFIG; KUBECONFIG_LOCKED when somebody holds the lock for 5 seconds
 */
export async function changeKubeconfigFile(path: string, change: (config: JsonObject) => JsonObject, clock: Clock): Promise<void> {
  // A link to the file stays a link.
  const target = existsSync(path) ? realpathSync(path) : path;
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const unlock = await lock(target, clock);
  try {
    const before = readKubeconfigFile(target);
    const after = change(before);
    if (after !== before) writePrivateFile(target, stringifyYaml(after));
  } finally {
    unlock();
  }
}

async function lock(path: string, clock: Clock): Promise<() => void> {
  const file = `${path}.lock`;
  for (let tries = 0; ; tries += 1) {
    try {
      closeSync(openSync(file, "wx", 0o600));
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (tries >= LOCK_TRIES) {
      throw new LabError(
        "KUBECONFIG_LOCKED",
        `Cannot change ${path}: ${file} says that another program is changing it. If none does, delete that file, then try again`,
      );
    }
    await new Promise<void>((resolve) => clock.after(LOCK_WAIT_MS, resolve));
  }
}
