// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test } from "vitest";
import type { KubeObject, Transport } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import { createClient, type Client } from "@flux-ts/kube-client";
import { createObserve, silentLogger } from "@flux-ts/kube-runtime";
import { createApiServer } from "@flux-ts/kube-server";
import { TestClock } from "@flux-ts/testbed/clock";
import { applyObjects } from "@flux-ts/toolkit/apply";
import type { Round } from "./applied-memory.ts";
import { AppliedMemory, beginRound, endRound } from "./applied-memory.ts";
import { owner } from "./owner.ts";

const configMaps = { apiVersion: "v1", kind: "ConfigMap" };
const one: KubeObject = { ...configMaps, metadata: { name: "one", namespace: "default" }, data: { a: "1" } };
const ID = "default_one__ConfigMap";

interface Lab {
  readonly admin: Client;
  readonly clock: TestClock;
  /** Refuses or breaks requests: what it returns is answered instead. */
  intercept(how: ((path: string, isWatch: boolean) => Error | undefined) | undefined): void;
  /** One reconcile: what is uncertain is applied. @returns what was uncertain; undefined: everything */
  round(trust?: { readonly fullCheckEvery: number }): Promise<ReadonlySet<string> | undefined>;
  quiet(): Promise<void>;
}

/** A server, a transport that a test can break, and the memory over both. */
async function createLab(): Promise<Lab> {
  const clock = new TestClock();
  let seed = 1;
  const server = createApiServer({ clock, random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647, history: 20 });
  let interceptor: ((path: string, isWatch: boolean) => Error | undefined) | undefined;
  const transport: Transport = async (request) => {
    const error = interceptor?.(request.path, request.query?.["watch"] === "true");
    if (error instanceof ApiError) return { status: error.code, headers: {}, object: error.status };
    if (error !== undefined) throw error;
    return server.transport(request);
  };
  const client = createClient(transport, { userAgent: "test" });
  const { observe, close } = createObserve({ clock, random: () => 0.5, log: silentLogger, changed: () => undefined });
  onTestFinished(() => close());
  const quiet = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const memory = new AppliedMemory();
  const admin = createClient(server.transport, { userAgent: "admin" });
  const lab: Lab = {
    admin,
    clock,
    intercept: (how) => {
      interceptor = how;
    },
    async round(trust = { fullCheckEvery: 100 }) {
      const held = memory.of("uid", client, client, observe);
      const current: Round = beginRound(held, "key", memory.definitionsVersion(client, observe), trust);
      const { uncertain } = current;
      const wanted = uncertain === undefined || uncertain.has(ID) ? [one] : [];
      const applied = await applyObjects(client, wanted, { owner, awaitDeletion: () => Promise.resolve() });
      endRound(current, applied, { checksum: "sha256:x", inputs: { digest: "", read: [] }, only: uncertain, note: "" });
      await quiet();
      return uncertain;
    },
    quiet,
  };
  await lab.round();
  expect(await lab.round(), "the definitions were not known when it began").toBeUndefined();
  return lab;
}

const edit = { data: { a: "by hand" } };
const data = async ({ admin }: Lab): Promise<unknown> => (await admin.find({ ...configMaps, name: "one", namespace: "default" }))?.["data"];
const ref = { ...configMaps, name: "one", namespace: "default" };

test("what nobody touched is certain", async () => {
  const lab = await createLab();
  expect(await lab.round()).toEqual(new Set());
});

test.each([
  ["a field that is edited", (lab: Lab) => lab.admin.patch(ref, edit, { type: "merge" })],
  ["an object that is deleted", (lab: Lab) => lab.admin.delete(ref)],
  [
    "ownership that is stripped",
    (lab: Lab) => lab.admin.patch(ref, [{ op: "replace", path: "/metadata/managedFields", value: [{}] }], { type: "json" }),
  ],
])("%s is looked at, and repaired", async (_what, change) => {
  const lab = await createLab();
  await change(lab);
  await lab.quiet();
  expect(await lab.round()).toEqual(new Set([ID]));
  expect(await data(lab)).toEqual({ a: "1" });
  const live = await lab.admin.find(ref);
  expect(live?.metadata.managedFields?.some(({ manager }) => manager === owner.fieldManager)).toBe(true);
});

test("an edit during a gap of the watch is repaired after it", async () => {
  const lab = await createLab();
  lab.intercept((_path, isWatch) => (isWatch ? new Error("connection refused") : undefined));
  lab.clock.advanceTo(lab.clock.now() + 3_600_000);
  await lab.quiet();
  await lab.admin.patch(ref, edit, { type: "merge" });
  for (let index = 0; index < 30; index += 1)
    await lab.admin.create({ ...configMaps, metadata: { name: `other-${index}`, namespace: "default" } });
  lab.intercept(undefined);
  lab.clock.advanceTo(lab.clock.now() + 120_000);
  await lab.quiet();

  expect(await lab.round(), "the gap makes everything uncertain").toBeUndefined();
  expect(await data(lab)).toEqual({ a: "1" });
  expect(await lab.round(), "and once everything was looked at it is certain again").toEqual(new Set());
});

test("without the right to watch everything is looked at every time", async () => {
  const lab = await createLab();
  const forbidden = new ApiError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    code: 403,
    reason: "Forbidden",
    message: "no",
  });
  const client = createClient(async (request) => ({ status: 403, headers: {}, object: { ...forbidden.status, path: request.path } }), {
    userAgent: "tenant",
  });
  const { observe, close } = createObserve({ clock: lab.clock, random: () => 0.5, log: silentLogger, changed: () => undefined });
  onTestFinished(() => close());
  const memory = new AppliedMemory();
  const held = memory.of("uid", client, client, observe);
  expect(memory.definitionsVersion(client, observe)).toBeUndefined();
  await lab.quiet();
  expect(memory.definitionsVersion(client, observe), "nothing is known of the definitions").toBeUndefined();
  expect(beginRound(held, "key", undefined, { fullCheckEvery: 100 }).uncertain).toBeUndefined();
});

test("a request and every Nth round look at everything", async () => {
  const lab = await createLab();
  expect(await lab.round({ fullCheckEvery: 3 })).toEqual(new Set());
  expect(await lab.round({ fullCheckEvery: 3 })).toEqual(new Set());
  expect(await lab.round({ fullCheckEvery: 3 })).toBeUndefined();
});
