// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { APPS, CORE, conditionsOf, startCluster, workload } from "../../test-support/cluster.ts";

const configMap = (name: string, metadata: Record<string, unknown> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
});
const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

describe("garbage collection", () => {
  test("what has lost its last owner goes; what has another one stays with that", async () => {
    const cluster = await startCluster();
    const owners: Record<string, unknown>[] = [];
    for (const name of ["one", "two"]) {
      const { metadata } = await cluster.request("POST", `${CORE}/configmaps`, configMap(name));
      owners.push({ apiVersion: "v1", kind: "ConfigMap", name, uid: metadata.uid });
    }
    await cluster.request("POST", `${CORE}/configmaps`, configMap("child", { ownerReferences: owners }));
    await cluster.request("DELETE", `${CORE}/configmaps/one`);
    expect((await cluster.get(`${CORE}/configmaps/child`)).metadata.ownerReferences).toMatchObject([{ name: "two" }]);
    await cluster.request("DELETE", `${CORE}/configmaps/two`);
    expect(await cluster.get(`${CORE}/configmaps/child`)).toMatchObject({ code: 404 });
  });

  test.each([
    ["Background", 0, 0],
    ["Orphan", 1, 2],
  ])("%s deletion of a Deployment leaves %i ReplicaSets and %i pods", async (propagationPolicy, sets, pods) => {
    const cluster = await startCluster();
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 2 }));
    await cluster.advance(2000);
    await cluster.request("DELETE", `${APPS}/deployments/web`, { propagationPolicy });
    await cluster.advance(1000);
    expect(await cluster.list(`${APPS}/replicasets`)).toHaveLength(sets);
    expect(await cluster.list(`${CORE}/pods`)).toHaveLength(pods);
    expect(cluster.errors).toEqual([]);
  });

  test("Foreground deletion keeps the owner until what blocks it is gone", async () => {
    const cluster = await startCluster();
    const { metadata } = await cluster.request("POST", `${CORE}/configmaps`, configMap("owner"));
    const reference = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: metadata.uid, blockOwnerDeletion: true };
    await cluster.request(
      "POST",
      `${CORE}/configmaps`,
      configMap("held", { ownerReferences: [reference], finalizers: ["example.com/hold"] }),
    );
    await cluster.request("DELETE", `${CORE}/configmaps/owner`, { propagationPolicy: "Foreground" });
    expect((await cluster.get(`${CORE}/configmaps/owner`)).metadata.finalizers).toEqual(["foregroundDeletion"]);
    await cluster.request("PATCH", `${CORE}/configmaps/held`, { metadata: { finalizers: null } });
    expect(await cluster.get(`${CORE}/configmaps/owner`)).toMatchObject({ code: 404 });
  });
});

describe("namespaces", () => {
  test("one that is deleted is emptied first, and waits for finalizers", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", "/api/v1/namespaces", namespace("team"));
    await cluster.request("POST", "/api/v1/namespaces/team/configmaps", configMap("held", { finalizers: ["example.com/hold"] }));
    expect((await cluster.get("/api/v1/namespaces/team/serviceaccounts/default")).metadata.name).toBe("default");
    await cluster.request("DELETE", "/api/v1/namespaces/team");
    const going = await cluster.get("/api/v1/namespaces/team");
    expect(going.status?.["phase"]).toBe("Terminating");
    expect(conditionsOf(going)).toContain("NamespaceFinalizersRemaining=True SomeFinalizersRemain");
    expect(JSON.stringify(going.status)).toContain("example.com/hold in 1 resource instances");
    await cluster.request("PATCH", "/api/v1/namespaces/team/configmaps/held", { metadata: { finalizers: null } });
    expect(await cluster.get("/api/v1/namespaces/team")).toMatchObject({ kind: "Status", code: 404 });
  });

  test("5,000 objects go with others being served in between", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", "/api/v1/namespaces", namespace("big"));
    for (let count = 0; count < 5000; count += 1) {
      await cluster.server.transport({
        method: "POST",
        path: "/api/v1/namespaces/big/configmaps",
        headers: {},
        body: configMap(`c-${count}`),
      });
    }
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await cluster.request("DELETE", "/api/v1/namespaces/big");
    isOver = true;
    expect(await cluster.get("/api/v1/namespaces/big")).toMatchObject({ code: 404 });
    // One turn of the event loop for at most 50 deletions.
    expect(turns).toBeGreaterThanOrEqual(100);
  }, 20_000);
});
