// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from "vitest";
import type { Transport } from "@flux-ts/kube-core";
import { createClient, type Client } from "@flux-ts/kube-client";
import { createApiServer } from "@flux-ts/kube-server";
import { TestClock } from "@flux-ts/testbed/clock";
import { silentLogger } from "../logger.ts";
import { acquireLeadership, leaseName, type Leadership } from "./leader-elector.ts";

const lease = leaseName("kustomize-controller");

interface Candidate {
  readonly leadership: Promise<Leadership>;
  readonly give: (up: Error) => void;
  isLeading: boolean;
}

function setUp(): {
  clock: TestClock;
  admin: Client;
  cut: (isCut: boolean) => void;
  candidate: (identity: string, releaseOnCancel?: boolean) => Candidate;
  pass: (ms: number) => Promise<void>;
} {
  const clock = new TestClock();
  const server = createApiServer({ clock, random: () => 0.5 });
  let isCut = false;
  const transport: Transport = (request) => (isCut ? Promise.reject(new Error("connection refused")) : server.transport(request));
  const client = createClient(transport, { userAgent: "kustomize-controller/test" });
  const pass = async (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    for (;;) {
      for (let round = 0; round < 8; round += 1) await new Promise((resolve) => setImmediate(resolve));
      const next = clock.nextDueAt;
      if (next === undefined || next > end) break;
      clock.advanceTo(next);
    }
    clock.advanceTo(end);
  };
  return {
    clock,
    admin: createClient(server.transport, { userAgent: "admin" }),
    cut: (cutNow) => {
      isCut = cutNow;
    },
    pass,
    candidate(identity, releaseOnCancel = true) {
      const abort = new AbortController();
      const leadership = acquireLeadership(
        { client, clock, random: () => 0.5, log: silentLogger, namespace: "kube-system", lease, identity, releaseOnCancel },
        abort.signal,
      );
      const made: Candidate = { leadership, give: (up) => abort.abort(up), isLeading: false };
      leadership.then(
        () => (made.isLeading = true),
        () => {},
      );
      onTestFinished(() => abort.abort(new Error("over")));
      return made;
    },
  };
}

const read = (admin: Client): Promise<unknown> =>
  admin
    .get({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: "kube-system", name: lease })
    .then((object) => object["spec"]);

test("lease names are those of Flux, one for every shard", () => {
  expect(leaseName("kustomize-controller")).toBe("kustomize-controller-leader-election");
  expect(leaseName("kustomize-controller", "sharding.fluxcd.io/key=shard1")).toMatch(/^kustomize-controller-leader-election-[0-9a-f]{8}$/);
});

test("the first candidate leads, renews every 5 s, and others wait", async () => {
  const { admin, candidate, pass } = setUp();
  const a = candidate("a");
  await pass(0);
  const b = candidate("b");
  await pass(600_000);
  expect([a.isLeading, b.isLeading]).toEqual([true, false]);
  expect(await read(admin)).toEqual({
    holderIdentity: "a",
    leaseDurationSeconds: 35,
    acquireTime: "2026-01-01T00:00:00.000000Z",
    renewTime: "2026-01-01T00:10:00.000000Z",
    leaseTransitions: 0,
  });
});

test("a leader that ends gives the lease back, and the next one takes it at its next try", async () => {
  const { admin, candidate, pass } = setUp();
  const a = candidate("a");
  await pass(0);
  const b = candidate("b");
  await pass(20_000);
  await (await a.leadership).release();
  await pass(9000);
  expect(b.isLeading).toBe(true);
  expect(await read(admin)).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
});

test("a leader that vanishes is followed after the lease duration, not before", async () => {
  const { admin, candidate, pass, clock } = setUp();
  await admin.create({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: lease, namespace: "kube-system" },
    spec: {
      holderIdentity: "gone",
      leaseDurationSeconds: 35,
      renewTime: "2020-01-01T00:00:00.000000Z",
      acquireTime: "2020-01-01T00:00:00.000000Z",
      leaseTransitions: 3,
    },
  });
  const b = candidate("b");
  const start = clock.now();
  await pass(34_000);
  expect(b.isLeading).toBe(false);
  await pass(10_000);
  expect(b.isLeading).toBe(true);
  expect(clock.now() - start).toBeLessThan(45_000);
  expect(await read(admin)).toMatchObject({ holderIdentity: "b", leaseTransitions: 4 });
});

test("a leader that cannot renew gives up after the deadline, before anybody else can lead", async () => {
  const { candidate, pass, cut } = setUp();
  const a = candidate("a");
  await pass(0);
  const { signal } = await a.leadership;
  await pass(10_000);
  cut(true);
  await pass(29_000);
  expect(signal.aborted).toBe(false);
  await pass(6000);
  expect(signal.aborted).toBe(true);
});

test("a short loss of the API server costs nobody the lease", async () => {
  const { candidate, pass, cut } = setUp();
  const a = candidate("a");
  await pass(0);
  cut(true);
  await pass(20_000);
  cut(false);
  await pass(60_000);
  expect((await a.leadership).signal.aborted).toBe(false);
});

test("a lease that somebody else took is lost at once; a foreign label on it is none of our business", async () => {
  const { admin, candidate, pass } = setUp();
  const a = candidate("a");
  await pass(0);
  const ref = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", namespace: "kube-system", name: lease };
  await admin.patch(ref, { metadata: { labels: { team: "x" } } }, { type: "merge" });
  await pass(10_000);
  expect((await a.leadership).signal.aborted).toBe(false);
  expect((await admin.get(ref)).metadata.labels).toEqual({ team: "x" });
  await admin.patch(ref, { spec: { holderIdentity: "thief" } }, { type: "merge" });
  await pass(6000);
  expect((await a.leadership).signal.aborted).toBe(true);
});

test("a candidate that is stopped stops waiting", async () => {
  const { candidate, pass } = setUp();
  candidate("a");
  await pass(0);
  const b = candidate("b");
  await pass(10_000);
  b.give(new Error("stopped"));
  await expect(b.leadership).rejects.toThrow("stopped");
});

test("a lease that is not to be released runs out by itself", async () => {
  const { admin, candidate, pass } = setUp();
  const a = candidate("a", false);
  await pass(0);
  await (await a.leadership).release();
  expect(await read(admin)).toMatchObject({ holderIdentity: "a" });
  const b = candidate("b");
  await pass(30_000);
  expect(b.isLeading).toBe(false);
  await pass(15_000);
  expect(b.isLeading).toBe(true);
});
