// SPDX-License-Identifier: Apache-2.0
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { httpTransport, systemClock } from "@flux-ts/kube-client";
import { apply } from "./apply.ts";
import type { Bench } from "./measure.ts";
import { inFlight, median, timed } from "./measure.ts";
import { sampleDeployment } from "./sample-deployment.ts";

const COUNT = 2000;
const ROUNDS = 5;

interface Listening {
  readonly url: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export const httpBench: Bench = {
  name: `Server-side apply over HTTPS (HTTP/1.1, server in a process of its own): ${COUNT} Deployments, 16 in flight, median of ${ROUNDS}`,
  run: async () => {
    const server = fork(fileURLToPath(new URL("./http-server.ts", import.meta.url)), {
      execArgv: ["--conditions=source", "--import", "tsx"],
    });
    try {
      const { url, ca, cert, key } = await new Promise<Listening>((resolve, reject) => {
        server.once("message", (message) => resolve(message as Listening));
        server.once("exit", () => reject(new Error("the server ended before it listened")));
      });
      const bytes = Buffer.from;
      const transport = httpTransport({
        server: url,
        clock: systemClock(),
        ca: bytes(ca),
        cert: bytes(cert),
        key: bytes(key),
        connections: 16,
      });
      const rates: Record<string, number[]> = { create: [], unchanged: [], changed: [] };
      for (let round = 0; round < ROUNDS; round += 1) {
        const each = (image: string) => () =>
          inFlight(COUNT, 16, (index) => apply(transport, sampleDeployment(`r${round}-${index}`, image)));
        rates["create"]?.push(COUNT / ((await timed(each("example.com/app:1"))) / 1000));
        rates["unchanged"]?.push(COUNT / ((await timed(each("example.com/app:1"))) / 1000));
        rates["changed"]?.push(COUNT / ((await timed(each("example.com/app:2"))) / 1000));
      }
      await transport.close();
      return Object.entries(rates).map(([name, values]) => ({
        name,
        value: median(values),
        unit: "/s",
        target: { is: "at least", value: 1500 } as const,
      }));
    } finally {
      server.kill();
    }
  },
};
