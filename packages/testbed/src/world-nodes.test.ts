// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

test("with nodes, workloads become ready as time passes", async () => {
  await using world = await createWorld({ level: "nodes" });
  await world.apply({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
    },
  });
  await world.settle();
  await world.advance("5s");
  expect(await world.get("Deployment", "web")).toMatchObject({ status: { readyReplicas: 2 } });
});
