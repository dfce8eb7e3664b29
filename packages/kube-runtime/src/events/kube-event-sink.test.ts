// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Transport } from "@flux-ts/kube-core";
import { createClient } from "@flux-ts/kube-client";
import { createApiServer } from "@flux-ts/kube-server";
import { TestClock } from "@flux-ts/testbed/clock";
import { silentLogger } from "../logger.ts";
import type { EmittedEvent } from "./event-sink.ts";
import { createKubeEventSink } from "./kube-event-sink.ts";

const emitted = (more: Partial<EmittedEvent> = {}): EmittedEvent => ({
  object: { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "a", namespace: "default", uid: "u", resourceVersion: "7" } },
  component: "widget-controller",
  severity: "info",
  reason: "Succeeded",
  message: "done",
  metadata: { "example.com/revision": "1" },
  ...more,
});

function setUp(random: () => number = Math.random): {
  sink: ReturnType<typeof createKubeEventSink>;
  another: ReturnType<typeof createKubeEventSink>;
  clock: TestClock;
  list: () => Promise<readonly unknown[]>;
  cut: (isCut: boolean) => void;
  requests: string[];
} {
  const clock = new TestClock();
  const server = createApiServer({ clock });
  let isCut = false;
  const requests: string[] = [];
  const transport: Transport = (request) => {
    requests.push(request.method);
    return isCut ? Promise.reject(new Error("connection refused")) : server.transport(request);
  };
  const admin = createClient(server.transport, { userAgent: "admin" });
  const createSink = (): ReturnType<typeof createKubeEventSink> =>
    createKubeEventSink({ client: createClient(transport, { userAgent: "widget-controller/1" }), clock, random, log: silentLogger });
  return {
    sink: createSink(),
    another: createSink(),
    clock,
    list: async () => (await admin.list({ apiVersion: "v1", kind: "Event" }, { namespace: "default" })).items,
    cut: (cutNow) => {
      isCut = cutNow;
    },
    requests,
  };
}

test("G-EVT-5: an event carries its metadata as annotations; what is told again is counted", async () => {
  const { sink, list } = setUp();
  sink.emit(emitted());
  sink.emit(emitted());
  sink.emit(emitted({ severity: "error", reason: "Failed", message: "no" }));
  sink.emit(emitted({ severity: "trace", reason: "Trace" }));
  await sink.flush();
  const events = (await list()) as { reason: string }[];
  expect(events.toSorted((a, b) => (a.reason < b.reason ? -1 : 1))).toMatchObject([
    { reason: "Failed", type: "Warning", count: 1 },
    {
      reason: "Succeeded",
      type: "Normal",
      count: 2,
      metadata: { annotations: { "example.com/revision": "1" } },
      involvedObject: { apiVersion: "example.com/v1", kind: "Widget", namespace: "default", name: "a", uid: "u", resourceVersion: "7" },
      source: { component: "widget-controller" },
      reportingComponent: "widget-controller",
    },
    { reason: "Trace", type: "Normal" },
  ]);
});

test("an event that does not reach the server is tried again every 10 s, and nobody waits for it", async () => {
  const { sink, list, cut, clock } = setUp();
  await list();
  cut(true);
  sink.emit(emitted());
  await sink.flush();
  expect(await list()).toHaveLength(0);
  cut(false);
  clock.advanceTo(clock.now() + 10_000);
  for (let round = 0; round < 10; round += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(await list()).toHaveLength(1);
});

test("an event that the server refuses is dropped, and the next one goes on", async () => {
  const { sink, list } = setUp();
  sink.emit(emitted({ object: { apiVersion: "v1", kind: "Widget", metadata: { name: "a", namespace: "Not A Namespace" } } }));
  sink.emit(emitted());
  await sink.flush();
  expect(await list()).toHaveLength(1);
});

test("names of one moment tell the order", async () => {
  const { sink, list } = setUp(() => 0.5);
  const messages = Array.from({ length: 15 }, (_, i) => `message ${i}`);
  for (const message of messages) sink.emit(emitted({ message, reason: message.replace(" ", "") }));
  await sink.flush();
  const events = (await list()) as { metadata: { name: string }; message: string }[];
  expect(events.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)).map(({ message }) => message)).toEqual(messages);
});

test("two recorders of one API whose names collide lose nothing", async () => {
  const { sink, list, another } = setUp(() => 0.5);
  sink.emit(emitted({ message: "one" }));
  another.emit(emitted({ message: "two" }));
  await Promise.all([sink.flush(), another.flush()]);
  expect(await list()).toHaveLength(2);
});
