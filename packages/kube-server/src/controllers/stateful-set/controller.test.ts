// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { APPS, CORE, imagesOf, startCluster, workload } from "../../../test-support/cluster.ts";

const set = (spec: Record<string, unknown> = {}) => workload("StatefulSet", "db", { serviceName: "db", replicas: 3, ...spec });

describe("StatefulSets", () => {
  test("pods come one after the other, each with its number and its claim", async () => {
    const cluster = await startCluster();
    const claim = { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } };
    await cluster.request("POST", `${APPS}/statefulsets`, set({ volumeClaimTemplates: [claim] }));
    const names = async () => (await cluster.list(`${CORE}/pods`)).map((pod) => pod.metadata.name);
    expect(await names()).toEqual(["db-0"]);
    await cluster.advance(1000);
    expect(await names()).toEqual(["db-0", "db-1"]);
    await cluster.advance(3000);
    expect(await names()).toEqual(["db-0", "db-1", "db-2"]);
    const claims = await cluster.list(`${CORE}/persistentvolumeclaims`);
    expect(claims.map(({ metadata }) => [metadata.name, metadata.labels])).toEqual(
      ["data-db-0", "data-db-1", "data-db-2"].map((name) => [name, { app: "db" }]),
    );
    expect((await cluster.get(`${APPS}/statefulsets/db`)).status).toMatchObject({ replicas: 3, readyReplicas: 3, currentReplicas: 3 });
    expect(cluster.errors).toEqual([]);
  });

  test("an update goes from the last to the first, down to the partition", async () => {
    const cluster = await startCluster();
    await cluster.request(
      "POST",
      `${APPS}/statefulsets`,
      set({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } }),
    );
    await cluster.advance(5000);
    const before = (await cluster.get(`${APPS}/statefulsets/db`)).status?.["currentRevision"];
    const template = { spec: { containers: [{ name: "c", image: "web:2" }] } };
    await cluster.request("PATCH", `${APPS}/statefulsets/db`, { spec: { template } });
    const images = async () => imagesOf(await cluster.list(`${CORE}/pods`));
    expect(await images()).toEqual(["web:1", "web:1", "web:2"]);
    await cluster.advance(5000);
    expect(await images()).toEqual(["web:1", "web:2", "web:2"]);
    const partial = (await cluster.get(`${APPS}/statefulsets/db`)).status;
    expect(partial).toMatchObject({ currentRevision: before, currentReplicas: 1, updatedReplicas: 2 });
    await cluster.request("DELETE", `${CORE}/pods/db-0`);
    await cluster.advance(3000);
    expect(await images()).toEqual(["web:1", "web:2", "web:2"]);
    await cluster.request("PATCH", `${APPS}/statefulsets/db`, { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } });
    await cluster.advance(5000);
    const done = (await cluster.get(`${APPS}/statefulsets/db`)).status;
    expect(done).toMatchObject({ currentRevision: done?.["updateRevision"], currentReplicas: 3, updatedReplicas: 3 });
  });

  test("scaling down takes the last first; Parallel does not wait", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${APPS}/statefulsets`, set({ podManagementPolicy: "Parallel" }));
    expect(await cluster.list(`${CORE}/pods`)).toHaveLength(3);
    await cluster.advance(2000);
    await cluster.request("PATCH", `${APPS}/statefulsets/db`, { spec: { replicas: 1 } });
    expect((await cluster.list(`${CORE}/pods`)).map((pod) => pod.metadata.name)).toEqual(["db-0"]);
  });
});
