// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { TestClock } from "@flux-ts/testbed/clock";
import { describe, expect, test } from "vitest";
import { createApiServer } from "../server.ts";
import type { ControlPlaneOptions } from "./control-plane.ts";
import { startControlPlane } from "./control-plane.ts";

async function start(options: Partial<ControlPlaneOptions> = {}) {
  const clock = new TestClock();
  const server = createApiServer({ clock, random: seeded(7) });
  const errors: unknown[] = [];
  const plane = await startControlPlane(server, {
    level: "nodes",
    nodes: 2,
    podReadyAfterMs: 1000,
    onError: (name, key, error) => errors.push(`${name} ${key}: ${String(error)}`),
    ...options,
  });
  const request = async <T = KubeObject>(method: string, path: string, body?: Record<string, unknown>): Promise<T> => {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const response = await server.transport({
      method,
      path,
      headers: { "content-type": contentType },
      ...(body === undefined ? {} : { body }),
    });
    return response.object as T;
  };
  await plane.idle();
  return {
    clock,
    plane,
    errors,
    request,
    async advance(ms: number) {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.advanceTo(clock.now() + 500);
        await plane.idle();
      }
    },
  };
}

/** A small repeatable generator: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const APPS = "/apis/apps/v1/namespaces/default";

function deployment(name: string, spec: Record<string, unknown> = {}, image = "web:1"): Record<string, unknown> {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "web", image }] } },
      ...spec,
    },
  };
}

describe("simulated workloads", () => {
  test("a Deployment without pods is available at once", async () => {
    const world = await start();
    await world.request("POST", `${APPS}/deployments`, deployment("web", { replicas: 0 }));
    await world.plane.idle();
    const { status } = await world.request("GET", `${APPS}/deployments/web`);
    expect(status).toMatchObject({
      observedGeneration: 1,
      conditions: [
        { type: "Available", status: "True", reason: "MinimumReplicasAvailable" },
        { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
      ],
    });
    expect(world.errors).toEqual([]);
  });

  test("a Deployment becomes ready when its pods do, and a new image rolls out with a new revision", async () => {
    const world = await start();
    await world.request("POST", `${APPS}/deployments`, deployment("web"));
    await world.plane.idle();
    expect((await world.request("GET", `${APPS}/deployments/web`))["status"]).toMatchObject({ replicas: 2, unavailableReplicas: 2 });
    await world.advance(2000);
    expect((await world.request("GET", `${APPS}/deployments/web`))["status"]).toMatchObject({ readyReplicas: 2, availableReplicas: 2 });

    await world.request("PATCH", `${APPS}/deployments/web`, {
      spec: { template: { spec: { containers: [{ name: "web", image: "web:2" }] } } },
    });
    await world.advance(6000);
    const rolled = await world.request("GET", `${APPS}/deployments/web`);
    expect(rolled.metadata.annotations).toMatchObject({ "deployment.kubernetes.io/revision": "2" });
    expect(rolled["status"]).toMatchObject({ updatedReplicas: 2, readyReplicas: 2, replicas: 2, observedGeneration: 2 });
    const sets = await world.request<{ items: { spec: { replicas: number } }[] }>("GET", `${APPS}/replicasets`);
    expect(sets.items.map((set) => set.spec.replicas).toSorted()).toEqual([0, 2]);
    expect(world.errors).toEqual([]);
  });

  test("a pod that cannot pull its image holds the rollout until the deadline, and then says so", async () => {
    const world = await start({ podRules: [{ imageContains: "broken", outcome: "image-pull-error" }] });
    await world.request("POST", `${APPS}/deployments`, deployment("web", { progressDeadlineSeconds: 5 }, "broken:1"));
    await world.advance(3000);
    expect((await world.request("GET", `${APPS}/deployments/web`))["status"]).toMatchObject({
      conditions: expect.arrayContaining([expect.objectContaining({ type: "Progressing", status: "True", reason: "ReplicaSetUpdated" })]),
    });
    await world.advance(4000);
    expect((await world.request("GET", `${APPS}/deployments/web`))["status"]).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }),
      ]),
    });
  });

  test("a Job completes, and deleting a Deployment takes its ReplicaSets and pods along", async () => {
    const world = await start();
    await world.request("POST", "/apis/batch/v1/namespaces/default/jobs", {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "once" },
      spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "x" }] } } },
    });
    await world.request("POST", `${APPS}/deployments`, deployment("web"));
    await world.advance(3000);
    expect((await world.request("GET", "/apis/batch/v1/namespaces/default/jobs/once"))["status"]).toMatchObject({
      succeeded: 1,
      conditions: [{ type: "SuccessCriteriaMet" }, { type: "Complete", status: "True" }],
    });
    await world.request("DELETE", `${APPS}/deployments/web`);
    await world.plane.idle();
    expect((await world.request<{ items: unknown[] }>("GET", `${APPS}/replicasets`)).items).toEqual([]);
    await world.plane.idle();
    const pods = await world.request<{ items: KubeObject[] }>("GET", "/api/v1/namespaces/default/pods");
    expect(pods.items.filter((pod) => pod.metadata.name?.startsWith("web-"))).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  test("a namespace that is deleted is emptied first, and waits for finalizers", async () => {
    const world = await start();
    await world.request("POST", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
    await world.request("POST", "/api/v1/namespaces/team/configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "held", finalizers: ["example.com/hold"] },
    });
    await world.plane.idle();
    expect((await world.request("GET", "/api/v1/namespaces/team/serviceaccounts/default")).metadata.name).toBe("default");
    await world.request("DELETE", "/api/v1/namespaces/team");
    await world.plane.idle();
    expect((await world.request("GET", "/api/v1/namespaces/team"))["status"]).toMatchObject({
      phase: "Terminating",
      conditions: expect.arrayContaining([
        expect.objectContaining({
          type: "NamespaceFinalizersRemaining",
          status: "True",
          message: expect.stringContaining("example.com/hold in 1"),
        }),
      ]),
    });
    await world.request("PATCH", "/api/v1/namespaces/team/configmaps/held", { metadata: { finalizers: null } });
    await world.plane.idle();
    expect(await world.request("GET", "/api/v1/namespaces/team")).toMatchObject({ kind: "Status", code: 404 });
  });
});
