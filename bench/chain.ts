// SPDX-License-Identifier: Apache-2.0
import { appManifests, gitRepository, kustomization, openLab } from "./lab.ts";
import type { Bench } from "./measure.ts";
import { median, timed } from "./measure.ts";

const LENGTH = 5;

export const chainBench: Bench = {
  name: `A chain of ${LENGTH} dependsOn, all created at once, wait, median of 5`,
  run: async () => {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await using lab = await openLab();
      const names = Array.from({ length: LENGTH }, (_, index) => `step-${index}`);
      const files = Object.fromEntries(
        names.map((name) => [`${name}/app.yaml`, appManifests(name, { replicas: 0, image: "example.com/app:1" })]),
      );
      const repository = lab.git.repository("fleet", files);
      const objects = names.map((name, index) => kustomization(name, "fleet", `./${name}`, names.slice(Math.max(0, index - 1), index)));
      times.push(
        await timed(async () => {
          await lab.apply([gitRepository("fleet", repository.url), ...objects]);
          await Promise.all(objects.map((object) => lab.ready(object)));
        }),
      );
    }
    return [{ name: "to all Ready", value: median(times) / 1000, unit: "s", target: { is: "at most", value: 2 } }];
  },
};
