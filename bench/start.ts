// SPDX-License-Identifier: Apache-2.0
import { execFile, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Bench } from "./measure.ts";
import { median, timed } from "./measure.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** From the start of the process to "podinfo is Ready", and the largest resident memory of the process until then. */
async function startLab(): Promise<{ readonly seconds: number; readonly rssMiB: number }> {
  const child = spawn(process.execPath, [`${root}packages/flux-ts/bundle/lab.mjs`], {
    env: { ...process.env, FLUX_TS_ROOT: root },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${out}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (out.includes("Ctrl-C ends it.")) resolve();
    });
  });
  const seconds = Number(/podinfo is Ready after ([\d.]+) s/.exec(out)?.[1]);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
  child.removeAllListeners("exit");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  await ended;
  return { seconds, rssMiB: Number(peak) / 1024 };
}

function command(args: readonly string[]): () => Promise<void> {
  return () =>
    new Promise((resolve, reject) => {
      const child = execFile(process.execPath, [...args], (error) => (error ? reject(error) : resolve()));
      child.stdin?.end("");
    });
}

async function ratio(args: readonly string[]): Promise<number> {
  const ratios: number[] = [];
  await command(["-e", "0"])();
  for (let round = 0; round < 7; round += 1) {
    const bare = await timed(command(["-e", "0"]));
    ratios.push((await timed(command(args))) / bare);
  }
  return median(ratios);
}

export const startBench: Bench = {
  name: "Start of processes (from the bundle)",
  run: async () => {
    execFileSync(process.execPath, [`${root}tools/bundle.mjs`]);
    const runs = [];
    for (let round = 0; round < 5; round += 1) runs.push(await startLab());
    const flux = `${root}packages/flux-ts/bundle/flux.mjs`;
    const target = { is: "at most", value: 3 } as const;
    return [
      {
        name: "npm start to podinfo Ready, median of 5",
        value: median(runs.map((one) => one.seconds)),
        unit: "s",
        target: { is: "at most", value: 8 },
      },
      {
        name: "its peak memory, median of 5",
        value: median(runs.map((one) => one.rssMiB)),
        unit: "MiB",
        target: { is: "at most", value: 250 },
      },
      { name: "flux --version / node -e 0", value: await ratio([flux, "--version"]), unit: "x", target },
      { name: "flux get --help / node -e 0", value: await ratio([flux, "get", "--help"]), unit: "x", target },
      { name: "flux envsubst / node -e 0", value: await ratio([flux, "envsubst"]), unit: "x", target },
    ];
  },
};
