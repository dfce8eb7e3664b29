// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { configMap, createFleet, deployment, type Fleet } from "./fleet.ts";

/** As if the Deployment's controller had brought it up. */
async function bringUp(fleet: Fleet, name: string): Promise<void> {
  const live = await fleet.world.get("Deployment", name);
  const status = {
    observedGeneration: live?.metadata.generation,
    replicas: 1,
    updatedReplicas: 1,
    readyReplicas: 1,
    availableReplicas: 1,
    conditions: [
      { type: "Available", status: "True", reason: "MinimumReplicasAvailable", lastTransitionTime: "2026-01-01T00:00:00Z" },
      { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", lastTransitionTime: "2026-01-01T00:00:00Z" },
    ],
  };
  const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default", name };
  await fleet.world.client.patch(ref, { status }, { type: "merge", fieldManager: "deployment-controller", subresource: "status" });
  await fleet.world.settle();
}

const conditions = async (fleet: Fleet): Promise<readonly string[]> =>
  ((await fleet.status()).conditions ?? []).map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`);

test("S-098, S-102: waiting ends when the Deployment is up, without time passing", async () => {
  await using fleet = await createFleet();
  const revision = await fleet.commit({ "web.yaml": deployment("web"), "one.yaml": configMap("one", {}) });
  await fleet.kustomize({ wait: true, timeout: "5m" });
  await fleet.world.advance("1s");
  expect(await conditions(fleet)).toContain(
    `Reconciling True Progressing: Running health checks for revision ${revision} with a timeout of 5m0s`,
  );
  expect(await conditions(fleet)).toContain("Ready Unknown Progressing: Reconciliation in progress");

  await bringUp(fleet, "web");
  expect(await conditions(fleet)).toEqual([
    `Ready True ReconciliationSucceeded: Applied revision: ${revision}`,
    "Healthy True Succeeded: Health check passed in 1s",
  ]);
  expect(fleet.told().map(([, , message]) => message)).toContain("Health check passed in 1s");
});

test("S-107, S-213: what is not healthy in time fails, names what it waits for, and keeps the last good revision", async () => {
  await using fleet = await createFleet();
  const good = await fleet.commit({ "one.yaml": configMap("one", {}) });
  await fleet.kustomize({ wait: true, timeout: "1m", retryInterval: "2m" });
  const bad = await fleet.commit({ "one.yaml": configMap("one", {}), "web.yaml": deployment("web") });
  await fleet.world.advance("1m");

  const problem = "timeout waiting for: [Deployment/default/web status: 'InProgress']";
  expect(await conditions(fleet)).toEqual([
    `Reconciling True ProgressingWithRetry: Running health checks for revision ${bad} with a timeout of 1m0s`,
    `Ready False HealthCheckFailed: health check failed after 1m0s: ${problem}`,
    `Healthy False HealthCheckFailed: ${problem}`,
  ]);
  const status = await fleet.status();
  expect([status.lastAppliedRevision, status.lastAttemptedRevision]).toEqual([good, bad]);
  expect(status.inventory?.entries.map(({ id }) => id)).toEqual(["default_one__ConfigMap", "default_web_apps_Deployment"]);

  await bringUp(fleet, "web");
  await fleet.world.advance("2m");
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${bad}`);
});

test("spec §6: a timeout under 30 s is 30 s", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": deployment("web") });
  await fleet.kustomize({ wait: true, timeout: "8s" });
  await fleet.world.advance("29s");
  expect(await fleet.world.ready("Kustomization", "app")).toBe("Unknown Progressing: Reconciliation in progress");
  await fleet.world.advance("1s");
  expect(await fleet.world.ready("Kustomization", "app")).toContain("False HealthCheckFailed: health check failed after 30s");
});

