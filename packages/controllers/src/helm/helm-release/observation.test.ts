// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { decodeRecord, encodeRecord } from "@flux-ts/helm/release";
import { ExactNumber } from "@flux-ts/kube-core";
import { describe, expect, test } from "vitest";
import { hook, info, metadata, record } from "../../../test-support/release-record.ts";
import { observationDigest, observe, snapshotOf, testHooksOf } from "./observation.ts";
import { verifyRecord } from "./verify-release.ts";

const TEST = hook({
  name: "t",
  events: ["test"],
  lastRun: { startedAt: "2026-01-02T03:04:05.6+01:00", completedAt: undefined, phase: "Running" },
});
const RELEASE = record({
  name: "web",
  namespace: "apps",
  version: 2,
  info: info({
    status: "deployed",
    firstDeployed: "2026-01-02T03:04:05.678+02:00",
    lastDeployed: "2026-01-03T00:00:00Z",
    notes: "<b> & \u2028",
  }),
  chartMetadata: metadata({ name: "web", version: "1.0.0", appVersion: "7" }),
  config: { b: 1, a: new ExactNumber("9007199254740993", true) },
  manifest: "a: 1\n",
  hooks: [TEST, hook({ name: "pre", events: ["pre-install"], weight: -1 })],
});

describe("digests of stored releases (G-HEL-7)", () => {
  test("one with a name alone has the digest that Flux gives it", () => {
    expect(observationDigest(observe(record({ name: "foo" })))).toBe(
      "sha256:f1498f27a16a09cd7e1ee610d924df065c03d30035638babc95dd9a8d412ce4d",
    );
  });

  test("is of Go's JSON with a line break, without tests, numbers as float64", () => {
    const json =
      '{"name":"web","version":2,"info":{"first_deployed":"2026-01-02T03:04:05.678+02:00","last_deployed":"2026-01-03T00:00:00Z","status":"deployed",' +
      '"notes":"\\u003cb\\u003e \\u0026 \\u2028"},"chartMetadata":{"name":"web","version":"1.0.0","appVersion":"7"},"config":{"a":9007199254740992,"b":1},' +
      '"manifest":"a: 1\\n","hooks":[{"name":"pre","events":["pre-install"],"last_run":{"phase":""},"weight":-1}],"namespace":"apps","ociDigest":"sha256:1"}\n';
    expect(observationDigest(observe(RELEASE, "sha256:1"))).toBe(`sha256:${createHash("sha256").update(json).digest("hex")}`);
  });

  test("is the same before and after the release was stored", () => {
    expect(observationDigest(observe(decodeRecord(encodeRecord(RELEASE))))).toBe(observationDigest(observe(RELEASE)));
  });

  test("a test that somebody ran does not change it, all else does", () => {
    const digest = observationDigest(observe(RELEASE));
    expect(observationDigest(observe({ ...RELEASE, hooks: RELEASE.hooks.slice(1) }))).toBe(digest);
    for (const change of [{ version: 3 }, { manifest: "" }, { config: {} }, { hooks: [] }, { info: info({ status: "failed" }) }]) {
      expect(observationDigest(observe({ ...RELEASE, ...change }))).not.toBe(digest);
    }
  });
});

test("a snapshot has whole seconds in UTC, and leaves out what is empty", () => {
  expect(snapshotOf(observe(RELEASE), "upgrade")).toEqual({
    apiVersion: "v2",
    digest: observationDigest(observe(RELEASE)),
    name: "web",
    namespace: "apps",
    version: 2,
    status: "deployed",
    chartName: "web",
    chartVersion: "1.0.0",
    appVersion: "7",
    configDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    firstDeployed: "2026-01-02T01:04:05Z",
    lastDeployed: "2026-01-03T00:00:00Z",
    action: "upgrade",
  });
});

describe("verifying a stored release", () => {
  const snapshot = snapshotOf(observe(RELEASE, "sha256:1"));

  test("takes the digest of the chart's artifact from the snapshot", () => {
    expect(snapshot.ociDigest).toBe("sha256:1");
    expect(verifyRecord(snapshot, RELEASE)).toBeUndefined();
    expect(verifyRecord({ ...snapshot, ociDigest: "" }, RELEASE)).toBe("release not observed to be made for object");
  });

  test("what changed is none of ours; a digest that is none cannot be verified; one made in an older way is let pass", () => {
    expect(verifyRecord(snapshot, { ...RELEASE, manifest: "a: 2\n" })).toBe("release not observed to be made for object");
    expect(verifyRecord({ ...snapshot, digest: "sha256:0" }, RELEASE)).toBe("release digest verification error");
    const { apiVersion: _, ...legacy } = snapshot;
    expect(verifyRecord({ ...legacy, digest: "sha256:0" }, RELEASE)).toBeUndefined();
  });
});

test.each<[string, Parameters<typeof testHooksOf>[1], readonly string[]]>([
  ["no filter", [], ["t", "u"]],
  ["one that includes", [{ name: "t" }], ["t"]],
  ["one that excludes", [{ name: "t", exclude: true }], ["u"]],
  ["both for the same", [{ name: "t" }, { name: "t", exclude: true }], []],
  ["one that fits nothing", [{ name: "x" }], []],
])("tests of a release, with %s (G-HEL-23)", (_, filters, names) => {
  const release = { ...RELEASE, hooks: [...RELEASE.hooks, hook({ name: "u", events: ["post-rollback", "test"] })] };
  expect(Object.keys(testHooksOf(release, filters))).toEqual(names);
  expect(testHooksOf(release)).toEqual({ t: { lastStarted: "2026-01-02T02:04:05Z", phase: "Running" }, u: {} });
});
