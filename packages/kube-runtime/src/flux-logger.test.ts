// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { TestClock } from "@flux-ts/testbed/clock";
import { Failure } from "./failure.ts";
import { createFluxLogger, type FluxLoggerOptions } from "./flux-logger.ts";
import type { Logger } from "./logger.ts";

const setUp = (options: Partial<FluxLoggerOptions> = {}): { log: Logger; lines: string[] } => {
  const lines: string[] = [];
  return {
    log: createFluxLogger({ level: "info", encoding: "json", clock: new TestClock(), write: (line) => lines.push(line), ...options }),
    lines,
  };
};

test("a line has the keys that flux logs reads", () => {
  const { log, lines } = setUp();
  log.child({ controller: "kustomization", Kustomization: { name: "app", namespace: "web" } }).info("done", { reconcileID: "x" });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    ts: "2026-01-01T00:00:00.000Z",
    msg: "done",
    controller: "kustomization",
    Kustomization: { name: "app", namespace: "web" },
    reconcileID: "x",
  });
  expect(lines[0]).toMatch(/^\{"level":"info","ts":"2026-/);
  expect(lines[0]?.endsWith("\n")).toBe(true);
});

test("levels below the chosen one are not told", () => {
  const { log, lines } = setUp();
  log.debug("no");
  log.trace("no");
  log.error("yes");
  expect(lines).toHaveLength(1);
  expect(setUp({ level: "trace" }).log).toBeDefined();
});

test("errors are told by their message, and those that nobody expected with their stack", () => {
  const { log, lines } = setUp();
  log.error("a", { error: new Failure("BuildFailed", "no such file") });
  log.error("b", { error: new TypeError("x is undefined") });
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ error: "no such file" });
  expect(lines[0]).not.toContain("stacktrace");
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({ error: "x is undefined", stacktrace: expect.stringContaining("TypeError") as string });
});

test("the console encoding is for people", () => {
  const { log, lines } = setUp({ encoding: "console" });
  log.info("done", { name: "app" });
  expect(lines).toEqual(['2026-01-01T00:00:00.000Z\tINFO\tdone\t{"name":"app"}\n']);
});

test("what cannot be written as JSON does not break the log", () => {
  const { log, lines } = setUp();
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  log.info("cycle", { cycle });
  expect(lines[0]).toContain("[Circular]");
});
