// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease, ReleaseSnapshot } from "@flux-ts/flux-api";
import { describe, expect, test } from "vitest";
import { isTested } from "./history.ts";
import type { Facts } from "./next-action.ts";
import { nextAction } from "./next-action.ts";

function snapshot(version: number, status: string, extra: Partial<ReleaseSnapshot> = {}): ReleaseSnapshot {
  return {
    name: "web",
    namespace: "apps",
    version,
    status,
    chartName: "web",
    chartVersion: `1.0.${version}`,
    digest: `sha256:${version}`,
    configDigest: "sha256:0",
    firstDeployed: "2026-01-01T00:00:00Z",
    lastDeployed: "2026-01-01T00:00:00Z",
    ...extra,
  };
}

type Given = Partial<Omit<Facts, "release">> & {
  readonly spec?: Partial<HelmRelease["spec"]>;
  readonly status?: HelmRelease["status"];
};

function decide({ spec = {}, status, ...facts }: Given) {
  const release: HelmRelease = {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "web", namespace: "apps" },
    spec: { interval: "10m", ...spec },
    ...(status === undefined ? {} : { status }),
  };
  return nextAction({ state: "InSync", isForced: false, retriesByDefault: false, stored: () => "same", ...facts, release });
}

const failedUpgrade = (upgradeFailures: number, history = [snapshot(2, "failed"), snapshot(1, "superseded")]): HelmRelease["status"] => ({
  lastAttemptedReleaseAction: "upgrade",
  upgradeFailures,
  history,
});

describe("what comes next for a release (G-HEL-9…G-HEL-13)", () => {
  test.each<[string, Given, object]>([
    ["an absent one is installed", { state: "Absent" }, { action: "install" }],
    [
      "out of retries it is not",
      { state: "Absent", status: { lastAttemptedReleaseAction: "install", installFailures: 1 } },
      { kind: "stall", reason: "RetriesExceeded", message: "Failed to install after 1 attempt(s)" },
    ],
    [
      "retries without end are never used up",
      { state: "Absent", spec: { install: { remediation: { retries: -1 } } }, status: { installFailures: 99 } },
      { action: "install" },
    ],
    [
      "retries N means N+1 attempts",
      { state: "Absent", spec: { install: { remediation: { retries: 1 } } }, status: { installFailures: 1 } },
      { action: "install" },
    ],
    ["a locked one is unlocked", { state: "Locked" }, { action: "unlock" }],
    [
      "one that somebody else made is upgraded, its history forgotten",
      { state: "Unmanaged", status: { history: [snapshot(1, "deployed")] } },
      { action: "upgrade", history: [] },
    ],
    ["drift is corrected", { state: "Drifted", spec: { driftDetection: { mode: "enabled" } } }, { action: "correct" }],
    ["or only told", { state: "Drifted", spec: { driftDetection: { mode: "warn" } } }, { kind: "rest" }],
    [
      "a failed upgrade is tried again while nothing says to undo it",
      { state: "Failed", status: { history: [snapshot(1, "failed")] } },
      { action: "upgrade" },
    ],
    ["without retries it stays failed", { state: "Failed", status: failedUpgrade(1) }, { kind: "stall", reason: "RetriesExceeded" }],
    [
      "with retries the release before comes back",
      { state: "Failed", spec: { upgrade: { remediation: { retries: 2 } } }, status: failedUpgrade(1) },
      { action: "rollback" },
    ],
    [
      "also after the last, unless that is not wanted",
      { state: "Failed", spec: { upgrade: { remediation: { retries: 1, remediateLastFailure: false } } }, status: failedUpgrade(2) },
      { kind: "stall", reason: "RetriesExceeded", message: "Failed to upgrade after 2 attempt(s)" },
    ],
    [
      "a release before that is another now is no place to go back to",
      { state: "Failed", stored: () => "other", spec: { upgrade: { remediation: { retries: 2 } } }, status: failedUpgrade(1) },
      { action: "upgrade" },
    ],
    [
      "nor is one whose tests failed",
      {
        state: "Failed",
        spec: { upgrade: { remediation: { retries: 2 } } },
        status: failedUpgrade(1, [snapshot(2, "failed"), snapshot(1, "superseded", { testHooks: { t: { phase: "Failed" } } })]),
      },
      { kind: "stall", reason: "MissingRollbackTarget" },
    ],
    [
      "strategy uninstall",
      { state: "Failed", spec: { upgrade: { remediation: { retries: 2, strategy: "uninstall" } } }, status: failedUpgrade(1) },
      { action: "uninstall" },
    ],
    [
      "RetryOnFailure upgrades again and again",
      { state: "Failed", spec: { upgrade: { strategy: { name: "RetryOnFailure" } } }, status: failedUpgrade(7) },
      { action: "upgrade" },
    ],
    ["so does the gate", { state: "Failed", retriesByDefault: true, status: failedUpgrade(7) }, { action: "upgrade" }],
    [
      "what changed since is tried anew",
      { state: "Failed", spec: { upgrade: { remediation: { retries: 2 } } }, status: failedUpgrade(0) },
      { action: "upgrade" },
    ],
    ["what is as wanted rests", { state: "InSync", status: { history: [snapshot(1, "deployed")] } }, { kind: "rest" }],
    ["unless it is forced", { state: "InSync", isForced: true, status: { history: [snapshot(1, "deployed")] } }, { action: "upgrade" }],
  ])("%s", (_, given, decision) => {
    expect(decide(given)).toMatchObject(decision);
  });

  test("the history goes back to the last release that went well (G-HEL-15)", () => {
    const history = [snapshot(5, "deployed"), snapshot(4, "failed"), snapshot(3, "superseded"), snapshot(2, "superseded")];
    expect(decide({ status: { history } }).history?.map(({ version }) => version)).toEqual([5, 4, 3]);
    const failures = [7, 6, 5, 4, 3, 2].map((version) => snapshot(version, "failed"));
    expect(decide({ status: { history: failures } }).history).toHaveLength(5);
  });
});

test.each([
  [undefined, false],
  [{}, true],
  [{ a: { phase: "Succeeded" }, b: {} }, false],
  [{ a: { phase: "Succeeded" }, b: { phase: "Failed" } }, true],
] as const)("tests %j: whether they have ended is %s", (testHooks, isDone) => {
  expect(isTested(snapshot(1, "deployed", testHooks === undefined ? {} : { testHooks }))).toBe(isDone);
});
