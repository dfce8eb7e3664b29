// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import type { ChartMetadata, Dependency } from "../chart/chart.ts";

/** How a release is, in Helm's words. @see helm.sh/helm/v4 pkg/release/common Status */
export type ReleaseStatus =
  | "unknown"
  | "deployed"
  | "uninstalled"
  | "superseded"
  | "failed"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

/** Whether an install, upgrade or rollback is under way, or was interrupted. */
export function isPending(status: string): boolean {
  return status === "pending-install" || status === "pending-upgrade" || status === "pending-rollback";
}

/** What is known of a release. Times are RFC 3339 with up to nine digits of a second, as Go writes them; undefined: never. */
export interface ReleaseInfo {
  readonly firstDeployed: string | undefined;
  readonly lastDeployed: string | undefined;
  readonly deleted: string | undefined;
  readonly description: string;
  /** A {@link ReleaseStatus}; in what others stored, perhaps another word. */
  readonly status: string;
  /** The revision that a rollback went back to; 0 for none. */
  readonly rollbackRevision: number;
  readonly notes: string;
}

/** The last run of a hook. */
export interface HookRun {
  readonly startedAt: string | undefined;
  readonly completedAt: string | undefined;
  /** `Unknown`, `Running`, `Succeeded`, `Failed`; `""` before the first run. */
  readonly phase: string;
}

/** A hook of a release, as it is stored. */
export interface StoredHook {
  readonly name: string;
  readonly kind: string;
  /** The template it comes from: `chart/templates/x.yaml`. */
  readonly path: string;
  readonly manifest: string;
  readonly events: readonly string[];
  readonly lastRun: HookRun;
  readonly weight: number;
  readonly deletePolicies: readonly string[];
  readonly outputLogPolicies: readonly string[];
}

/** A file of a stored chart. */
export interface StoredFile {
  readonly name: string;
  /** Undefined where Go has no bytes at all, which it stores as null. */
  readonly data: Uint8Array | undefined;
  readonly modTime: string | undefined;
}

/** Chart.lock. */
export interface ChartLock {
  readonly generated: string | undefined;
  readonly digest: string;
  readonly dependencies: readonly Dependency[] | undefined;
}

/** A chart as a release holds it: without its subcharts. What is undefined is stored as null. */
export interface StoredChart {
  readonly metadata: ChartMetadata | undefined;
  readonly lock: ChartLock | undefined;
  readonly templates: readonly StoredFile[] | undefined;
  readonly values: JsonObject | undefined;
  readonly schema: Uint8Array | undefined;
  readonly schemaModTime: string | undefined;
  readonly files: readonly StoredFile[] | undefined;
  readonly modTime: string | undefined;
}

/**
 * One revision of a release, as Helm stores it. Never changed in place. What is not given is empty.
 *
 * @see helm.sh/helm/v4 pkg/release/v1 Release
 */
export interface ReleaseRecord {
  readonly name: string;
  readonly info: ReleaseInfo;
  readonly chart: StoredChart | undefined;
  /** The values that were given; those of the chart lie under them. Numbers of a record that was read are float64, as Go reads them. */
  readonly config: JsonObject;
  /** The rendered objects without hooks, a stream of YAML. */
  readonly manifest: string;
  readonly hooks: readonly StoredHook[];
  /** Its revision, from 1. */
  readonly version: number;
  readonly namespace: string;
  /** How objects were applied: on the server (`ssa`), or with three-way merges (`csa`, which `""` means as well). */
  readonly applyMethod: string;
  /** Labels of the stored object beside those that storing makes. */
  readonly labels: Readonly<Record<string, string>>;
}
