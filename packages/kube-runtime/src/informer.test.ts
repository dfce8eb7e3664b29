// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from "vitest";
import type { KubeObject, Transport, TransportRequest } from "@flux-ts/kube-core";
import { createClient, type Client } from "@flux-ts/kube-client";
import { createApiServer } from "@flux-ts/kube-server";
import { TestClock } from "@flux-ts/testbed/clock";
import { Informer, type InformerOptions } from "./informer.ts";
import { silentLogger } from "./logger.ts";

const configMaps = { apiVersion: "v1", kind: "ConfigMap" };
const configMap = (name: string, value = "1", labels: Record<string, string> = {}): KubeObject => ({
  ...configMaps,
  metadata: { name, namespace: "default", labels },
  data: { value },
});

/** A server of our own, a transport that a test can break, and an informer over it. */
function setUp(options: Partial<InformerOptions> = {}): {
  admin: Client;
  informer: Informer;
  clock: TestClock;
  changes: string[];
  errors: unknown[];
  requests: TransportRequest[];
  intercept: (with_: ((request: TransportRequest) => Transport | undefined) | undefined) => void;
  start: () => void;
} {
  const clock = new TestClock();
  let seed = 1;
  const server = createApiServer({ clock, random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647, history: 20 });
  let interceptor: ((request: TransportRequest) => Transport | undefined) | undefined;
  const requests: TransportRequest[] = [];
  const transport: Transport = (request) => {
    requests.push(request);
    return (interceptor?.(request) ?? server.transport)(request);
  };
  const informer = new Informer({
    client: createClient(transport, { userAgent: "informer", pageSize: 3 }),
    kind: configMaps,
    namespace: "default",
    fieldSelector: "metadata.name!=kube-root-ca.crt",
    clock,
    random: () => 0.5,
    log: silentLogger,
    ...options,
  });
  const changes: string[] = [];
  const errors: unknown[] = [];
  informer.subscribe((before, after) => {
    const [object, sign] = after === undefined ? [before, "-"] : [after, before === undefined ? "+" : "~"];
    changes.push(`${sign}${object?.metadata.name ?? "?"}`);
  });
  informer.onError((error) => errors.push(error));
  const abort = new AbortController();
  onTestFinished(() => abort.abort(new Error("the test is over")));
  return {
    admin: createClient(server.transport, { userAgent: "admin" }),
    informer,
    clock,
    changes,
    errors,
    requests,
    intercept: (given) => {
      interceptor = given;
    },
    start: () => void informer.run(abort.signal),
  };
}

