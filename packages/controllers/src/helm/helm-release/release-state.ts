// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease } from "@flux-ts/flux-api";
import { isPending, type ReleaseRecord } from "@flux-ts/helm/release";
import { Failure } from "@flux-ts/kube-runtime";
import { commonMetadataDigest, postRenderersDigest } from "./digests.ts";
import { hasTestInPhase, isTested, latestOf } from "./history.ts";
import type { ReleaseState } from "./next-action.ts";
import { activeRemediation } from "./remediation.ts";
import { changeOf, verifyRecord, type WantedRelease } from "./verify-release.ts";

/** What the state of a release follows from, but for its objects in the cluster. */
export interface StateFacts extends WantedRelease {
  readonly release: HelmRelease;
  /** The newest revision in Helm's storage; undefined when there is none. */
  readonly last: ReleaseRecord | undefined;
}

/** A state, and why, where that is not plain. */
export interface KnownState {
  readonly state: ReleaseState;
  readonly reason: string;
}

/**
 * How a release stands to what its HelmRelease wants. The first that holds, in this order:
 *
 * | what | state |
 * |---|---|
 * | nothing is stored | Absent |
 * | an action is under way or was interrupted | Locked |
 * | no history, or a stored release that is not the one of the history | Unmanaged; uninstalled, without history: Absent |
 * | stored as failed | Failed |
 * | stored as uninstalled | Absent |
 * | another chart or other values; with a new generation other post renderers or metadata | OutOfSync |
 * | tests are wanted and have not run; have failed, and count | Untested; Failed |
 * | objects differ, and somebody wants to know | Drifted |
 * | none of these | InSync |
 *
 * @param hasDrifted whether objects differ from the stored manifest; asked only when all else is as wanted and drift is to be detected
 * @throws {Failure} StateError for a release that is stored in another status than these
 * @see helm-controller internal/reconcile DetermineReleaseState; spec G-HEL-8
 */
export async function releaseState(facts: StateFacts, hasDrifted: () => Promise<boolean>): Promise<KnownState> {
  const known = stateOfRecord(facts);
  const { mode } = facts.release.spec.driftDetection ?? {};
  if (known.state !== "InSync" || (mode !== "enabled" && mode !== "warn")) return known;
  return (await hasDrifted()) ? { state: "Drifted", reason: "" } : known;
}

/** The same without a look at the cluster: InSync for what may have drifted. @throws {Failure} StateError */
export function stateOfRecord(facts: StateFacts): KnownState {
  const { release, last } = facts;
  if (last === undefined) return { state: "Absent", reason: "no release in storage for object" };
  const { status } = last.info;
  if (isPending(status)) return { state: "Locked", reason: `release with status '${status}'` };
  const latest = latestOf(release.status?.history);
  if (latest === undefined) {
    if (status === "uninstalled") return { state: "Absent", reason: "found uninstalled release in storage" };
    return { state: "Unmanaged", reason: "found existing release in storage" };
  }
  const mismatch = verifyRecord(latest, last);
  if (mismatch !== undefined) return { state: "Unmanaged", reason: mismatch };
  switch (status) {
    case "failed":
      return { state: "Failed", reason: "" };
    case "uninstalled":
      return { state: "Absent", reason: "found uninstalled release in storage" };
    case "deployed":
      return stateOfDeployed(facts, last);
    default:
      throw new Failure("StateError", `unable to determine state for release with status '${status}'`);
  }
}

function stateOfDeployed(facts: StateFacts, last: ReleaseRecord): KnownState {
  const { release } = facts;
  const latest = latestOf(release.status?.history);
  const change = changeOf(last, latest, facts) ?? overlayChange(release);
  if (change !== undefined) return { state: "OutOfSync", reason: change };
  const { enable = false } = release.spec.test ?? {};
  if (enable && latest !== undefined) {
    if (!isTested(latest)) return { state: "Untested", reason: "" };
    const remediation = activeRemediation(release);
    if (remediation !== undefined && !remediation.ignoresTests && hasTestInPhase(latest, "Failed")) {
      return { state: "Failed", reason: "release has test in failed phase" };
    }
  }
  return { state: "InSync", reason: "" };
}

/** What is done to the rendered objects is looked at with a new generation only. */
function overlayChange({ spec, status, metadata }: HelmRelease): string | undefined {
  if ((status?.observedGeneration ?? 0) === (metadata.generation ?? 0)) return undefined;
  if (postRenderersDigest(spec.postRenderers) !== (status?.observedPostRenderersDigest ?? "")) return "postrenderers digest has changed";
  if (commonMetadataDigest(spec.commonMetadata) !== (status?.observedCommonMetadataDigest ?? ""))
    return "common metadata digest has changed";
  return undefined;
}
