// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { TestClock } from "@flux-ts/testbed/clock";
import { Queue } from "./queue.ts";

const createQueue = (): { queue: Queue; clock: TestClock } => {
  const clock = new TestClock(0);
  return { queue: new Queue({ clock }), clock };
};

test("a key waits once, however often it is added", () => {
  const { queue } = createQueue();
  for (let i = 0; i < 5; i += 1) queue.add("web/a");
  expect(queue.depth).toBe(1);
  expect(queue.take()).toBe("web/a");
  expect(queue.depth).toBe(0);
});

test("a key added while it is worked on waits again afterwards, and is never worked on twice at once", () => {
  const { queue } = createQueue();
  queue.add("web/a");
  queue.take();
  queue.add("web/a");
  queue.add("web/a");
  expect(queue.depth).toBe(0);
  expect(queue.isDirty("web/a")).toBe(true);
  queue.done("web/a");
  expect(queue.depth).toBe(1);
  expect(queue.take()).toBe("web/a");
  queue.done("web/a");
  expect(queue.depth).toBe(0);
});

test("namespaces take turns", () => {
  const { queue } = createQueue();
  for (const key of ["big/1", "big/2", "big/3", "small/1", "tiny/1"]) queue.add(key);
  const taken: (string | undefined)[] = [];
  for (let i = 0; i < 5; i += 1) taken.push(queue.take());
  expect(taken).toEqual(["big/1", "small/1", "tiny/1", "big/2", "big/3"]);
});

test("who works is told when a key begins to wait, also by its timer", () => {
  const clock = new TestClock(0);
  let told = 0;
  const queue = new Queue({ clock, onReady: () => (told += 1) });
  queue.add("web/a");
  queue.add("web/a");
  queue.addAfter("web/b", 10);
  clock.advanceTo(10);
  expect(told).toBe(2);
});

test("backoff doubles from 750 ms to 15 minutes, and starts anew after a reset (spec 2.9)", () => {
  const { queue } = createQueue();
  const delays = Array.from({ length: 13 }, () => queue.addBackoff("web/a"));
  expect(delays.slice(0, 4)).toEqual([750, 1500, 3000, 6000]);
  expect(delays.at(-1)).toBe(15 * 60_000);
  queue.resetBackoff("web/a");
  expect(queue.addBackoff("web/a")).toBe(750);
});

test("a later decision replaces an earlier timer, and being added cancels it", () => {
  const { queue, clock } = createQueue();
  queue.addAfter("web/a", 1000);
  queue.addAfter("web/a", 5000);
  clock.advanceTo(4999);
  expect(queue.depth).toBe(0);
  clock.advanceTo(5000);
  expect(queue.depth).toBe(1);
  queue.addAfter("web/b", 1000);
  queue.add("web/b");
  expect(queue.scheduled).toBe(0);
});

test("a closed queue gives nothing away and takes nothing in", () => {
  const { queue, clock } = createQueue();
  queue.addAfter("web/a", 10);
  queue.add("web/c");
  queue.close();
  queue.add("web/b");
  clock.advanceTo(100);
  expect(queue.depth).toBe(0);
  expect(queue.take()).toBeUndefined();
});
