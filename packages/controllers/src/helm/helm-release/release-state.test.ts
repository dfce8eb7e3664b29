// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease, ReleaseSnapshot } from "@flux-ts/flux-api";
import type { ReleaseRecord } from "@flux-ts/helm/release";
import { describe, expect, test } from "vitest";
import { info, metadata, record } from "../../../test-support/release-record.ts";
import { commonMetadataDigest } from "./digests.ts";
import { observe, snapshotOf } from "./observation.ts";
import { releaseState, stateOfRecord } from "./release-state.ts";

const CHART = metadata({ name: "web", version: "1.0.0" });
const VALUES = { a: 1 };

function stored(status: string, version = 1): ReleaseRecord {
  return record({ name: "web", namespace: "apps", version, info: info({ status }), chartMetadata: CHART, config: VALUES });
}

interface Given {
  readonly last?: ReleaseRecord | undefined;
  readonly history?: readonly ReleaseSnapshot[];
  readonly spec?: Partial<HelmRelease["spec"]>;
  readonly status?: HelmRelease["status"];
  readonly generation?: number;
  readonly version?: string;
  readonly values?: object;
}

const taken = (last: ReleaseRecord, extra: Partial<ReleaseSnapshot> = {}): ReleaseSnapshot => ({ ...snapshotOf(observe(last)), ...extra });

function factsOf(given: Given): Parameters<typeof stateOfRecord>[0] {
  const {
    last,
    history = last === undefined ? [] : [taken(last)],
    spec,
    status,
    generation = 1,
    version = "1.0.0",
    values = VALUES,
  } = given;
  const release: HelmRelease = {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "web", namespace: "apps", generation },
    spec: { interval: "10m", ...spec },
    status: { ...status, history },
  };
  return { release, last, chart: { name: "web", version }, values: { ...values } };
}

describe("how a release stands to what is wanted (G-HEL-8)", () => {
  const deployed = stored("deployed");
  const tests = { test: { enable: true } };
  const metadataOf = { commonMetadata: { labels: { team: "red" } } };
  test.each<[string, Given, string, string]>([
    ["nothing is stored", {}, "Absent", "no release in storage for object"],
    ["nothing is stored any more", { history: [taken(deployed)] }, "Absent", "no release in storage for object"],
    ["an upgrade was interrupted", { last: stored("pending-upgrade") }, "Locked", "release with status 'pending-upgrade'"],
    ["the first install was", { last: stored("pending-install"), history: [] }, "Locked", "release with status 'pending-install'"],
    ["somebody else installed", { last: deployed, history: [] }, "Unmanaged", "found existing release in storage"],
    ["somebody else uninstalled", { last: stored("uninstalled"), history: [] }, "Absent", "found uninstalled release in storage"],
    [
      "somebody else upgraded",
      { last: stored("deployed", 2), history: [taken(deployed)] },
      "Unmanaged",
      "release not observed to be made for object",
    ],
    [
      "the history is broken",
      { last: deployed, history: [taken(deployed, { digest: "x" })] },
      "Unmanaged",
      "release digest verification error",
    ],
    ["it failed", { last: stored("failed"), version: "2.0.0" }, "Failed", ""],
    ["it was uninstalled, and history kept", { last: stored("uninstalled") }, "Absent", "found uninstalled release in storage"],
    ["another chart is wanted", { last: deployed, version: "2.0.0" }, "OutOfSync", "release chart changed"],
    ["other values are", { last: deployed, values: { a: 2 } }, "OutOfSync", "release config values changed"],
    ["with a new generation, other metadata", { last: deployed, spec: metadataOf }, "OutOfSync", "common metadata digest has changed"],
    [
      "with a new generation, other post renderers",
      { last: deployed, spec: { postRenderers: [] } },
      "OutOfSync",
      "postrenderers digest has changed",
    ],
    ["the same of a generation that was seen", { last: deployed, spec: metadataOf, status: { observedGeneration: 1 } }, "InSync", ""],
    [
      "the metadata as they were",
      { last: deployed, spec: metadataOf, status: { observedCommonMetadataDigest: commonMetadataDigest(metadataOf.commonMetadata) } },
      "InSync",
      "",
    ],
    ["tests have not run", { last: deployed, spec: tests }, "Untested", ""],
    ["there are none to run", { last: deployed, spec: tests, history: [taken(deployed, { testHooks: {} })] }, "InSync", ""],
    [
      "a test failed",
      {
        last: deployed,
        spec: tests,
        history: [taken(deployed, { testHooks: { a: { phase: "Failed" } } })],
        status: { lastAttemptedReleaseAction: "install" },
      },
      "Failed",
      "release has test in failed phase",
    ],
    [
      "a test failed that does not count",
      {
        last: deployed,
        spec: { test: { enable: true, ignoreFailures: true } },
        history: [taken(deployed, { testHooks: { a: { phase: "Failed" } } })],
        status: { lastAttemptedReleaseAction: "install" },
      },
      "InSync",
      "",
    ],
  ])("%s", (_, given, state, reason) => {
    expect(stateOfRecord(factsOf(given))).toEqual({ state, reason });
  });

  test("another status than these is an error", () => {
    expect(() => stateOfRecord(factsOf({ last: stored("superseded") }))).toThrow(
      "unable to determine state for release with status 'superseded'",
    );
  });
});

describe("drift (G-HEL-24)", () => {
  const asked: string[] = [];
  const drifted = (answer: boolean) => async () => {
    asked.push("asked");
    return answer;
  };
  test.each<[string, Given, boolean, string, number]>([
    ["is told when wanted", { last: stored("deployed"), spec: { driftDetection: { mode: "warn" } } }, true, "Drifted", 1],
    ["is none", { last: stored("deployed"), spec: { driftDetection: { mode: "enabled" } } }, false, "InSync", 1],
    ["is not looked for unless wanted", { last: stored("deployed"), spec: { driftDetection: { mode: "disabled" } } }, true, "InSync", 0],
    [
      "is not looked for where there is more to do",
      { last: stored("deployed"), version: "2", spec: { driftDetection: { mode: "enabled" } } },
      true,
      "OutOfSync",
      0,
    ],
  ])("%s", async (_, given, answer, state, times) => {
    asked.length = 0;
    expect((await releaseState(factsOf(given), drifted(answer))).state).toBe(state);
    expect(asked).toHaveLength(times);
  });
});
