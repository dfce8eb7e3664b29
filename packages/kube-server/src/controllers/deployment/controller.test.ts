// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { APPS, CORE, conditionsOf, imagesOf, startCluster, workload } from "../../../test-support/cluster.ts";

const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: "c", image: name }] } } } });

describe("Deployments", () => {
  test("one without pods is available at once", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 0 }));
    const web = await cluster.get(`${APPS}/deployments/web`);
    expect(web.status).toMatchObject({ observedGeneration: 1 });
    expect(conditionsOf(web)).toEqual(["Available=True MinimumReplicasAvailable", "Progressing=True NewReplicaSetAvailable"]);
    expect(cluster.errors).toEqual([]);
  });

  test("a new image rolls out under a new revision, and the old template comes back under a newer one", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 2 }));
    expect((await cluster.get(`${APPS}/deployments/web`)).status).toMatchObject({ replicas: 2, unavailableReplicas: 2 });
    await cluster.advance(2000);
    expect((await cluster.get(`${APPS}/deployments/web`)).status).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });
    await cluster.request("PATCH", `${APPS}/deployments/web`, image("web:2"));
    await cluster.advance(10_000);
    const rolled = await cluster.get(`${APPS}/deployments/web`);
    expect(rolled.metadata.annotations).toMatchObject({ "deployment.kubernetes.io/revision": "2" });
    expect(rolled.status).toMatchObject({ updatedReplicas: 2, readyReplicas: 2, replicas: 2, observedGeneration: 2 });
    await cluster.request("PATCH", `${APPS}/deployments/web`, image("web:1"));
    await cluster.advance(10_000);
    const sets = await cluster.list(`${APPS}/replicasets`);
    const history = sets.map(({ metadata: { annotations }, spec }) => [
      annotations?.["deployment.kubernetes.io/revision"],
      annotations?.["deployment.kubernetes.io/revision-history"],
      spec?.["replicas"],
    ]);
    expect(history.toSorted()).toEqual([["2", undefined, 0], ["3", "1", 2]]); // prettier-ignore
    expect(cluster.errors).toEqual([]);
  });

  test("an image that cannot be pulled holds the rollout until the deadline; going back mends it", async () => {
    const cluster = await startCluster({ podRules: [{ imageContains: "broken", outcome: "image-pull-error" }] });
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 2, progressDeadlineSeconds: 5 }));
    await cluster.advance(2000);
    await cluster.request("PATCH", `${APPS}/deployments/web`, image("broken:1"));
    await cluster.advance(3000);
    expect(conditionsOf(await cluster.get(`${APPS}/deployments/web`))).toContain("Progressing=True ReplicaSetUpdated");
    await cluster.advance(10_000);
    const stuck = await cluster.get(`${APPS}/deployments/web`);
    expect(conditionsOf(stuck)).toEqual(["Available=True MinimumReplicasAvailable", "Progressing=False ProgressDeadlineExceeded"]);
    expect(stuck.status).toMatchObject({ updatedReplicas: 1, availableReplicas: 2 });
    await cluster.request("PATCH", `${APPS}/deployments/web`, image("web:1"));
    await cluster.advance(5000);
    expect(conditionsOf(await cluster.get(`${APPS}/deployments/web`))).toContain("Progressing=True NewReplicaSetAvailable");
  });

  test("Recreate starts new pods only when the old ones are gone", async () => {
    const cluster = await startCluster({ podRules: [{ stopsAfterMs: 5000 }] });
    const spec = { replicas: 2, strategy: { type: "Recreate" } };
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", spec));
    await cluster.advance(2000);
    await cluster.request("PATCH", `${APPS}/deployments/web`, image("web:2"));
    await cluster.advance(4000);
    const images = async () => imagesOf(await cluster.list(`${CORE}/pods`));
    expect(await images()).toEqual(["web:1", "web:1"]);
    await cluster.advance(4000);
    expect(await images()).toEqual(["web:2", "web:2"]);
  });

  test("pods that a quota refuses show in the conditions", async () => {
    const cluster = await startCluster();
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "few" }, spec: { hard: { pods: "1" } } };
    await cluster.request("POST", `${CORE}/resourcequotas`, quota);
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 2 }));
    await cluster.advance(2000);
    const web = await cluster.get(`${APPS}/deployments/web`);
    expect(conditionsOf(web)).toContain("ReplicaFailure=True FailedCreate");
    expect(JSON.stringify(web.status)).toContain("exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1");
    await cluster.request("PATCH", `${CORE}/resourcequotas/few`, { spec: { hard: { pods: "5" } } });
    await cluster.advance(60_000);
    expect(conditionsOf(await cluster.get(`${APPS}/deployments/web`))).toEqual([
      "Available=True MinimumReplicasAvailable",
      "Progressing=True NewReplicaSetAvailable",
    ]);
  });

  test("old ReplicaSets go when there are more than the history may hold", async () => {
    const cluster = await startCluster({ podReadyAfterMs: 0 });
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 1, revisionHistoryLimit: 1 }));
    for (const version of [2, 3, 4]) await cluster.request("PATCH", `${APPS}/deployments/web`, image(`web:${version}`));
    expect(await cluster.list(`${APPS}/replicasets`)).toHaveLength(2);
  });

  test("1,000 Deployments without pods take four writes each, and a restart writes nothing", async () => {
    const cluster = await startCluster();
    const writes = cluster.countWrites();
    for (let count = 0; count < 1000; count += 1) {
      const body = workload("Deployment", `web-${count}`, { replicas: 0 });
      await cluster.server.transport({ method: "POST", path: `${APPS}/deployments`, headers: {}, body });
    }
    await cluster.idle();
    const last = await cluster.get(`${APPS}/deployments/web-999`);
    expect(conditionsOf(last)).toContain("Progressing=True NewReplicaSetAvailable");
    expect(Object.fromEntries(writes)).toEqual({ "deployments.apps": 2000, "replicasets.apps": 2000 });
    await cluster.restart();
    expect(Object.fromEntries(writes)).toEqual({ "deployments.apps": 2000, "replicasets.apps": 2000 });
    expect(cluster.errors).toEqual([]);
  }, 30_000);
});
