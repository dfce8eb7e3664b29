// SPDX-License-Identifier: Apache-2.0
import { threadId } from "node:worker_threads";
import type { ComputeJob } from "./compute.ts";

export const threadJob: ComputeJob<number, number> = { name: "thread", run: () => threadId };

/** Holds its thread until a time. */
export const busyJob: ComputeJob<number, string> = {
  name: "busy",
  run(ms) {
    const end = Date.now() + ms;
    while (Date.now() < end);
    return "done";
  },
};

export const hungryJob: ComputeJob<number, number> = {
  name: "hungry",
  run() {
    const kept: unknown[] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
  },
};

export const largeJob: ComputeJob<number, string> = { name: "large", run: (bytes) => "x".repeat(bytes) };

export const failingJob: ComputeJob<string, never> = {
  name: "failing",
  run(message) {
    throw Object.assign(new Error(message), { code: "MISSING_BASE" });
  },
};

export const exitingJob: ComputeJob<number, never> = { name: "exiting", run: (code) => process.exit(code) };

export const testJobs: readonly ComputeJob<never, unknown>[] = [threadJob, busyJob, hungryJob, largeJob, failingJob, exitingJob];
