// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { getCondition, isConditionFalse, isConditionTrue, removeConditions, setCondition } from "./conditions.ts";
import type { Condition } from "./object.ts";

const ready: Condition = { type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z", reason: "Done", message: "" };
const now = Date.parse("2026-01-02T03:04:05.678Z");

describe("setCondition()", () => {
  test("keeps the time while the status stays", () => {
    const [after] = setCondition([ready], { type: "Ready", status: "True", reason: "Other", message: "new", observedGeneration: 2 }, now);
    expect(after).toEqual({ ...ready, reason: "Other", message: "new", observedGeneration: 2 });
  });

  test("moves the time when the status changes, to whole seconds", () => {
    const [after] = setCondition([ready], { type: "Ready", status: "False", reason: "Done", message: "" }, now);
    expect(after?.lastTransitionTime).toBe("2026-01-02T03:04:05Z");
  });

  test("adds a new one at the end, and keeps places", () => {
    const added = setCondition([ready], { type: "A", status: "True", reason: "R", message: "" }, now);
    expect(added.map(({ type }) => type)).toEqual(["Ready", "A"]);
    expect(setCondition(undefined, { type: "A", status: "True", reason: "R", message: "" }, now)).toHaveLength(1);
  });

  test("gives back the same list when nothing changes", () => {
    const before = [ready];
    expect(setCondition(before, { type: "Ready", status: "True", reason: "Done", message: "" }, now)).toBe(before);
  });
});

test("conditions are found, tested and removed by type", () => {
  const list = [ready, { ...ready, type: "Stalled", status: "False" as const }];
  expect(getCondition(list, "Ready")).toBe(ready);
  expect(getCondition(undefined, "Ready")).toBeUndefined();
  expect(isConditionTrue(list, "Ready")).toBe(true);
  expect(isConditionFalse(list, "Stalled")).toBe(true);
  expect(isConditionFalse(list, "Missing")).toBe(false);
  expect(removeConditions(list, "Stalled")).toEqual([ready]);
  expect(removeConditions(list, "Missing")).toBe(list);
});
