// SPDX-License-Identifier: Apache-2.0
import { EventEmitter } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { createApiServer } from "@flux-ts/kube-server";
import { createClient, systemClock } from "@flux-ts/kube-client";
import { conditionList, defineKind, toCustomResourceDefinition } from "@flux-ts/kube-core";
import { boolean, integer, object, optional } from "@flux-ts/kube-core/schema";
import { createCompute } from "../compute/create-compute.ts";
import { busyJob } from "../compute/test-jobs.ts";
import { conditionsOf } from "../conditions.ts";
import { configure, defineController } from "../controller.ts";
import { acquireLeadership, leaseName } from "../leader/leader-elector.ts";
import { silentLogger } from "../logger.ts";
import { createManager, type Manager } from "../manager.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { leadManager, type LedManager } from "./lead-manager.ts";
import { healthProbes, parseListenAddress, serveProbes } from "./serve-probes.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

const Build = defineKind({
  group: "example.com",
  version: "v1",
  kind: "Build",
  plural: "builds",
  description: "Something that takes time.",
  spec: object({ large: optional(boolean()) }),
  status: object({ conditions: optional(conditionList()), observedGeneration: optional(integer()) }),
  reasons: { Succeeded: "Built.", Failed: "Not built." },
});
const ref = (name: string): { apiVersion: string; kind: string; name: string; namespace: string } => ({
  apiVersion: "example.com/v1",
  kind: "Build",
  name,
  namespace: "default",
});
const lease = leaseName("build-controller");
const busyMs = 2500;

interface Running {
  readonly client: ReturnType<typeof createClient>;
  readonly manager: Manager;
  readonly led: LedManager;
  readonly metrics: Metrics;
  readonly url: string;
  readonly lost: unknown[];
  isReady: (name: string) => Promise<boolean>;
  create: (name: string, large: boolean) => Promise<void>;
}

/** A process as the composition root makes it, with a controller that builds. */
async function run(): Promise<Running> {
  const clock = systemClock();
  const server = createApiServer({ clock });
  const client = createClient(server.transport, { userAgent: "test" });
  await client.create(toCustomResourceDefinition(Build));
  const pool = createCompute({ clock, workerUrl: new URL("../compute/test-worker.ts", import.meta.url) });
  const queues: { manager?: Manager } = {};
  const metrics = createMetrics({ controllers: ["build"], queues: () => queues.manager?.queues ?? [], withProcess: false });
  const controller = configure(
    defineController<typeof Build, undefined>({
      component: "build-controller",
      kind: Build,
      finalizer: "finalizers.example.com",
      watches: [],
      intervalMs: () => 3_600_000,
      defaultReason: "Failed",
      async reconcile({ spec }, { compute, signal }) {
        if (spec.large) await compute(busyJob, busyMs, { sizeBytes: 1_000_000, signal });
        return { reason: "Succeeded", message: "built" };
      },
    }),
    undefined,
  );
  const manager = createManager({
    controllers: [controller],
    transport: server.transport,
    clock,
    random: Math.random,
    log: silentLogger,
    compute: pool.compute,
    version: "test",
    metrics,
    events: () => ({ emit() {}, flush: async () => {} }),
  });
  queues.manager = manager;
  const lost: unknown[] = [];
  const led = leadManager({
    manager,
    acquire: (component, signal) =>
      acquireLeadership(
        {
          client,
          clock,
          random: Math.random,
          log: silentLogger,
          namespace: "kube-system",
          lease: leaseName(component),
          identity: "me",
          leaseDurationMs: 2000,
          renewDeadlineMs: 1500,
          retryPeriodMs: 50,
        },
        signal,
      ),
    onLost: (_, reason) => lost.push(reason),
  });
  const probes = await serveProbes(
    { host: "127.0.0.1", port: 0 },
    {
      ...healthProbes(() => led.isReady),
      "/metrics": async () => ({ status: 200, body: await metrics.text(), contentType: metrics.contentType }),
    },
  );
  onTestFinished(async () => {
    await led.stop(0);
    await pool.close();
    await probes.close();
    server.close();
  });
  return {
    client,
    manager,
    led,
    metrics,
    url: `http://127.0.0.1:${probes.port}`,
    lost,
    isReady: async (name) => conditionsOf(await client.get(ref(name))).some(({ type, status }) => type === "Ready" && status === "True"),
    create: async (name, large) =>
      void (await client.create({
        apiVersion: "example.com/v1",
        kind: "Build",
        metadata: { name, namespace: "default" },
        spec: { large },
      })),
  };
}

