// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Condition } from "@flux-ts/kube-core";
import { cutMessage, summarize, withCondition } from "./conditions.ts";

const at = (generation: number, second: number): { generation: number; timestamp: string } => ({
  generation,
  timestamp: `2026-01-01T00:00:0${second}Z`,
});
const condition = (type: string, status: Condition["status"], reason = "R", message = type): Condition => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: "2026-01-01T00:00:00Z",
  observedGeneration: 1,
});

test("the transition time moves when status, reason or message does, and not with the generation", () => {
  const first = withCondition([], "Ready", { status: "True", reason: "Ok", message: "m" }, at(1, 1));
  const same = withCondition(first, "Ready", { status: "True", reason: "Ok", message: "m" }, at(2, 2));
  const other = withCondition(same, "Ready", { status: "True", reason: "Ok", message: "n" }, at(2, 3));
  expect(same[0]).toMatchObject({ lastTransitionTime: "2026-01-01T00:00:01Z", observedGeneration: 2 });
  expect(other[0]).toMatchObject({ lastTransitionTime: "2026-01-01T00:00:03Z" });
});

test("Stalled, Reconciling and Ready come first, then the newest generation, then the alphabet", () => {
  let conditions: readonly Condition[] = [];
  for (const [type, generation] of [
    ["Old", 1],
    ["B", 2],
    ["A", 2],
    ["Ready", 2],
    ["Stalled", 1],
    ["Reconciling", 2],
  ] as const) {
    conditions = withCondition(conditions, type, { status: "True", reason: "R", message: "" }, at(generation, 1));
  }
  expect(conditions.map(({ type }) => type)).toEqual(["Stalled", "Reconciling", "Ready", "A", "B", "Old"]);
});

test("a message is cut to 32768 bytes, never within a character", () => {
  const cut = cutMessage("ä".repeat(20_000));
  expect(new TextEncoder().encode(cut).length).toBeLessThanOrEqual(32_768);
  expect(cut.endsWith("ä...")).toBe(true);
  expect(cutMessage("short")).toBe("short");
  expect(cutMessage("x".repeat(32_768))).toHaveLength(32_768);
});

const rule = {
  conditions: ["SourceVerified", "FetchFailed", "ArtifactInStorage", "Stalled", "Reconciling"],
  negative: ["FetchFailed", "Stalled", "Reconciling"],
};
test.each([
  [
    "a bad one that is True beats all",
    [condition("ArtifactInStorage", "True"), condition("FetchFailed", "True")],
    { status: "False", message: "FetchFailed" },
  ],
  [
    "SourceVerified=False forces False (G-CND-3)",
    [condition("ArtifactInStorage", "True"), condition("SourceVerified", "False")],
    { status: "False", message: "SourceVerified" },
  ],
  [
    "a bad one that is True beats a good one that is False",
    [condition("SourceVerified", "False"), condition("Reconciling", "True")],
    { status: "False", message: "Reconciling" },
  ],
  [
    "within a group the order of the rule decides",
    [condition("Reconciling", "True"), condition("FetchFailed", "True")],
    { status: "False", message: "FetchFailed" },
  ],
  [
    "good ones that are True",
    [condition("ArtifactInStorage", "True"), condition("SourceVerified", "True")],
    { status: "True", message: "SourceVerified" },
  ],
  ["a bad one that is False is good", [condition("FetchFailed", "False")], { status: "True", message: "FetchFailed" }],
  ["Unknown when nothing else", [condition("ArtifactInStorage", "Unknown")], { status: "Unknown", message: "ArtifactInStorage" }],
])("G-CND-2: %s", (_, conditions, expected) => {
  expect(summarize(conditions, "Ready", rule)).toMatchObject(expected);
});

test("there is no summary of nothing", () => {
  expect(summarize([condition("Ready", "True"), condition("Other", "True")], "Ready", rule)).toBeUndefined();
});
