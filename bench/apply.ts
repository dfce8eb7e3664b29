// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, Transport } from "@flux-ts/kube-core";
import { systemClock } from "@flux-ts/kube-client";
import { createApiServer } from "@flux-ts/kube-server";
import type { Bench, Figure } from "./measure.ts";
import { median, timed } from "./measure.ts";
import { sampleDeployment } from "./sample-deployment.ts";

const COUNT = 1000;
const ROUNDS = 5;
/** A server runs for weeks: what is measured is code that the engine has compiled. */
const WARM_UP = 2;

/** Server-side apply of one object. @throws {Error} when the server refuses */
export async function apply(transport: Transport, object: KubeObject, dryRun = false): Promise<void> {
  const { status, object: answer } = await transport({
    method: "PATCH",
    path: `/apis/apps/v1/namespaces/${object.metadata.namespace}/deployments/${object.metadata.name}`,
    query: { fieldManager: "bench", force: "true", ...(dryRun ? { dryRun: "All" } : {}) },
    headers: { "content-type": "application/apply-patch+yaml" },
    body: object,
  });
  if (status >= 300) throw new Error(`apply of ${object.metadata.name} was answered with ${status}: ${JSON.stringify(answer)}`);
}

export const applyBench: Bench = {
  name: `Server-side apply in process: ${COUNT} Deployments of 1.5 KB, one after the other, median of ${ROUNDS} after ${WARM_UP} to warm up`,
  run: async () => {
    const rates: Record<string, number[]> = { create: [], unchanged: [], "dry run, unchanged": [], changed: [] };
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const { transport } = createApiServer({ clock: systemClock() });
      const each =
        (image: string, dryRun = false) =>
        async () => {
          for (let index = 0; index < COUNT; index += 1) await apply(transport, sampleDeployment(`app-${index}`, image), dryRun);
        };
      const measure = async (name: string, work: () => Promise<void>): Promise<void> => {
        const rate = COUNT / ((await timed(work)) / 1000);
        if (round >= 0) rates[name]?.push(rate);
      };
      await measure("create", each("example.com/app:1"));
      await measure("unchanged", each("example.com/app:1"));
      await measure("dry run, unchanged", each("example.com/app:1", true));
      await measure("changed", each("example.com/app:2"));
    }
    const figures = Object.entries(rates).map(([name, values]): Figure => ({
      name,
      value: median(values),
      unit: "/s",
      target: { is: "at least", value: 5000 },
    }));
    return figures;
  },
};
