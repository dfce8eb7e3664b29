// SPDX-License-Identifier: Apache-2.0
import { threadId } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "@flux-ts/kube-client";
import { createCompute, type ComputeConfig, type ComputePool } from "./create-compute.ts";
import { busyJob, exitingJob, failingJob, hungryJob, largeJob, threadJob } from "./test-jobs.ts";

const large = { sizeBytes: 10_000_000 };

function pool(config: Partial<ComputeConfig> = {}): ComputePool {
  const made = createCompute({
    clock: systemClock(),
    workerUrl: new URL("./test-worker.ts", import.meta.url),
    workers: 1,
    ...config,
  });
  onTestFinished(() => made.close());
  return made;
}

test("small work runs in line, large work in a worker, which is used again", async () => {
  const made = pool();
  expect(await made.compute(threadJob, 0, { sizeBytes: 10 })).toBe(threadId);
  expect(made.size).toBe(0);
  const worker = await made.compute(threadJob, 0, large);
  expect(worker).not.toBe(threadId);
  expect(await made.compute(threadJob, 0, large)).toBe(worker);
});

test("what a job throws reads as if it had run here", async () => {
  const { compute } = pool();
  await expect(compute(failingJob, "no such base", large)).rejects.toMatchObject({
    code: "FAILED",
    jobCode: "MISSING_BASE",
    message: "no such base",
  });
});

test("a job that takes too long is killed, and the next one has a new worker", async () => {
  const { compute } = pool({ timeoutMs: 1500 });
  await expect(compute(busyJob, 60_000, large)).rejects.toMatchObject({
    code: "TIMEOUT",
    message: "busy took longer than 1.5 s and was killed",
  });
  expect(await compute(largeJob, 3, large)).toBe("xxx");
});

test("a job that needs too much memory is killed, not the process", async () => {
  const { compute } = pool({ heapMb: 64 });
  await expect(compute(hungryJob, 0, large)).rejects.toMatchObject({
    code: "OUT_OF_MEMORY",
    message: "hungry needed more than 64 MiB of memory and was killed",
  });
});

test("a job that makes too much is refused", async () => {
  const { compute } = pool({ maxOutputBytes: 1000 });
  await expect(compute(largeJob, 5000, large)).rejects.toMatchObject({ code: "OUTPUT_TOO_LARGE" });
  expect(await compute(largeJob, 500, large)).toHaveLength(500);
});

test("an aborted job is killed, also one that still waits", async () => {
  const { compute } = pool();
  const [first, second] = [new AbortController(), new AbortController()];
  const running = compute(busyJob, 60_000, { ...large, signal: first.signal });
  const waiting = compute(busyJob, 60_000, { ...large, signal: second.signal });
  second.abort(new Error("not needed any more"));
  await expect(waiting).rejects.toThrow("not needed any more");
  first.abort(new Error("shutting down"));
  await expect(running).rejects.toThrow("shutting down");
});

test("a worker that ends is told, and one without work ends by itself", async () => {
  const made = pool({ idleMs: 1 });
  await expect(made.compute(exitingJob, 3, large)).rejects.toMatchObject({ code: "CRASHED" });
  await made.compute(largeJob, 1, large);
  while (made.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(made.size).toBe(0);
});

test("too many waiting jobs are refused, and closing ends all", async () => {
  const made = pool({ maxQueued: 1 });
  const running = made.compute(busyJob, 60_000, large);
  const waiting = made.compute(busyJob, 60_000, large);
  await expect(made.compute(busyJob, 1, large)).rejects.toMatchObject({ code: "BUSY" });
  const ended = Promise.allSettled([running, waiting]);
  await made.close();
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
