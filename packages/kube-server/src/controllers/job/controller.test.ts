// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { BATCH, CORE, conditionsOf, job, startCluster } from "../../../test-support/cluster.ts";

const FAILING = { "simulation.flux-ts.dev/outcome": "fail", "simulation.flux-ts.dev/exit-code": "42" };

describe("Jobs", () => {
  test("a Job completes when enough pods have succeeded, and lets its pods go", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${BATCH}/jobs`, job("once", { completions: 3, parallelism: 2 }));
    expect((await cluster.get(`${BATCH}/jobs/once`)).status).toMatchObject({ active: 2, ready: 0, terminating: 0 });
    await cluster.advance(5000);
    const done = await cluster.get(`${BATCH}/jobs/once`);
    expect(done.status).toMatchObject({ succeeded: 3, uncountedTerminatedPods: {}, completionTime: expect.any(String) });
    expect(conditionsOf(done)).toEqual(["SuccessCriteriaMet=True CompletionsReached", "Complete=True CompletionsReached"]);
    const pods = await cluster.list(`${CORE}/pods`);
    expect(pods.map((pod) => [pod.metadata.generateName, pod.status?.["phase"], pod.metadata.finalizers])).toEqual(
      Array.from({ length: 3 }, () => ["once-", "Succeeded", undefined]),
    );
    expect(cluster.errors).toEqual([]);
  });

  test("failed pods are replaced after 10 s, 20 s …, until the limit is passed", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${BATCH}/jobs`, job("bad", { backoffLimit: 2 }, FAILING));
    await cluster.advance(1500);
    expect((await cluster.get(`${BATCH}/jobs/bad`)).status).toMatchObject({ failed: 1 });
    await cluster.advance(9000);
    expect(await cluster.list(`${CORE}/pods`)).toHaveLength(1);
    await cluster.advance(60_000);
    const failed = await cluster.get(`${BATCH}/jobs/bad`);
    expect(failed.status).toMatchObject({ failed: 3 });
    expect(conditionsOf(failed)).toEqual(["FailureTarget=True BackoffLimitExceeded", "Failed=True BackoffLimitExceeded"]);
  });

  test("an indexed Job works each index off once, and tells which are done", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${BATCH}/jobs`, job("each", { completionMode: "Indexed", completions: 5, parallelism: 3 }));
    const [first] = await cluster.list(`${CORE}/pods`);
    expect(first?.metadata).toMatchObject({ labels: { "batch.kubernetes.io/job-completion-index": "0" }, generateName: "each-0-" });
    expect(first?.spec).toMatchObject({ hostname: "each-0", containers: [{ env: [{ name: "JOB_COMPLETION_INDEX" }] }] });
    await cluster.advance(1000);
    expect((await cluster.get(`${BATCH}/jobs/each`)).status).toMatchObject({ completedIndexes: "0-2", succeeded: 3, active: 2 });
    await cluster.advance(5000);
    expect((await cluster.get(`${BATCH}/jobs/each`)).status).toMatchObject({ completedIndexes: "0-4", succeeded: 5 });
  });

  test("with a limit per index a broken index does not stop the others", async () => {
    const cluster = await startCluster({ podRules: [{ labels: { "batch.kubernetes.io/job-completion-index": "1" }, outcome: "fail" }] });
    const spec = { completionMode: "Indexed", completions: 3, parallelism: 3, backoffLimitPerIndex: 1 };
    await cluster.request("POST", `${BATCH}/jobs`, job("each", spec));
    await cluster.advance(60_000);
    const ended = await cluster.get(`${BATCH}/jobs/each`);
    expect(ended.status).toMatchObject({ completedIndexes: "0,2", failedIndexes: "1", failed: 2 });
    expect(conditionsOf(ended)).toContain("Failed=True FailedIndexes");
  });

  test("a failure policy ends the Job, or ignores the pod", async () => {
    const cluster = await startCluster();
    const rule = (action: string) => ({ podFailurePolicy: { rules: [{ action, onExitCodes: { operator: "In", values: [42] } }] } });
    await cluster.request("POST", `${BATCH}/jobs`, job("stops", rule("FailJob"), FAILING));
    await cluster.request("POST", `${BATCH}/jobs`, job("goes-on", { ...rule("Ignore"), backoffLimit: 0 }, FAILING));
    await cluster.advance(3000);
    const stopped = await cluster.get(`${BATCH}/jobs/stops`);
    expect(conditionsOf(stopped)).toContain("Failed=True PodFailurePolicy");
    expect(JSON.stringify(stopped.status)).toMatch(
      /Container c for pod default\/stops-\w+ failed with exit code 42 matching FailJob rule at index 0/,
    );
    expect(conditionsOf(await cluster.get(`${BATCH}/jobs/goes-on`))).toEqual([]);
  });

  test("a suspended Job has no pods, and starts anew when it goes on", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${BATCH}/jobs`, job("later", { suspend: true }));
    const suspended = await cluster.get(`${BATCH}/jobs/later`);
    expect([conditionsOf(suspended), suspended.status?.["startTime"]]).toEqual([["Suspended=True JobSuspended"], undefined]);
    await cluster.request("PATCH", `${BATCH}/jobs/later`, { spec: { suspend: false } });
    await cluster.advance(3000);
    expect(conditionsOf(await cluster.get(`${BATCH}/jobs/later`))).toEqual([
      "Suspended=False JobResumed",
      "SuccessCriteriaMet=True CompletionsReached",
      "Complete=True CompletionsReached",
    ]);
  });

  test("a deleted Job takes its pods along, finalizers and all; a finished one goes after its time", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${BATCH}/jobs`, job("gone"));
    await cluster.request("DELETE", `${BATCH}/jobs/gone`, { propagationPolicy: "Background" });
    await cluster.request("POST", `${BATCH}/jobs`, job("short", { ttlSecondsAfterFinished: 10 }));
    await cluster.advance(15_000);
    expect(await cluster.list(`${BATCH}/jobs`)).toEqual([]);
    expect(await cluster.list(`${CORE}/pods`)).toEqual([]);
  });
});
