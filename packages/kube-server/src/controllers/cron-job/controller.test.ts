// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { BATCH, startCluster } from "../../../test-support/cluster.ts";

function cron(spec: Record<string, unknown>, annotations: Record<string, string> = {}) {
  const pod = { restartPolicy: "Never", containers: [{ name: "c", image: "task:1" }] };
  const jobTemplate = { metadata: { labels: { from: "cron" } }, spec: { template: { metadata: { annotations }, spec: pod } } };
  return { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "tick" }, spec: { schedule: "* * * * *", jobTemplate, ...spec } };
}

const SLOW = { "simulation.flux-ts.dev/after-ms": "150000" };

describe("CronJobs", () => {
  test("each minute starts a Job named by it, and only the last few are kept", async () => {
    const cluster = await startCluster();
    await cluster.request("POST", `${BATCH}/cronjobs`, cron({ successfulJobsHistoryLimit: 2 }));
    await cluster.advance(4 * 60_000 + 5000);
    const jobs = await cluster.list(`${BATCH}/jobs`);
    const minute = Date.parse("2026-01-01T00:00:00Z") / 60_000;
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual([`tick-${minute + 3}`, `tick-${minute + 4}`]);
    expect(jobs[0]?.metadata).toMatchObject({
      labels: { from: "cron" },
      annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": "2026-01-01T00:03:00Z" },
    });
    expect((await cluster.get(`${BATCH}/cronjobs/tick`)).status).toEqual({
      lastScheduleTime: "2026-01-01T00:04:00Z",
      lastSuccessfulTime: expect.stringMatching(/^2026-01-01T00:04:0/),
    });
    expect(cluster.errors).toEqual([]);
  });

  test.each([
    ["Allow", 3],
    ["Forbid", 1],
    ["Replace", 1],
  ])("with %s at most %i run at once", async (concurrencyPolicy, running) => {
    const cluster = await startCluster();
    await cluster.request("POST", `${BATCH}/cronjobs`, cron({ concurrencyPolicy }, SLOW));
    await cluster.advance(3 * 60_000 + 5000);
    const { active } = (await cluster.get(`${BATCH}/cronjobs/tick`)).status as { active: unknown[] };
    expect(active).toHaveLength(running);
  });

  test("a Job that somebody else made is not counted; a suspended schedule starts nothing", async () => {
    const cluster = await startCluster();
    const { metadata } = await cluster.request("POST", `${BATCH}/cronjobs`, cron({ suspend: true }));
    const owner = { apiVersion: "batch/v1", kind: "CronJob", name: "tick", uid: metadata.uid, controller: true };
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "task:1" }] } };
    const manual = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "by-hand", ownerReferences: [owner] }, spec: { template } };
    await cluster.request("POST", `${BATCH}/jobs`, manual);
    await cluster.advance(120_000);
    expect((await cluster.get(`${BATCH}/cronjobs/tick`)).status).toEqual({ lastSuccessfulTime: expect.any(String) });
    expect(await cluster.list(`${BATCH}/jobs`)).toHaveLength(1);
  });
});
