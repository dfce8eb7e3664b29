// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
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

test("changes go before routine, whatever came first; what waits as routine moves up when it changes", () => {
  const { queue } = createQueue();
  for (const key of ["a/1", "a/2", "a/3"]) queue.add(key, "routine");
  queue.add("b/1");
  queue.add("a/3");
  queue.add("b/1", "routine");
  expect(queue.depth).toBe(4);
  const taken = Array.from({ length: 5 }, () => queue.take());
  expect(taken).toEqual(["b/1", "a/3", "a/1", "a/2", undefined]);
});

test("routine does not wait for ever behind changes", () => {
  const { queue } = createQueue();
  for (let i = 0; i < 20; i += 1) queue.add(`a/change-${i}`);
  queue.add("a/routine", "routine");
  const taken = Array.from({ length: 21 }, () => queue.take());
  expect(taken.indexOf("a/routine")).toBe(8);
  expect(new Set(taken).size).toBe(21);
});

test("a change during routine work stays a change", () => {
  const { queue } = createQueue();
  queue.add("a/1", "routine");
  queue.take();
  queue.add("a/1");
  queue.add("a/1", "routine");
  queue.add("a/0", "routine");
  queue.done("a/1");
  expect([queue.take(), queue.take()]).toEqual(["a/1", "a/0"]);
});

test("whatever happens in whatever order: no key is lost, none is worked on twice at once, none waits twice", () => {
  const key = fc.constantFrom("a/1", "a/2", "b/1", "c/1");
  const action = fc.oneof(
    fc.record({ do: fc.constant("add" as const), key, urgency: fc.constantFrom("change" as const, "routine" as const) }),
    fc.record({ do: fc.constant("after" as const), key, ms: fc.nat(50) }),
    fc.record({ do: fc.constant("backoff" as const), key }),
    fc.record({ do: fc.constant("take" as const) }),
    fc.record({ do: fc.constant("done" as const), key }),
    fc.record({ do: fc.constant("pass" as const), ms: fc.nat(2000) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const { queue, clock } = createQueue();
      const wanted = new Set<string>();
      const working = new Set<string>();
      const take = (): string | undefined => {
        const taken = queue.take();
        if (taken === undefined) return undefined;
        expect(working.has(taken)).toBe(false);
        working.add(taken);
        wanted.delete(taken);
        return taken;
      };
      for (const step of actions) {
        if (step.do === "add") {
          queue.add(step.key, step.urgency);
          wanted.add(step.key);
        } else if (step.do === "after") {
          queue.addAfter(step.key, step.ms);
          wanted.add(step.key);
        } else if (step.do === "backoff") {
          queue.addBackoff(step.key);
          wanted.add(step.key);
        } else if (step.do === "take") take();
        else if (step.do === "done" && working.delete(step.key)) queue.done(step.key);
        else if (step.do === "pass") clock.advanceTo(clock.now() + step.ms);
      }
      // Time passes, everybody finishes, and all that was wanted comes.
      clock.advanceTo(clock.now() + 3_600_000);
      for (const key of working) queue.done(key);
      working.clear();
      for (let taken = take(); taken !== undefined; taken = take()) {
        working.delete(taken);
        queue.done(taken);
      }
      expect([...wanted]).toEqual([]);
      expect([queue.depth, queue.processing.size]).toEqual([0, 0]);
    }),
    { seed: 1, numRuns: 500 },
  );
});
