// SPDX-License-Identifier: Apache-2.0
import type { ReleaseSnapshot } from "@flux-ts/flux-api";
import type { ChartMetadata } from "@flux-ts/helm";
import { HelmError } from "@flux-ts/helm";
import type { ReleaseRecord, ReleaseStorage } from "@flux-ts/helm/release";
import type { JsonObject } from "@flux-ts/kube-core";
import { algorithmOf, hasValuesDigest } from "./digests.ts";
import { observationDigest, observe, SNAPSHOT_API_VERSION } from "./observation.ts";

/** Why a stored release is not the one of a snapshot. */
export type Mismatch = "release digest verification error" | "release not observed to be made for object";

/**
 * Whether a stored release is still as it was when the snapshot was taken; undefined: it is. One whose digest was made
 * in an older way cannot be told, and passes.
 *
 * @see helm-controller internal/action VerifyReleaseObject
 */
export function verifyRecord(snapshot: ReleaseSnapshot, record: ReleaseRecord): Mismatch | undefined {
  if (snapshot.apiVersion !== SNAPSHOT_API_VERSION) return undefined;
  const algorithm = algorithmOf(snapshot.digest);
  if (algorithm === undefined) return "release digest verification error";
  const digest = observationDigest(observe(record, snapshot.ociDigest), algorithm);
  return digest === snapshot.digest ? undefined : "release not observed to be made for object";
}

/** The stored release of a snapshot, or why there is none. */
export type Verified =
  | { readonly record: ReleaseRecord }
  | { readonly problem: Mismatch | "no release found" | "release disappeared from storage" };

/**
 * Looks up the stored release of a snapshot, and verifies it.
 *
 * @throws {HelmError} of the storage, for what cannot be read
 * @see helm-controller internal/action VerifySnapshot
 */
export async function verifySnapshot(storage: Pick<ReleaseStorage, "get">, snapshot: ReleaseSnapshot | undefined): Promise<Verified> {
  if (snapshot === undefined) return { problem: "no release found" };
  let record: ReleaseRecord;
  try {
    record = await storage.get(snapshot.name, snapshot.version);
  } catch (error) {
    if (error instanceof HelmError && error.code === "RELEASE_NOT_FOUND") return { problem: "release disappeared from storage" };
    throw error;
  }
  const problem = verifyRecord(snapshot, record);
  return problem === undefined ? { record } : { problem };
}

/** In what a release differs from what is wanted. */
export type Change = "release chart changed" | "release config values changed";

/** What is wanted of a release. */
export interface WantedRelease {
  /** Undefined: whatever it is. */
  readonly chart: Pick<ChartMetadata, "name" | "version"> | undefined;
  readonly values: JsonObject;
}

/**
 * Whether a release has the wanted chart and values; undefined: it has.
 *
 * @see helm-controller internal/action VerifyRelease
 */
export function changeOf(
  record: ReleaseRecord,
  snapshot: ReleaseSnapshot | undefined,
  { chart, values }: WantedRelease,
): Change | undefined {
  const { name = "", version = "" } = record.chart?.metadata ?? {};
  if (chart !== undefined && (name !== chart.name || version !== chart.version)) return "release chart changed";
  return snapshot !== undefined && hasValuesDigest(snapshot.configDigest, values) ? undefined : "release config values changed";
}
