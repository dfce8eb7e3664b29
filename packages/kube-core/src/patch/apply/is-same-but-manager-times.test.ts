// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { KubeObject, ManagedFieldsEntry } from "../../object.ts";
import { isSameButManagerTimes } from "./is-same-but-manager-times.ts";

function entry(manager: string, time: string): ManagedFieldsEntry {
  return { manager, operation: "Apply", apiVersion: "v1", time, fieldsType: "FieldsV1", fieldsV1: { "f:data": {} } };
}

function object(data: string, ...managedFields: readonly ManagedFieldsEntry[]): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", managedFields }, data: { a: data } };
}

const early = "2026-01-01T00:00:00Z";
const late = "2026-01-01T00:00:09Z";

test.each([
  ["times", object("1", entry("m", early), entry("n", early)), object("1", entry("n", late), entry("m", early)), true],
  ["owners", object("1", entry("m", early)), object("1", entry("n", early)), false],
  ["fields", object("1", entry("m", early)), object("2", entry("m", early)), false],
  ["whether there are managers", object("1", entry("m", early)), object("1"), false],
])("objects that differ in %s", (_, before, after, isSame) => {
  expect(isSameButManagerTimes(before, after)).toBe(isSame);
});
