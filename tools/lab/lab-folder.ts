// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * A folder for one run, gone when the process ends, however it ends; that of a run which was killed goes with the next one.
 *
 * @param parent made when it is missing, for its owner alone
 */
export function makeLabFolder(parent: string, process: NodeJS.Process): string {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(parent)) {
    const pid = /^lab-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid), process)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(parent, `lab-${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

function isRunning(pid: number, process: NodeJS.Process): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process has the number now, so it may be alive.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
