// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { Shown } from "../../../test-support/cluster.ts";
import { APPS, CORE, conditionsOf, startCluster, workload } from "../../../test-support/cluster.ts";

function pod(name: string, outcome: string, spec: Record<string, unknown> = {}) {
  const annotations = { "simulation.flux-ts.dev/outcome": outcome, "simulation.flux-ts.dev/after-ms": "2000" };
  return { apiVersion: "v1", kind: "Pod", metadata: { name, annotations }, spec: { containers: [{ name: "c", image: "web:1" }], ...spec } };
}

const containerOf = ({ status }: Shown): Record<string, unknown> => {
  const [container = {}] = (status?.["containerStatuses"] ?? []) as readonly Record<string, unknown>[];
  return container;
};

describe("simulated pods", () => {
  test.each([
    ["ready", {}, "Running", "Ready=True", { running: { startedAt: "2026-01-01T00:00:02Z" } }],
    ["never-ready", {}, "Running", "Ready=False ContainersNotReady", { running: expect.anything() }],
    ["complete", { restartPolicy: "Never" }, "Succeeded", "Ready=False PodCompleted", { terminated: { exitCode: 0, reason: "Completed" } }],
    ["fail", { restartPolicy: "Never" }, "Failed", "Ready=False PodFailed", { terminated: { exitCode: 1, reason: "Error" } }],
    ["image-pull-error", {}, "Pending", "Ready=False ContainersNotReady", { waiting: { reason: "ImagePullBackOff" } }],
    ["crash-loop", {}, "Running", "Ready=False ContainersNotReady", { waiting: { reason: "CrashLoopBackOff" } }],
    ["complete", {}, "Running", "Ready=False ContainersNotReady", { waiting: { reason: "CrashLoopBackOff" } }],
  ])("%s %j: %s", async (outcome, spec, phase, ready, state) => {
    const cluster = await startCluster();
    await cluster.request("POST", `${CORE}/pods`, pod("one", outcome, spec));
    await cluster.advance(1000);
    const starting = await cluster.get(`${CORE}/pods/one`);
    expect([starting.status?.["phase"], containerOf(starting)["state"]]).toEqual(["Pending", { waiting: { reason: "ContainerCreating" } }]);
    await cluster.advance(1500);
    const settled = await cluster.get(`${CORE}/pods/one`);
    expect(settled.status?.["phase"]).toBe(phase);
    expect(conditionsOf(settled)).toContain(ready);
    expect(containerOf(settled)["state"]).toMatchObject(state);
    expect(cluster.errors).toEqual([]);
  });

  test("a looping container is restarted after 10 s, 20 s, 40 s", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${CORE}/pods`, pod("one", "crash-loop"));
    const restarts: unknown[] = [];
    for (const ms of [3000, 10_000, 20_000, 40_000]) {
      await cluster.advance(ms);
      restarts.push(containerOf(await cluster.get(`${CORE}/pods/one`))["restartCount"]);
    }
    expect(restarts).toEqual([1, 2, 3, 4]);
    expect(JSON.stringify(containerOf(await cluster.get(`${CORE}/pods/one`)))).toContain(
      "back-off 1m20s restarting failed container=c pod=one_default(",
    );
  });

  test("a readiness gate holds the pod back until its condition is true", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${CORE}/pods`, pod("one", "ready", { readinessGates: [{ conditionType: "example.com/open" }] }));
    await cluster.advance(3000);
    const held = await cluster.get(`${CORE}/pods/one`);
    expect(conditionsOf(held)).toContain("Ready=False ReadinessGatesNotReady");
    const conditions = [...((held.status?.["conditions"] ?? []) as unknown[]), { type: "example.com/open", status: "True" }];
    await cluster.request("PATCH", `${CORE}/pods/one/status`, { status: { conditions } });
    expect(conditionsOf(await cluster.get(`${CORE}/pods/one`))).toContain("Ready=True");
  });

  test("rules tell by label, image and namespace; the pod's own annotations come first", async () => {
    const cluster = await startCluster({
      podRules: [{ hasLabels: ["never"], outcome: "pending" }, { imageContains: "bad", outcome: "image-pull-error" }, { afterMs: 5000 }],
    });
    const plain = (name: string, labels: Record<string, string>, image: string) => ({
      ...pod(name, ""),
      metadata: { name, labels },
      spec: { containers: [{ name: "c", image }] },
    });
    await cluster.request("POST", `${CORE}/pods`, plain("held", { never: "x" }, "web"));
    await cluster.request("POST", `${CORE}/pods`, plain("bad", {}, "bad:1"));
    await cluster.request("POST", `${CORE}/pods`, plain("slow", {}, "web"));
    await cluster.request("POST", `${CORE}/pods`, pod("own", "ready"));
    await cluster.advance(3000);
    const phases = (await cluster.list(`${CORE}/pods`)).map(({ metadata, status }) => `${metadata.name} ${String(status?.["phase"])}`);
    expect(phases).toEqual(["bad Pending", "held Pending", "own Running", "slow Pending"]);
    await cluster.advance(3000);
    expect((await cluster.get(`${CORE}/pods/slow`)).status?.["phase"]).toBe("Running");
  });
});

describe("nodes that go", () => {
  test("take their pods along after a while, and DaemonSets and Deployments make up for it", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 2 }));
    await cluster.advance(2000);
    await cluster.request("DELETE", "/api/v1/nodes/node-2");
    await cluster.advance(30_000);
    expect(await cluster.list(`${CORE}/pods`)).toHaveLength(2);
    await cluster.advance(15_000);
    const nodes = (await cluster.list(`${CORE}/pods`)).map((one) => one.spec?.["nodeName"]);
    expect(nodes).toEqual(["node-1", "node-1"]);
  });
});

describe("the scheduler", () => {
  test("spreads pods, and says why one cannot be placed until it can", async () => {
    const cluster = await startCluster();
    for (const name of ["a", "b", "c", "d"]) await cluster.request("POST", `${CORE}/pods`, pod(name, "ready"));
    const nodes = (await cluster.list(`${CORE}/pods`)).map((one) => one.spec?.["nodeName"]);
    expect(nodes.toSorted()).toEqual(["node-1", "node-1", "node-2", "node-2"]);
    await cluster.request("PATCH", "/api/v1/nodes/node-1", { spec: { unschedulable: true } });
    await cluster.request("POST", `${CORE}/pods`, pod("picky", "ready", { nodeSelector: { disk: "ssd" } }));
    await cluster.request("POST", `${CORE}/pods`, pod("other", "ready"));
    expect((await cluster.get(`${CORE}/pods/other`)).spec?.["nodeName"]).toBe("node-2");
    const pending = await cluster.get(`${CORE}/pods/picky`);
    expect(conditionsOf(pending)).toEqual(["PodScheduled=False Unschedulable"]);
    await cluster.request("PATCH", "/api/v1/nodes/node-2", { metadata: { labels: { disk: "ssd" } } });
    expect((await cluster.get(`${CORE}/pods/picky`)).spec?.["nodeName"]).toBe("node-2");
  });
});
