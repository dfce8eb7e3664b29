// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { ManagedFieldsEntry } from "../../object.ts";
import { managedFieldsForScale, managedFieldsFromScale } from "./scale.ts";

const pathOf = (apiVersion: string): readonly string[] | undefined => (apiVersion === "apps/v1" ? ["spec", "replicas"] : undefined);

function entry(
  manager: string,
  operation: "Apply" | "Update",
  apiVersion: string,
  fieldsV1: Record<string, unknown>,
  rest: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return { manager, operation, apiVersion, time: "2026-01-01T00:00:00Z", fieldsType: "FieldsV1", fieldsV1, ...rest };
}

const replicas = { "f:spec": { "f:replicas": {} } };
const more = { "f:spec": { "f:replicas": {}, "f:paused": {} } };

test("a Scale shows who owns the replicas, in its own version", () => {
  const entries = [
    entry("a", "Apply", "apps/v1", more),
    entry("b", "Update", "apps/v1", { "f:spec": { "f:paused": {} } }),
    entry("c", "Update", "old/v0", replicas),
  ];
  expect(managedFieldsForScale(entries, pathOf)).toEqual([entry("a", "Apply", "autoscaling/v1", replicas)]);
});

test("who takes the replicas in the Scale takes them from their owner, and is booked without a time", () => {
  const parent = [entry("a", "Apply", "apps/v1", more)];
  const scale = [entry("hpa", "Update", "autoscaling/v1", replicas, { subresource: "scale" })];
  const { time: _, ...taken } = entry("hpa", "Update", "apps/v1", replicas, { subresource: "scale" });
  expect(managedFieldsFromScale(parent, scale, pathOf, "apps/v1")).toEqual([
    entry("a", "Apply", "apps/v1", { "f:spec": { "f:paused": {} } }),
    taken,
  ]);
});

test("who applied the replicas keeps them while the Scale says so", () => {
  const parent = [entry("a", "Apply", "apps/v1", more)];
  const scale = [entry("a", "Apply", "autoscaling/v1", replicas)];
  expect(managedFieldsFromScale(parent, scale, pathOf, "apps/v1")).toEqual(parent);
});
