// SPDX-License-Identifier: Apache-2.0
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { onePress } from "./one-press.ts";

test("one press of Ctrl-C that arrives twice counts once; the next one counts", () => {
  const source = new EventEmitter();
  let now = 0;
  const heard: number[] = [];
  const listener = (): void => void heard.push(now);
  const signals = onePress(source, () => now);
  signals.on("SIGINT", listener);
  for (now of [1000, 1005, 1299, 1300]) source.emit("SIGINT");
  expect(heard).toEqual([1000, 1300]);

  signals.off("SIGINT", listener);
  source.emit("SIGINT");
  expect(source.listenerCount("SIGINT")).toBe(0);
});
