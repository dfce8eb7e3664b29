// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "../objects.ts";
import { limitsOf, nextRollingStep, scaleProportionally } from "./rolling-update.ts";

function deployment(replicas: number, rollingUpdate: Record<string, number | string> = {}): Deployment {
  const template = { metadata: {}, spec: {} };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { replicas, selector: {}, template, strategy: { type: "RollingUpdate", rollingUpdate } },
  };
}

/** Name, replicas asked for and available; `max` is what it was sized for. */
function set(name: string, replicas: number, availableReplicas: number, max?: number): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      creationTimestamp: `2026-01-01T00:00:0${name === "new" ? 9 : name.length}Z`,
      ...(max === undefined ? {} : { annotations: { "deployment.kubernetes.io/max-replicas": String(max) } }),
    },
    spec: { replicas, selector: {}, template: {} },
    status: { replicas, availableReplicas },
  };
}

const shown = (resizes: ReturnType<typeof nextRollingStep>): string =>
  resizes.map(({ replicaSet, replicas }) => `${replicaSet.metadata.name}:${replicas}`).join(" ");

describe("limitsOf() resolves surge upwards and unavailability downwards", () => {
  test.each([
    [10, {}, 3, 2],
    [4, {}, 1, 1],
    [1, {}, 1, 0],
    [3, { maxSurge: 0, maxUnavailable: "10%" }, 0, 1],
    [3, { maxSurge: 0, maxUnavailable: 5 }, 0, 3],
    [0, { maxSurge: 2 }, 2, 0],
  ])("%i replicas, %j", (replicas, rollingUpdate, maxSurge, maxUnavailable) => {
    expect(limitsOf(deployment(replicas, rollingUpdate))).toEqual({ maxSurge, maxUnavailable });
  });
});

describe("nextRollingStep() goes as far as surge and availability allow", () => {
  test.each([
    ["grows by the surge", deployment(4), set("new", 0, 0), [set("old", 4, 4)], "new:1"],
    ["shrinks as far as pods may be missing", deployment(4), set("new", 1, 0), [set("old", 4, 4)], "old:3"],
    ["waits for new pods", deployment(4), set("new", 2, 0), [set("old", 3, 3)], ""],
    ["goes on when they are there", deployment(4), set("new", 2, 2), [set("old", 3, 3)], "old:1"],
    ["takes broken old pods first", deployment(4), set("new", 1, 1), [set("old", 4, 2)], "old:2"],
    ["takes from the oldest", deployment(4), set("new", 1, 1), [set("o", 2, 2), set("older", 2, 2)], "o:0"],
    ["without surge makes room first", deployment(3, { maxSurge: 0, maxUnavailable: 1 }), set("new", 0, 0), [set("old", 3, 3)], "old:2"],
    ["is done", deployment(4), set("new", 4, 4), [set("old", 0, 0)], ""],
    ["shrinks a new one that is too large", deployment(2), set("new", 4, 4), [], "new:2"],
  ])("%s", (_, rollout, newSet, old, expected) => {
    expect(shown(nextRollingStep(rollout, newSet, old))).toBe(expected);
  });
});

describe("scaleProportionally() shares a change among ReplicaSets in the middle of a rollout", () => {
  test.each([
    ["the only one takes all", deployment(6), set("new", 3, 3), [set("old", 0, 0)], "new:6"],
    ["by size, the rest to the largest", deployment(15, { maxSurge: 3 }), set("new", 5, 0, 13), [set("old", 8, 8, 13)], "old:11 new:7"],
    ["down to nothing", deployment(0), set("new", 2, 0, 5), [set("old", 3, 3, 5)], "old:0 new:0"],
    ["nothing is active: the newest", deployment(3), undefined, [set("o", 0, 0), set("old", 0, 0)], "old:3"],
  ])("%s", (_, rollout, newSet, old, expected) => {
    expect(shown(scaleProportionally(rollout, newSet, old))).toBe(expected);
  });

  test("once the new one is saturated the others go", () => {
    const full = set("new", 3, 3, 4);
    const noted = { ...full.metadata.annotations, "deployment.kubernetes.io/desired-replicas": "3" };
    const saturated = { ...full, metadata: { ...full.metadata, annotations: noted } };
    expect(shown(scaleProportionally(deployment(3), saturated, [set("old", 1, 1, 4)]))).toBe("old:0");
  });
});
