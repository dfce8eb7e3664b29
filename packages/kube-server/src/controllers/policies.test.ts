// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { APPS, CORE, conditionsOf, startCluster, workload } from "../../test-support/cluster.ts";

const BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
const AUTOSCALERS = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";

describe("PodDisruptionBudgets", () => {
  test.each([
    [{ minAvailable: 2 }, { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 }],
    [{ minAvailable: "50%" }, { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 }],
    [{ maxUnavailable: 1 }, { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 }],
    [{ maxUnavailable: 0 }, { disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 3, expectedPods: 3 }],
  ])("%j of three healthy pods", async (limits, expected) => {
    const cluster = await startCluster();
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 3 }));
    await cluster.advance(2000);
    const spec = { selector: { matchLabels: { app: "web" } }, ...limits };
    await cluster.request("POST", BUDGETS, { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "web" }, spec });
    const budget = await cluster.get(`${BUDGETS}/web`);
    expect(budget.status).toMatchObject({ ...expected, observedGeneration: 1 });
    const reason = expected.disruptionsAllowed > 0 ? "True SufficientPods" : "False InsufficientPods";
    expect(conditionsOf(budget)).toEqual([`DisruptionAllowed=${reason}`]);
  });

  test("pods without a controller count only against a number", async () => {
    const cluster = await startCluster();
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "bare", labels: { app: "x" } },
      spec: { containers: [{ name: "c", image: "x" }] },
    };
    await cluster.request("POST", `${CORE}/pods`, pod);
    await cluster.advance(2000);
    const spec = { selector: {}, maxUnavailable: 1 };
    await cluster.request("POST", BUDGETS, { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "all" }, spec });
    expect((await cluster.get(`${BUDGETS}/all`)).status).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0, currentHealthy: 1 });
  });
});

describe("HorizontalPodAutoscalers without metrics", () => {
  const autoscaler = (spec: Record<string, unknown>) => ({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3, ...spec },
  });

  test.each([
    [1, { minReplicas: 2 }, 2],
    [5, {}, 3],
    [2, {}, 2],
    [0, { minReplicas: 2 }, 0],
  ])("%i replicas and %j: %i", async (replicas, spec, expected) => {
    const cluster = await startCluster();
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas }));
    await cluster.request("POST", AUTOSCALERS, autoscaler(spec));
    await cluster.advance(14_000);
    expect((await cluster.get(`${APPS}/deployments/web`)).spec).toMatchObject({ replicas });
    await cluster.advance(1000);
    expect((await cluster.get(`${APPS}/deployments/web`)).spec).toMatchObject({ replicas: expected });
    await cluster.advance(15_000);
    const active = expected === 0 ? "ScalingActive=False ScalingDisabled" : "ScalingActive=False FailedGetResourceMetric";
    expect(conditionsOf(await cluster.get(`${AUTOSCALERS}/web`))).toEqual(["AbleToScale=True SucceededGetScale", active]);
    expect(cluster.errors).toEqual([]);
  });

  test("the target may come later, and is found at the next look", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", AUTOSCALERS, autoscaler({ minReplicas: 2 }));
    await cluster.advance(15_000);
    expect(conditionsOf(await cluster.get(`${AUTOSCALERS}/web`))).toEqual(["AbleToScale=False FailedGetScale"]);
    await cluster.request("POST", `${APPS}/deployments`, workload("Deployment", "web", { replicas: 1 }));
    expect((await cluster.get(`${APPS}/deployments/web`)).spec).toMatchObject({ replicas: 1 });
    await cluster.advance(15_000);
    expect((await cluster.get(`${APPS}/deployments/web`)).spec).toMatchObject({ replicas: 2 });
  });
});
