// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EDITOR, FILES } from "./kubectl-rows.ts";

const execute = promisify(execFile);

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kubectl for the namespace `shop` of one cluster, in a folder with the files of the rows. Close it with `await using`. */
export interface Kubectl extends AsyncDisposable {
  /** Words are split at spaces. */
  run(command: string): Promise<Outcome>;
}

/** Makes the namespace, too. */
export async function createKubectl(program: string, kubeconfig: string): Promise<Kubectl> {
  const folder = mkdtempSync(join(tmpdir(), "kubectl-rows-"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const env = { PATH: process.env["PATH"], HOME: folder, TMPDIR: folder, KUBECONFIG: kubeconfig, EDITOR, TZ: "UTC" };
  const run = async (command: string): Promise<Outcome> => {
    try {
      const { stdout, stderr } = await execute(program, ["-n", "shop", ...command.split(" ")], {
        cwd: folder,
        env,
        timeout: 60_000,
        maxBuffer: 64 << 20,
      });
      return { code: 0, stdout, stderr };
    } catch (error) {
      // Node adds these to the error of a child that failed.
      const { code, stdout = "", stderr = "" } = error as { code?: number | string; stdout?: string; stderr?: string };
      if (typeof code !== "number") throw error;
      return { code, stdout, stderr };
    }
  };
  const { code, stderr } = await run("create namespace shop");
  if (code !== 0) throw new Error(`Cannot make the namespace of the rows: ${stderr}`);
  return { run, [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }) };
}
