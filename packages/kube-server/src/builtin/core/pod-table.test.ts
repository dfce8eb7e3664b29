// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "@flux-ts/kube-core";
import { podTable } from "./pod-table.ts";

function row(spec: JsonObject, status: JsonObject, metadata: JsonObject = {}): readonly unknown[] {
  const pod: KubeObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "a", ...metadata }, spec, status };
  return podTable.cells(pod, Date.parse("2026-01-01T00:10:00Z")).slice(0, 4);
}

const one = { containers: [{ name: "c" }] };
const running = { name: "c", ready: true, restartCount: 0, state: { running: {} } };

describe("rows of pods", () => {
  test.each<[name: string, spec: JsonObject, status: JsonObject, cells: readonly unknown[]]>([
    ["new", one, { phase: "Pending" }, ["a", "0/1", "Pending", "0"]],
    ["running", one, { phase: "Running", containerStatuses: [running] }, ["a", "1/1", "Running", "0"]],
    [
      "crashing",
      one,
      {
        phase: "Running",
        containerStatuses: [{ ...running, ready: false, restartCount: 3, state: { waiting: { reason: "CrashLoopBackOff" } } }],
      },
      ["a", "0/1", "CrashLoopBackOff", "3"],
    ],
    [
      "killed by a signal",
      one,
      { phase: "Failed", containerStatuses: [{ ...running, ready: false, state: { terminated: { signal: 9, exitCode: 137 } } }] },
      ["a", "0/1", "Signal:9", "0"],
    ],
    [
      "failed",
      one,
      { phase: "Failed", containerStatuses: [{ ...running, ready: false, state: { terminated: { exitCode: 2 } } }] },
      ["a", "0/1", "ExitCode:2", "0"],
    ],
    ["evicted", one, { phase: "Failed", reason: "Evicted" }, ["a", "0/1", "Evicted", "0"]],
    [
      "initialising",
      { ...one, initContainers: [{ name: "i" }, { name: "j" }] },
      {
        phase: "Pending",
        initContainerStatuses: [
          { name: "i", state: { terminated: { exitCode: 0 } } },
          { name: "j", state: { running: {} } },
        ],
      },
      ["a", "0/1", "Init:1/2", "0"],
    ],
    [
      "failing to initialise",
      { ...one, initContainers: [{ name: "i" }] },
      { phase: "Pending", initContainerStatuses: [{ name: "i", state: { terminated: { exitCode: 1, reason: "Error" } } }] },
      ["a", "0/1", "Init:Error", "0"],
    ],
    [
      "gated",
      { ...one, schedulingGates: [{ name: "g" }] },
      { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
      ["a", "0/1", "SchedulingGated", "0"],
    ],
  ])("%s", (_name, spec, status, cells) => {
    expect(row(spec, status)).toEqual(cells);
  });

  test("one being deleted is terminating, or unknown when its node is lost", () => {
    const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(row(one, { phase: "Running", containerStatuses: [running] }, metadata)[2]).toBe("Terminating");
    expect(row(one, { phase: "Running", reason: "NodeLost" }, metadata)[2]).toBe("Unknown");
  });

  test("restarts tell when the last one was", () => {
    const finishedAt = "2026-01-01T00:08:00Z";
    const status = { ...running, restartCount: 2, lastState: { terminated: { exitCode: 1, finishedAt } } };
    expect(row(one, { phase: "Running", containerStatuses: [status] })[3]).toBe("2 (2m ago)");
  });

  test("finished pods have a condition in their row", () => {
    const finished: KubeObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, status: { phase: "Succeeded" } };
    expect(podTable.conditions?.(finished)).toEqual([
      { type: "Completed", status: "True", reason: "Succeeded", message: "The pod has completed successfully." },
    ]);
  });
});
