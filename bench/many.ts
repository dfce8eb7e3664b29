// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { appManifests, gitRepository, kustomization, openLab } from "./lab.ts";
import type { Bench } from "./measure.ts";
import { median, nowMs, timed } from "./measure.ts";

export const COUNT = 100;

export function fleet(): { readonly names: readonly string[]; readonly files: Readonly<Record<string, string>> } {
  const names = Array.from({ length: COUNT }, (_, index) => `app-${index}`);
  return {
    names,
    files: Object.fromEntries(names.map((name) => [`${name}/app.yaml`, appManifests(name, { replicas: 0, image: "example.com/app:1" })])),
  };
}

/** Kills the process without warning once a third is ready, starts it again over the same data, and waits for all. */
async function killAndRestart(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "flux-bench-kill-"));
  const script = fileURLToPath(new URL("./many-process.ts", import.meta.url));
  const start = () =>
    spawn(process.execPath, ["--conditions=source", "--import", "tsx", script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const first = start();
    await line(first, (count) => count >= COUNT / 3);
    first.kill("SIGKILL");
    const begun = nowMs();
    const second = start();
    await line(second, (count) => count >= COUNT);
    const took = nowMs() - begun;
    second.kill("SIGKILL");
    return took;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The process prints how many are ready, whenever that changes. */
function line(child: ReturnType<typeof spawn>, isEnough: (count: number) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error("the process ended")));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const count = Number(text.trim().split("\n").at(-1));
      if (isEnough(count)) resolve();
    });
  });
}

export const manyBench: Bench = {
  name: `One GitRepository, ${COUNT} Kustomizations of 4 objects, wait, all at once`,
  run: async () => {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await using lab = await openLab();
      const { names, files } = fleet();
      const repository = lab.git.repository("fleet", files);
      const objects = names.map((name) => kustomization(name, "fleet", `./${name}`));
      times.push(
        await timed(async () => {
          await lab.apply([gitRepository("fleet", repository.url), ...objects]);
          await Promise.all(objects.map((object) => lab.ready(object)));
        }),
      );
    }
    const killed = await killAndRestart();
    return [
      { name: "to all Ready, median of 5", value: median(times) / 1000, unit: "s", target: { is: "at most", value: 3 } },
      {
        name: "kill -9 with a third Ready, restarted at once, to all Ready",
        value: killed / 1000,
        unit: "s",
        target: { is: "at most", value: 10 },
        note: "start of the process included",
      },
    ];
  },
};
