// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { APPS, CORE, imagesOf, startCluster, workload } from "../../../test-support/cluster.ts";

const nodesOf = (pods: readonly { readonly spec?: Record<string, unknown> }[]) => pods.map((pod) => pod.spec?.["nodeName"]).toSorted();

describe("DaemonSets", () => {
  test("there is a pod on every node that fits, on new ones too, and none on others", async () => {
    const cluster = await startCluster();
    await cluster.request("PATCH", "/api/v1/nodes/node-2", { metadata: { labels: { disk: "ssd" } } });
    await cluster.request("POST", `${APPS}/daemonsets`, workload("DaemonSet", "all"));
    await cluster.request("POST", `${APPS}/daemonsets`, workload("DaemonSet", "some", {}, { nodeSelector: { disk: "ssd" } }));
    await cluster.advance(2000);
    expect(nodesOf(await cluster.list(`${CORE}/pods`))).toEqual(["node-1", "node-2", "node-2"]);
    expect((await cluster.get(`${APPS}/daemonsets/some`)).status).toMatchObject({ desiredNumberScheduled: 1, numberAvailable: 1 });
    await cluster.request("PATCH", "/api/v1/nodes/node-2", { metadata: { labels: { disk: null } } });
    expect((await cluster.get(`${APPS}/daemonsets/some`)).status).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 0 });
    expect(nodesOf(await cluster.list(`${CORE}/pods`))).toEqual(["node-1", "node-2"]);
    expect(cluster.errors).toEqual([]);
  });

  test.each([
    ["one node after the other", {}, ["web:1", "web:2"], 1],
    ["new pods first, with surge", { maxSurge: 1, maxUnavailable: 0 }, ["web:1", "web:1", "web:2"], 2],
  ])("an update replaces %s", async (_, rollingUpdate, during, available) => {
    const cluster = await startCluster();
    const updateStrategy = { type: "RollingUpdate", rollingUpdate };
    await cluster.request("POST", `${APPS}/daemonsets`, workload("DaemonSet", "agent", { updateStrategy }));
    await cluster.advance(2000);
    await cluster.request("PATCH", `${APPS}/daemonsets/agent`, {
      spec: { template: { spec: { containers: [{ name: "c", image: "web:2" }] } } },
    });
    const images = async () => imagesOf(await cluster.list(`${CORE}/pods`)).toSorted();
    expect(await images()).toEqual(during);
    expect((await cluster.get(`${APPS}/daemonsets/agent`)).status).toMatchObject({ numberAvailable: available });
    await cluster.advance(10_000);
    expect(await images()).toEqual(["web:2", "web:2"]);
    expect((await cluster.get(`${APPS}/daemonsets/agent`)).status).toMatchObject({ updatedNumberScheduled: 2, numberAvailable: 2 });
    const revisions = await cluster.list(`${APPS}/controllerrevisions`);
    expect(revisions.map((one) => (one as unknown as { revision: number }).revision).toSorted()).toEqual([1, 2]);
  });
});
