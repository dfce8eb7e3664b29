// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import type { KubeObject, ManagedFieldsEntry } from "@flux-ts/kube-core";
import { cleanupPatch, migrationPatch, takeOver } from "./field-managers.ts";

const entry = (
  manager: string,
  operation: "Apply" | "Update",
  fields: string,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:data": { [`f:${fields}`]: {} } },
  ...more,
});

const taken = [
  { prefix: "kubectl", operation: "Apply" },
  { prefix: "kubectl", operation: "Update" },
] as const;

describe("takeOver() (G-SSA-5)", () => {
  test("makes the fields of the managers our own, and leaves subresources and others alone", () => {
    const scale = entry("kubectl", "Update", "s", { subresource: "scale" });
    const entries = [entry("ours", "Apply", "a"), entry("kubectl-edit", "Update", "b"), scale, entry("other", "Update", "c")];
    expect(takeOver(entries, taken, "ours")).toEqual([
      scale,
      entry("other", "Update", "c"),
      { ...entry("ours", "Apply", "a"), fieldsV1: { "f:data": { "f:a": {}, "f:b": {} } } },
    ]);
  });

  test("renames the first of them when we own nothing yet", () => {
    expect(takeOver([entry("kubectl", "Apply", "a"), entry("kubectl-x", "Update", "b")], taken, "ours")).toEqual([
      { ...entry("ours", "Apply", "a"), fieldsV1: { "f:data": { "f:a": {}, "f:b": {} } } },
    ]);
  });

  test("changes nothing when there is nobody to take over", () => {
    expect(takeOver([entry("ours", "Apply", "a"), entry("other", "Apply", "b")], taken, "ours")).toBeUndefined();
  });
});

test("a cleanup removes annotations and labels by pointer", () => {
  const live: KubeObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "x", annotations: { "a/b": "1", keep: "2" }, labels: { "c~d": "3" } },
  };
  expect(cleanupPatch(live, { annotations: ["a/b", "constructor"], labels: ["c~d"], managers: taken }, "ours")).toEqual([
    { op: "remove", path: "/metadata/annotations/a~1b" },
    { op: "remove", path: "/metadata/labels/c~0d" },
  ]);
});

test("a migration moves every entry to the version", () => {
  const live: KubeObject = {
    apiVersion: "v1",
    kind: "X",
    metadata: { name: "x", managedFields: [entry("a", "Apply", "a"), entry("b", "Update", "b", { apiVersion: "v1beta1" })] },
  };
  expect(migrationPatch(live, "v1")).toEqual([
    { op: "replace", path: "/metadata/managedFields", value: [entry("a", "Apply", "a"), entry("b", "Update", "b")] },
  ]);
  expect(migrationPatch({ ...live, metadata: { name: "x", managedFields: [entry("a", "Apply", "a")] } }, "v1")).toEqual([]);
});