const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("while a large build runs, the lease is renewed, probes are answered and another object is reconciled", async () => {
  const { manager, create, isReady, client, url, lost, metrics } = await run();
  await until(() => manager.isReady);
  await create("large", true);
  await until(() => manager.running.length === 1);
  const renewals = new Set<unknown>();
  let answers = 0;
  let slowest = 0;
  await create("quick", false);
  while (!(await isReady("large"))) {
    const began = performance.now();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - began);
    answers += 1;
    renewals.add(
      (await client.get({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: "kube-system", name: lease }))["spec"],
    );
    if (answers === 20) expect(await isReady("quick")).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // The build holds a processor for 2.5 s; a process that were held as long would answer a handful of times at most.
  expect(answers).toBeGreaterThan(40);
  expect(renewals.size).toBeGreaterThan(10);
  expect(slowest).toBeLessThan(busyMs / 2);
  expect(lost).toEqual([]);
  const text = await metrics.text();
  expect(text).toContain('controller_runtime_reconcile_total{controller="build",result="requeue_after"} 2');
  expect(text).toMatch(/gotk_reconcile_duration_seconds_count\{kind="Build",name="large",namespace="default"\} 1/);
  expect(text).toContain('controller_runtime_max_concurrent_reconciles{controller="build"} 4');
  expect(text).toContain('workqueue_depth{name="build"} 0');
});

test("a signal ends the process in order: not ready, running work broken off after its time, lease given back, exit 0", async () => {
  const { manager, led, create, client, url } = await run();
  await until(() => manager.isReady);
  await create("large", true);
  await until(() => manager.running.length === 1);
  const signals = new EventEmitter();
  const exits: number[] = [];
  const exited = new Promise<void>((resolve) => {
    stopOnSignals(
      signals,
      () => led.stop(100),
      (code) => {
        exits.push(code);
        resolve();
      },
    );
  });
  const began = performance.now();
  signals.emit("SIGTERM");
  expect((await fetch(`${url}/readyz`)).status).toBe(500);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  await exited;
  expect(exits).toEqual([0]);
  expect(performance.now() - began).toBeLessThan(busyMs);
  expect(
    (await client.get({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: "kube-system", name: lease }))["spec"],
  ).toMatchObject({ holderIdentity: "" });
});

test("a second signal exits at once", () => {
  const signals = new EventEmitter();
  const exits: number[] = [];
  stopOnSignals(
    signals,
    () => new Promise(() => {}),
    (code) => exits.push(code),
  );
  signals.emit("SIGTERM");
  expect(exits).toEqual([]);
  signals.emit("SIGINT");
  expect(exits).toEqual([1]);
});

test("a lease that is lost ends the process", async () => {
  const { manager, client, lost } = await run();
  await until(() => manager.isReady);
  await client.patch(
    { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: "kube-system", name: lease },
    { spec: { holderIdentity: "thief" } },
    { type: "merge" },
  );
  await until(() => lost.length > 0);
  expect(String(lost[0])).toContain("taken by somebody else");
});

test("probes answer GET of known paths and nothing else", async () => {
  const { url } = await run();
  expect(await (await fetch(`${url}/healthz`)).text()).toBe("ok");
  expect((await fetch(`${url}/nope`)).status).toBe(404);
  expect((await fetch(`${url}/healthz`, { method: "POST" })).status).toBe(405);
});

test.each([
  [":8080", { host: undefined, port: 8080 }],
  ["127.0.0.1:9440", { host: "127.0.0.1", port: 9440 }],
  ["[::1]:1", { host: "::1", port: 1 }],
  ["0", undefined],
  ["", undefined],
])("parseListenAddress(%j)", (address, expected) => {
  expect(parseListenAddress(address)).toEqual(expected);
});

test.each(["8080", "host:", ":99999", "a:b:1"])("parseListenAddress(%j) refuses", (address) => {
  expect(() => parseListenAddress(address)).toThrow(TypeError);
});
