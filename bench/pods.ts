// SPDX-License-Identifier: Apache-2.0
import { systemClock } from "@flux-ts/kube-client";
import { createApiServer } from "@flux-ts/kube-server";
import type { Bench } from "./measure.ts";
import { median, timed } from "./measure.ts";

const COUNT = 10_000;

export const podsBench: Bench = {
  name: `${COUNT} Pods`,
  run: async () => {
    const server = createApiServer({ clock: systemClock() });
    // Pods need the account that they run as.
    await server.transport({
      method: "POST",
      path: "/api/v1/namespaces/default/serviceaccounts",
      body: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } },
    });
    for (let index = 0; index < COUNT; index += 1) {
      const { status } = await server.transport({
        method: "POST",
        path: "/api/v1/namespaces/default/pods",
        body: {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: `pod-${index}`, labels: { app: `app-${index % 100}` } },
          spec: { containers: [{ name: "c", image: "example.com/app:1", resources: { requests: { cpu: "10m" } } }] },
        },
      });
      if (status !== 201) throw new Error(`pod ${index}: ${status}`);
    }
    const list = (): Promise<number> => timed(() => server.transport({ method: "GET", path: "/api/v1/pods" }));
    const first = await list();
    const times = [];
    for (let round = 0; round < 5; round += 1) times.push(await list());
    return [
      { name: "listed in process, first time", value: first, unit: "ms" },
      { name: "listed in process, median of 5", value: median(times), unit: "ms", target: { is: "at most", value: 300 } },
    ];
  },
};
