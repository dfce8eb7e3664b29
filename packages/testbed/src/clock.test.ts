// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { TestClock } from "./clock.ts";

test("TestClock runs timers in the order of their time, equal ones as they were set, and shows each its own moment", () => {
  const clock = new TestClock(1000);
  const seen: string[] = [];
  for (const [ms, name] of [
    [30, "c"],
    [10, "a"],
    [30, "d"],
    [20, "b"],
    [500, "late"],
  ] as const) {
    clock.after(ms, () => seen.push(`${name}@${clock.now()}`));
  }
  clock.advanceTo(1100);
  expect(seen).toEqual(["a@1010", "b@1020", "c@1030", "d@1030"]);
  expect(clock.now()).toBe(1100);
  expect(clock.nextDueAt).toBe(1500);
});

test("TestClock runs timers that timers set, when they are due as well", () => {
  const clock = new TestClock(0);
  const seen: number[] = [];
  const again = (): void => {
    seen.push(clock.now());
    clock.after(10, again);
  };
  clock.after(10, again);
  clock.advanceTo(35);
  expect(seen).toEqual([10, 20, 30]);
});

test("TestClock forgets cancelled timers", () => {
  const clock = new TestClock(0);
  const seen: string[] = [];
  const cancel = clock.after(10, () => seen.push("cancelled"));
  clock.after(20, () => seen.push("kept"));
  cancel();
  expect(clock.nextDueAt).toBe(20);
  clock.advanceTo(100);
  expect(seen).toEqual(["kept"]);
});

test("TestClock keeps its order with many timers", () => {
  const clock = new TestClock(0);
  const seen: number[] = [];
  for (let i = 0; i < 500; i += 1) {
    const dueAt = (i * 7919) % 501;
    clock.after(dueAt, () => seen.push(dueAt));
  }
  clock.advanceTo(1000);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen).toHaveLength(500);
});
