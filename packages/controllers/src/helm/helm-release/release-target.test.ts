// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease } from "@flux-ts/flux-api";
import { describe, expect, test } from "vitest";
import { metadata, record } from "../../../test-support/release-record.ts";
import { observe, snapshotOf } from "./observation.ts";
import { releaseNameOf, shortName, targetChange } from "./release-target.ts";

const SNAPSHOT = snapshotOf(observe(record({ name: "web", namespace: "apps", version: 1, chartMetadata: metadata({ name: "c" }) })));

function release(spec: Partial<HelmRelease["spec"]>, status: HelmRelease["status"] = {}): HelmRelease {
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "web", namespace: "apps" },
    spec: { interval: "10m", ...spec },
    status,
  };
}

test("the name of a release is given, or made of target namespace and name (G-HEL-1)", () => {
  expect(releaseNameOf(release({ releaseName: "r", targetNamespace: "t" }))).toBe("r");
  expect(releaseNameOf(release({ targetNamespace: "t" }))).toBe("t-web");
  expect(releaseNameOf(release({}))).toBe("web");
});

test("long names are shortened, those of 53 characters are not (G-HEL-1)", () => {
  expect(shortName("a".repeat(53))).toHaveLength(53);
  expect(shortName("a".repeat(54))).toMatch(/^a{40}-[0-9a-f]{12}$/);
  expect(shortName(`${"a".repeat(53)}b`)).not.toBe(shortName(`${"a".repeat(53)}c`));
});

describe("what makes it another release (G-HEL-17)", () => {
  const made = { storageNamespace: "apps", history: [SNAPSHOT] };
  test.each<[string, HelmRelease, string | undefined]>([
    ["the same", release({}, made), undefined],
    ["nothing was made", release({ releaseName: "x" }, { storageNamespace: "apps" }), undefined],
    ["where it is stored is not known", release({ releaseName: "x" }, { history: [SNAPSHOT] }), undefined],
    ["where it is stored", release({ storageNamespace: "x", targetNamespace: "y" }, made), "storage namespace"],
    ["where its objects are", release({ targetNamespace: "x", releaseName: "y" }, made), "release namespace"],
    ["its name", release({ releaseName: "x" }, made), "release name"],
  ])("%s", (_, given, change) => {
    expect(targetChange(given, "c")).toBe(change);
  });

  test("its chart", () => {
    expect(targetChange(release({}, made), "d")).toBe("chart name");
  });
});