test("S-101: only what healthChecks names is waited for, and with wait the list is not looked at (G-HLT-1)", async () => {
  await using fleet = await createFleet();
  const revision = await fleet.commit({ "good.yaml": deployment("good"), "bad.yaml": deployment("bad") });
  const healthChecks = [{ apiVersion: "apps/v1", kind: "Deployment", name: "good", namespace: "default" }];
  await fleet.kustomize({ healthChecks });
  await bringUp(fleet, "good");
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${revision}`);

  await fleet.kustomize({ healthChecks, wait: true, timeout: "30s" });
  await fleet.world.advance("30s");
  expect(await fleet.world.ready("Kustomization", "app")).toContain("[Deployment/default/bad status: 'InProgress']");
});

test("S-209: a failure ends the waiting at once (G-HLT-2)", async () => {
  await using fleet = await createFleet();
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j" },
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "x" }] } } },
  };
  await fleet.commit({ "job.yaml": JSON.stringify(job), "web.yaml": deployment("web") });
  await fleet.kustomize({ wait: true });
  const ref = { apiVersion: "batch/v1", kind: "Job", namespace: "default", name: "j" };
  const status = {
    startTime: "2026-01-01T00:00:00Z",
    failed: 1,
    conditions: [
      { type: "FailureTarget", status: "True", reason: "BackoffLimitExceeded", lastTransitionTime: "2026-01-01T00:00:00Z" },
      { type: "Failed", status: "True", reason: "BackoffLimitExceeded", lastTransitionTime: "2026-01-01T00:00:00Z" },
    ],
  };
  await fleet.world.client.patch(ref, { status }, { type: "merge", fieldManager: "job-controller", subresource: "status" });
  await fleet.world.settle();
  expect(await fleet.world.ready("Kustomization", "app")).toBe(
    "False HealthCheckFailed: health check failed after 0s: failed early due to stalled resources: [Job/default/j status: 'Failed']",
  );
});

test("waiting holds no worker: as many as like wait at once", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web/web.yaml": deployment("web"), "one/one.yaml": configMap("one", {}) });
  for (const name of ["a", "b", "c", "d", "e", "f"]) await fleet.kustomize({ path: "web", wait: true, targetNamespace: "default" }, name);
  await fleet.kustomize({ path: "one" }, "quick");
  expect(await fleet.world.ready("Kustomization", "quick")).toMatch(/^Applied revision/);
});

test("with the gate CancelHealthCheckOnNewRevision, a newer revision ends the wait (G-HLT-4)", async () => {
  await using fleet = await createFleet({ features: { cancelHealthCheckOnNewRevision: true } });
  await fleet.commit({ "one.yaml": configMap("one", {}) });
  await fleet.kustomize({ wait: true, timeout: "5m" });
  await fleet.commit({ "web.yaml": deployment("web") });
  await fleet.world.advance("1s");
  expect(await fleet.world.ready("Kustomization", "app")).toBe("Unknown Progressing: Reconciliation in progress");

  const fixed = await fleet.commit({ "one.yaml": configMap("one", {}) });
  expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${fixed}`);
  expect(fleet.told()).toContainEqual([
    "Normal",
    "HealthCheckCanceled",
    "Health checks canceled due to new reconciliation triggered by GitRepository/default/app",
  ]);
  expect((await fleet.status()).history?.map(({ lastReconciledStatus }) => lastReconciledStatus)).toEqual([
    "ReconciliationSucceeded",
    "HealthCheckFailed",
  ]);
});

test("without the gate the wait goes on", async () => {
  await using fleet = await createFleet();
  await fleet.commit({ "web.yaml": deployment("web") });
  await fleet.kustomize({ wait: true, timeout: "5m" });
  await fleet.commit({ "one.yaml": configMap("one", {}) });
  await fleet.world.advance("1m");
  expect(await fleet.world.ready("Kustomization", "app")).toBe("Unknown Progressing: Reconciliation in progress");
});

test("a wait shows the condition Healthy as unknown, from the beginning (G-HLT-3)", async () => {
  await using fleet = await createFleet();
  const revision = await fleet.commit({ "web.yaml": deployment("web") });
  await fleet.kustomize({ wait: true, timeout: "5m" });
  await fleet.world.advance("1s");
  const running = `Running health checks for revision ${revision} with a timeout of 5m0s`;
  expect(await conditions(fleet)).toContain(`Healthy Unknown Progressing: ${running}`);
});

describe("healthCheckExprs (G-HLT-5)", () => {
  const settings = (check: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> => ({
    wait: true,
    timeout: "1m",
    healthCheckExprs: [{ apiVersion: "v1", kind: "ConfigMap", ...check }],
  });
  const phase = { inProgress: "data.phase == 'busy'", failed: "data.phase == 'bad'", current: "data.phase == 'good'" };

  test("S-209: an object of the kind is healthy when they say so, without time passing", async () => {
    await using fleet = await createFleet();
    const revision = await fleet.commit({ "one.yaml": configMap("one", {}) });
    await fleet.kustomize(settings({ ...phase, inProgress: "!has(data.phase)" }));
    await fleet.world.advance("1s");
    expect(await fleet.world.ready("Kustomization", "app")).toBe("Unknown Progressing: Reconciliation in progress");

    await fleet.world.patch("ConfigMap", "one", { data: { phase: "good" } });
    await fleet.world.settle();
    expect(await fleet.world.ready("Kustomization", "app")).toBe(`Applied revision: ${revision}`);
  });

  test("one that they call failed ends the wait", async () => {
    await using fleet = await createFleet();
    await fleet.commit({ "one.yaml": configMap("one", { phase: "bad" }) });
    await fleet.kustomize(settings(phase));
    expect(await fleet.world.ready("Kustomization", "app")).toContain("resources: [ConfigMap/default/one status: 'Failed']");
  });

  test("one that they cannot be evaluated for is waited for, and the reason is told", async () => {
    await using fleet = await createFleet();
    await fleet.commit({ "one.yaml": configMap("one", {}) });
    await fleet.kustomize(settings({ current: "status.phase == 'good'" }));
    await fleet.world.advance("1m");
    expect(await fleet.world.ready("Kustomization", "app")).toContain(
      "timeout waiting for: [ConfigMap/default/one status: 'Unknown': failed to evaluate the CEL expression 'status.phase == 'good'': no such attribute(s): status]",
    );
  });

  test("those that are none stall before anything is looked for", async () => {
    await using fleet = await createFleet();
    await fleet.kustomize(settings({ current: "status.(" }));
    const problem =
      "Reconciliation failed terminally due to configuration error: failed to create custom status evaluator for healthchecks[0]: failed to parse the expression Current: failed to parse the CEL expression 'status.('";
    expect(await fleet.world.ready("Kustomization", "app")).toContain(`False InvalidCELExpression: ${problem}`);
    expect((await conditions(fleet)).find((text) => text.startsWith("Stalled"))).toContain(problem);
    expect((await fleet.status()).observedGeneration).toBe(1);
    expect(fleet.told().map(([type, reason]) => [type, reason])).toEqual([["Warning", "InvalidCELExpression"]]);
  });
});
