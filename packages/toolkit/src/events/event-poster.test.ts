// SPDX-License-Identifier: Apache-2.0
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { FluxEvent } from "@flux-ts/flux-api";
import { TestClock } from "@flux-ts/testbed/clock";
import { createEventPoster, type EventPoster, type PostableEvent } from "./event-poster.ts";

/** A notification-controller that answers with these codes, then with 202; `received` resolves when so many came. */
async function setUp(
  codes: readonly number[] = [],
  maxQueued = 1000,
): Promise<{ poster: EventPoster; clock: TestClock; bodies: FluxEvent[]; lost: string[]; received: (count: number) => Promise<void> }> {
  const clock = new TestClock();
  const bodies: FluxEvent[] = [];
  const waiting: { count: number; done: () => void }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      bodies.push(JSON.parse(text) as FluxEvent);
      response.writeHead(codes[bodies.length - 1] ?? 202).end();
      for (const waiter of waiting) if (bodies.length >= waiter.count) waiter.done();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const lost: string[] = [];
  const poster = createEventPoster({
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    clock,
    instance: "host-1",
    onLost: (why, event) => lost.push(`${event.message}: ${why}`),
    maxQueued,
  });
  onTestFinished(async () => {
    await poster.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const received = (count: number): Promise<void> =>
    bodies.length >= count ? Promise.resolve() : new Promise((done) => waiting.push({ count, done }));
  return { poster, clock, bodies, lost, received };
}

const event = (message: string, more: Partial<PostableEvent> = {}): PostableEvent => ({
  object: {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "app", namespace: "web", uid: "u", resourceVersion: "7" },
  },
  severity: "info",
  reason: "ReconciliationSucceeded",
  message,
  metadata: { "kustomize.toolkit.fluxcd.io/revision": "main@sha1:1" },
  component: "kustomize-controller",
  ...more,
});

test("G-EVT-2: the body says what, about what, and by whom", async () => {
  const { poster, bodies } = await setUp();
  poster.emit(event("done"));
  await poster.flush();
  expect(bodies).toEqual([
    {
      involvedObject: {
        kind: "Kustomization",
        namespace: "web",
        name: "app",
        uid: "u",
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        resourceVersion: "7",
      },
      severity: "info",
      timestamp: "2026-01-01T00:00:00Z",
      message: "done",
      reason: "ReconciliationSucceeded",
      metadata: { "kustomize.toolkit.fluxcd.io/revision": "main@sha1:1" },
      reportingController: "kustomize-controller",
      reportingInstance: "host-1",
    },
  ]);
});

test("G-EVT-1: trace events are not posted; the others come in their order", async () => {
  const { poster, bodies } = await setUp();
  for (const message of ["1", "2", "3"]) poster.emit(event(message));
  poster.emit(event("no", { severity: "trace" }));
  await poster.flush();
  expect(bodies.map(({ message }) => message)).toEqual(["1", "2", "3"]);
});

test("429 is a duplicate and not tried again, 400 is given up, 503 is tried again after a second", async () => {
  const { poster, clock, bodies, lost, received } = await setUp([429, 400, 503]);
  for (const message of ["duplicate", "bad", "busy"]) poster.emit(event(message));
  await poster.flush();
  expect(bodies).toHaveLength(3);
  expect(lost).toEqual(["bad: answered 400"]);
  clock.advanceTo(clock.now() + 1000);
  await received(4);
  expect(bodies.at(-1)?.message).toBe("busy");
});

test("an event that cannot be delivered is given up after five tries, and the next one goes on", async () => {
  const { poster, clock, bodies, lost, received } = await setUp([500, 500, 500, 500, 500]);
  poster.emit(event("lost"));
  poster.emit(event("next"));
  await poster.flush();
  for (const [tries, ms] of [
    [2, 1000],
    [3, 2000],
    [4, 4000],
    [5, 8000],
  ] as const) {
    while (clock.nextDueAt === undefined) await new Promise((resolve) => setImmediate(resolve));
    clock.advanceTo(clock.now() + ms);
    await received(tries);
  }
  await received(6);
  expect(lost).toEqual(["lost: failed 5 times"]);
  expect(bodies.at(-1)?.message).toBe("next");
});

test("an object whose event cannot be delivered does not hold up others", async () => {
  const { poster, bodies, clock, received } = await setUp([503]);
  const other = event("other", { object: { ...event("").object, metadata: { name: "other", namespace: "web" } } });
  poster.emit(event("stuck"));
  poster.emit(event("behind"));
  await poster.flush();
  poster.emit(other);
  await poster.flush();
  expect(bodies.map(({ message }) => message)).toEqual(["stuck", "other"]);
  clock.advanceTo(clock.now() + 1000);
  await received(4);
  expect(bodies.map(({ message }) => message)).toEqual(["stuck", "other", "stuck", "behind"]);
});

test("when too many wait the oldest are given up, and emitting never waits", async () => {
  const { poster, lost } = await setUp([], 2);
  for (let i = 1; i <= 5; i += 1) poster.emit(event(String(i)));
  expect(lost).toEqual(["2: more than 2 events wait", "3: more than 2 events wait"]);
  await poster.flush();
});
