// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from "vitest";
import type { KubeObject, Transport } from "@flux-ts/kube-core";
import { createClient, type Client } from "@flux-ts/kube-client";
import { createApiServer } from "@flux-ts/kube-server";
import { TestClock } from "@flux-ts/testbed/clock";
import { silentLogger } from "./logger.ts";
import { createObserve, type Observations, type ObservePorts } from "./observe-kinds.ts";

const kind = { apiVersion: "v1", kind: "ConfigMap" };
const configMap = (name: string): KubeObject => ({ ...kind, metadata: { name, namespace: "default" }, data: { a: "1" } });

function setUp(ports: Partial<ObservePorts> = {}): {
  observations: Observations;
  client: Client;
  admin: Client;
  clock: TestClock;
  watches: () => number;
  refuse: (status: number | undefined) => void;
} {
  const clock = new TestClock();
  const server = createApiServer({ clock });
  let open = 0;
  let status: number | undefined;
  const transport: Transport = async (request) => {
    if (status !== undefined && request.path.endsWith("/configmaps")) {
      return {
        status,
        headers: {},
        object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code: status, reason: "Forbidden", message: "no" },
      };
    }
    if (request.query?.["watch"] !== "true") return server.transport(request);
    open += 1;
    request.signal?.addEventListener("abort", () => (open -= 1));
    return server.transport(request);
  };
  const observations = createObserve({ clock, random: () => 0.5, log: silentLogger, changed() {}, ...ports });
  onTestFinished(() => observations.close());
  return {
    observations,
    client: createClient(transport, { userAgent: "kustomize-controller" }),
    admin: createClient(server.transport, { userAgent: "admin" }),
    clock,
    watches: () => open,
    refuse: (given) => {
      status = given;
    },
  };
}

const quiet = async (): Promise<void> => {
  for (let round = 0; round < 10; round += 1) await new Promise((resolve) => setImmediate(resolve));
};

test("an observation is one watch for all who ask, closed some time after the last one left", async () => {
  const { observations, client, admin, clock, watches } = setUp();
  await admin.create(configMap("a"));
  const [one, two] = [observations.observe(kind, { client }), observations.observe(kind, { client })];
  await Promise.all([one.synced, two.synced]);
  await quiet();
  expect(watches()).toBe(1);
  expect(one.lookup("default", "a")?.metadata.name).toBe("a");
  expect(one.lookup("default", "a")?.["data"]).toBeUndefined();
  const seen: string[] = [];
  two.subscribe((before, after) => seen.push(`${before?.metadata.name ?? "-"} ${after?.metadata.name ?? "-"}`));
  await admin.create(configMap("b"));
  await admin.delete({ ...kind, namespace: "default", name: "b" });
  await quiet();
  expect(seen).toEqual(["- b", "b -"]);
  one[Symbol.dispose]();
  two[Symbol.dispose]();
  two[Symbol.dispose]();
  await admin.create(configMap("c"));
  await quiet();
  expect(seen).toHaveLength(2);
  clock.advanceTo(clock.now() + 299_000);
  const three = observations.observe(kind, { client });
  clock.advanceTo(clock.now() + 60_000);
  await quiet();
  expect(observations.openCount).toBe(1);
  three[Symbol.dispose]();
  clock.advanceTo(clock.now() + 300_000);
  await quiet();
  expect([observations.openCount, watches()]).toEqual([0, 0]);
});

test("whole objects and metadata are observed apart", async () => {
  const { observations, client, admin } = setUp();
  await admin.create(configMap("a"));
  const whole = observations.observe(kind, { client, metadataOnly: false });
  await whole.synced;
  expect(whole.lookup("default", "a")?.["data"]).toEqual({ a: "1" });
  observations.observe(kind, { client });
  expect(observations.openCount).toBe(2);
});

test("a refusal rejects, is not asked for again at once, and is forgotten after a minute", async () => {
  const { observations, client, clock, refuse } = setUp();
  refuse(403);
  await expect(observations.observe(kind, { client }).synced).rejects.toMatchObject({ code: 403 });
  refuse(undefined);
  await expect(observations.observe(kind, { client }).synced).rejects.toMatchObject({ code: 403 });
  clock.advanceTo(clock.now() + 60_000);
  await expect(observations.observe(kind, { client }).synced).resolves.toBeUndefined();
});

test("a kind that the server does not have rejects", async () => {
  const { observations, client } = setUp();
  await expect(observations.observe({ apiVersion: "example.com/v1", kind: "Nope" }, { client }).synced).rejects.toMatchObject({
    code: 404,
  });
});

test("when too many kinds are open the next one rejects", async () => {
  const { observations, client } = setUp({ maxOpen: 1 });
  observations.observe(kind, { client });
  await expect(observations.observe({ apiVersion: "v1", kind: "Secret" }, { client }).synced).rejects.toThrow(
    "1 kinds are observed already",
  );
});

test("a passing error does not reject: it is retried", async () => {
  const { observations, client, clock, refuse } = setUp();
  refuse(500);
  const observation = observations.observe(kind, { client });
  await quiet();
  refuse(undefined);
  clock.advanceTo(clock.now() + 5000);
  await expect(observation.synced).resolves.toBeUndefined();
});
