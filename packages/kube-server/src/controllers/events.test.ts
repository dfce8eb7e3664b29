// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { CORE, startCluster } from "../../test-support/cluster.ts";

test("an event that says the same of the same object again is counted up", async () => {
  const cluster = await startCluster();
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "none" },
    spec: { selector: {}, minAvailable: 1 },
  };
  const path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
  await cluster.request("POST", path, budget);
  await cluster.advance(5000);
  await cluster.request("PATCH", `${path}/none`, { metadata: { labels: { touched: "yes" } } });
  const events = await cluster.list(`${CORE}/events`);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ reason: "NoPods", firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:05Z" });
  expect(Number((events[0] as unknown as { count: number }).count)).toBeGreaterThan(1);
});
