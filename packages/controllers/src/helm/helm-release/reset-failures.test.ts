// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease } from "@flux-ts/flux-api";
import { describe, expect, test } from "vitest";
import { valuesDigest } from "./digests.ts";
import { annotationRequest, resetReason } from "./reset-failures.ts";

function release(annotations: Readonly<Record<string, string>>, status: HelmRelease["status"]): HelmRelease {
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "web", namespace: "apps", generation: 2, annotations },
    spec: { interval: "10m" },
    status: { lastAttemptedGeneration: 2, lastAttemptedRevision: "1.0.0", ...status },
  };
}

const asks = (resetAt: string, requestedAt = resetAt) => ({
  "reconcile.fluxcd.io/resetAt": resetAt,
  "reconcile.fluxcd.io/requestedAt": requestedAt,
});

describe("failures are counted anew (G-HEL-14)", () => {
  test.each<[string, HelmRelease, string | undefined]>([
    ["with a new generation", release({}, { lastAttemptedGeneration: 1 }), "generation differs from last attempt"],
    ["with another chart", release({}, { lastAttemptedRevision: "0.9.0" }), "chart version differs from last attempt"],
    ["with other values", release({}, { lastAttemptedConfigDigest: valuesDigest({ a: 2 }) }), "values differ from last attempt"],
    ["not with the same values", release({}, { lastAttemptedConfigDigest: valuesDigest({ a: 1 }) }), undefined],
    [
      "not with the same values, their digest in the form of the past",
      release({}, { lastAttemptedValuesChecksum: valuesDigest({ a: 1 }, "sha1").slice("sha1:".length) }),
      undefined,
    ],
    ["not before values were tried", release({}, {}), undefined],
    ["on demand", release(asks("x"), {}), "reset requested through annotation"],
  ])("%s", (_, given, reason) => {
    expect(resetReason(given, "1.0.0", { a: 1 })).toBe(reason);
  });
});

describe("requests through annotations (G-HEL-32)", () => {
  test.each<[string, HelmRelease, boolean, string | undefined]>([
    ["asks once", release(asks("b"), { lastHandledResetAt: "a", lastHandledReconcileAt: "a" }), true, "b"],
    ["was answered", release(asks("b"), { lastHandledResetAt: "b", lastHandledReconcileAt: "a" }), false, "b"],
    ["came with a reconcile that was answered", release(asks("b"), { lastHandledReconcileAt: "b" }), false, "b"],
    ["is another than that of the reconcile, and counts as seen", release(asks("b", "c"), {}), false, "b"],
    ["is alone", release({ "reconcile.fluxcd.io/resetAt": "b" }, {}), false, "b"],
    ["is not there", release({ "reconcile.fluxcd.io/requestedAt": "b" }, { lastHandledResetAt: "a" }), false, "a"],
  ])("one that %s", (_, given, isAsked, lastHandled) => {
    expect(annotationRequest(given, "reset")).toEqual({ isAsked, lastHandled });
    expect(annotationRequest(given, "force").isAsked).toBe(false);
  });
});