/** Until all that is ready to run has run: everything is in this process. */
async function quiet(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

const isWatch = (request: TransportRequest): boolean => request.query?.["watch"] === "true";

test("an informer lists page by page, then follows every change", async () => {
  const { admin, informer, changes, requests, start } = setUp();
  for (const name of ["a", "b", "c", "d"]) await admin.create(configMap(name));
  start();
  await informer.synced;
  expect(changes).toEqual(["+a", "+b", "+c", "+d"]);
  expect(requests.filter((request) => request.query?.["limit"] === "3")).toHaveLength(2);
  await quiet();
  await admin.create(configMap("e"));
  const [a] = [informer.get("default", "a")];
  await admin.update({ ...(a as KubeObject), data: { value: "2" } });
  await admin.delete({ ...configMaps, namespace: "default", name: "b" });
  await quiet();
  expect(changes.slice(4)).toEqual(["+e", "~a", "-b"]);
  expect(informer.get("default", "a")).toMatchObject({ data: { value: "2" } });
  expect(informer.get("default", "b")).toBeUndefined();
});

test("a watch that the server ends is resumed where it ended, without a list", async () => {
  const { admin, informer, changes, requests, clock, start } = setUp();
  start();
  await informer.synced;
  await quiet();
  await admin.create(configMap("a"));
  await quiet();
  const lists = requests.filter((request) => !isWatch(request)).length;
  clock.advanceTo(clock.now() + 3_600_000);
  await quiet();
  await admin.create(configMap("b"));
  await quiet();
  expect(changes).toEqual(["+a", "+b"]);
  expect(requests.filter((request) => !isWatch(request))).toHaveLength(lists);
  expect(requests.filter(isWatch).length).toBeGreaterThan(1);
  expect(informer.epoch).toBe(0);
});

test("what happened during a gap is seen afterwards, and a gap beyond the server's memory begins anew with a list and another epoch", async () => {
  const { admin, informer, changes, clock, intercept, start } = setUp();
  await admin.create(configMap("gone"));
  await admin.create(configMap("kept"));
  start();
  await informer.synced;
  await quiet();
  intercept((request) => (isWatch(request) ? () => Promise.reject(new Error("connection refused")) : undefined));
  clock.advanceTo(clock.now() + 3_600_000);
  await quiet();
  await admin.delete({ ...configMaps, namespace: "default", name: "gone" });
  for (let i = 0; i < 30; i += 1) await admin.create(configMap(`new-${i}`));
  intercept(undefined);
  clock.advanceTo(clock.now() + 120_000);
  await quiet();
  expect(informer.epoch).toBe(1);
  expect(informer.get("default", "gone")).toBeUndefined();
  expect(informer.size).toBe(31);
  expect(changes).toContain("-gone");
  expect(changes.filter((change) => change === "+kept")).toHaveLength(1);
});

test("an informer never gives up: errors of list and watch are told and retried with growing delays", async () => {
  const { admin, informer, errors, clock, intercept, start } = setUp();
  await admin.create(configMap("a"));
  let tries = 0;
  intercept(() => () => {
    tries += 1;
    return Promise.reject(new Error("connection refused"));
  });
  start();
  await quiet();
  const seen: number[] = [];
  for (let second = 0; second < 120; second += 1) {
    clock.advanceTo(clock.now() + 1000);
    await quiet();
    seen.push(tries);
  }
  expect(informer.isSynced).toBe(false);
  expect(errors.length).toBe(tries);
  expect(tries).toBeGreaterThan(5);
  expect(tries).toBeLessThan(15);
  intercept(undefined);
  clock.advanceTo(clock.now() + 60_000);
  await informer.synced;
  expect(informer.get("default", "a")).toBeDefined();
});

test("an object that makes no sense, and a line that is none, do not end the watch", async () => {
  const { admin, informer, changes, errors, intercept, start } = setUp();
  intercept((request) =>
    isWatch(request)
      ? async () => ({
          status: 200,
          headers: {},
          events: (async function* () {
            yield { type: "ADDED" as const, object: { ...configMaps, metadata: {} } };
            yield {
              type: "ERROR" as const,
              object: {
                kind: "Status",
                apiVersion: "v1",
                metadata: {},
                status: "Failure",
                code: 500,
                message: "a line could not be decoded",
              },
            };
            yield {
              type: "ADDED" as const,
              object: { ...configMap("sound"), metadata: { name: "sound", namespace: "default", uid: "u", resourceVersion: "999" } },
            };
            await new Promise((_, reject) => request.signal?.addEventListener("abort", () => reject(new Error("over"))));
          })(),
        })
      : undefined,
  );
  await admin.create(configMap("a"));
  start();
  await informer.synced;
  await quiet();
  expect(changes).toEqual(["+a", "+sound"]);
  expect(errors).toHaveLength(2);
  expect(informer.epoch).toBe(1);
});

test("a metadata-only informer keeps no content and no managedFields", async () => {
  const { admin, informer, requests, start } = setUp({ metadataOnly: true });
  await admin.create(configMap("a", "secret", { app: "x" }), { fieldManager: "m" });
  start();
  await informer.synced;
  await quiet();
  await admin.create(configMap("b", "secret"), { fieldManager: "m" });
  await quiet();
  for (const name of ["a", "b"]) {
    const object = informer.get("default", name);
    expect(object?.metadata.name).toBe(name);
    expect(JSON.stringify(object)).not.toContain("secret");
    expect(object?.metadata.managedFields).toBeUndefined();
  }
  expect(
    requests
      .filter((request) => request.path.endsWith("/configmaps"))
      .every((request) => request.headers?.["accept"]?.includes("PartialObjectMetadata")),
  ).toBe(true);
});

test("an object that leaves the label selector is gone", async () => {
  const { admin, informer, changes, start } = setUp({ labelSelector: "watch=on" });
  await admin.create(configMap("a", "1", { watch: "on" }));
  await admin.create(configMap("b", "1", { watch: "off" }));
  start();
  await informer.synced;
  await quiet();
  const a = informer.get("default", "a") as KubeObject;
  await admin.update({ ...a, metadata: { ...a.metadata, labels: { watch: "off" } } });
  await quiet();
  expect(changes).toEqual(["+a", "-a"]);
});

test("the answer to a write of our own is seen at once, and an older event does not undo it", async () => {
  const { admin, informer, changes, start } = setUp();
  await admin.create(configMap("a"));
  start();
  await informer.synced;
  const a = informer.get("default", "a") as KubeObject;
  const written = await admin.update({ ...a, data: { value: "2" } });
  informer.absorb(written);
  expect(informer.get("default", "a")).toMatchObject({ data: { value: "2" } });
  await quiet();
  expect(changes).toEqual(["+a", "~a"]);
  await admin.delete({ ...configMaps, namespace: "default", name: "a" });
  await quiet();
  informer.absorb(written);
  expect(informer.get("default", "a")).toBeUndefined();
});

test("an object deleted and created anew in a gap is told as two changes", async () => {
  const { admin, informer, changes, clock, intercept, start } = setUp();
  await admin.create(configMap("a"));
  start();
  await informer.synced;
  await quiet();
  intercept((request) => (isWatch(request) ? () => Promise.reject(new Error("connection refused")) : undefined));
  clock.advanceTo(clock.now() + 3_600_000);
  await quiet();
  await admin.delete({ ...configMaps, namespace: "default", name: "a" });
  for (let i = 0; i < 30; i += 1)
    await admin.create({ ...configMap(`other-${i}`), metadata: { name: `other-${i}`, namespace: "kube-system" } });
  await admin.create(configMap("a"));
  intercept(undefined);
  clock.advanceTo(clock.now() + 120_000);
  await quiet();
  expect(changes).toEqual(["+a", "-a", "+a"]);
});

test("a watch whose server vanished without a word is left after its time, and what was missed is seen", async () => {
  const { admin, informer, requests, clock, errors, intercept, start } = setUp();
  start();
  await informer.synced;
  await quiet();
  // The next watch never says anything, and never ends by itself.
  intercept((request) =>
    isWatch(request)
      ? async () => ({
          status: 200,
          headers: {},
          events: (async function* () {
            await new Promise((_, reject) => request.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
            yield* [];
          })(),
        })
      : undefined,
  );
  clock.advanceTo(clock.now() + 451_000);
  await quiet();
  const before = requests.filter(isWatch).length;
  await admin.create(configMap("missed"));
  intercept(undefined);
  clock.advanceTo(clock.now() + 479_000);
  await quiet();
  expect(informer.get("default", "missed")).toBeUndefined();
  clock.advanceTo(clock.now() + 2000);
  await quiet();
  expect(informer.get("default", "missed")).toBeDefined();
  expect(requests.filter(isWatch)).toHaveLength(before + 1);
  expect(errors).toEqual([]);
});
