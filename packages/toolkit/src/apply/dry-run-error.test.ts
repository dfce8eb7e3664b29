// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { KubeObject, KubeStatus } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import { dryRunError } from "./dry-run-error.ts";

const refusal = (status: Partial<KubeStatus>): ApiError =>
  new ApiError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", ...status });
const configMap: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one", namespace: "apps" } };

test.each([
  ["ConfigMap/apps/one dry-run failed (Invalid): bad", { code: 422, reason: "Invalid", message: "bad" }],
  ["ConfigMap/apps/one dry-run failed: odd", { code: 500, message: "odd" }],
  ['ConfigMap/apps/one not found: namespaces "apps" not found', { code: 404, reason: "NotFound", message: 'namespaces "apps" not found' }],
  [
    "ConfigMap/apps/one dry-run failed (FieldManagerConflict): conflict",
    { code: 409, reason: "Conflict", message: "conflict", details: { causes: [{ reason: "FieldManagerConflict" }] } },
  ],
  [
    'ConfigMap/apps/one dry-run failed: no matches for kind "X" in version "v1"',
    { code: 404, reason: "NotFound", message: 'no matches for kind "X" in version "v1"', details: { causes: [{ reason: "NoKindMatch" }] } },
  ],
] as const)("tells %s (G-SSA-11)", (message, status) => {
  expect(dryRunError(configMap, refusal(status)).message).toBe(message);
});

test("an object without a namespace that is not found lacks one (G-KUS-8)", () => {
  const message = "the server could not find the requested resource";
  const error = dryRunError({ ...configMap, metadata: { name: "one" } }, refusal({ code: 404, reason: "NotFound", message }));
  expect([error.code, error.message]).toEqual(["NOT_SPECIFIED", `ConfigMap/one namespace not specified: ${message}`]);
});

test("the values of a Secret are not told", () => {
  const secret: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", namespace: "apps" },
    stringData: { a: "hunter2hunter2" },
    data: { b: 12345678 },
  };
  const message =
    'failed to create typed patch object (apps/s; /v1, Kind=Secret): .data.b: expected string, got &value.valueUnstructured{Value:7}\n and hunter2hunter2 aHVudGVyMmh1bnRlcjI= data[b]: Invalid value: "short": no';
  const told = dryRunError(secret, refusal({ code: 500, message })).message;
  expect(told).not.toMatch(/hunter2|Value:7|short/);
  expect(told).toContain(".data.b: expected string");
});
