// SPDX-License-Identifier: Apache-2.0
import type { HelmRelease, ReleaseSnapshot } from "@flux-ts/flux-api";
import type { ChartMetadata } from "@flux-ts/helm";
import {
  chartMetadataJson,
  hookJson,
  infoJson,
  listJson,
  mapJson,
  type ReleaseInfo,
  type ReleaseRecord,
  type StoredHook,
  structJson,
  textJson,
  withFloats,
} from "@flux-ts/helm/release";
import { type JsonObject, setKey, toTimestamp } from "@flux-ts/kube-core";
import type { DigestAlgorithm } from "@flux-ts/toolkit/artifact";
import { jsonDigest, valuesDigest } from "./digests.ts";

/** How digests of snapshots are made now. Those of other versions cannot be compared. @see helm-controller api/v2 CurrentSnapshotAPIVersion */
export const SNAPSHOT_API_VERSION = "v2";

/** What a stored release is told apart by: all of it but the chart's files, and the tests, which anybody may run. */
export interface Observation {
  readonly name: string;
  readonly version: number;
  readonly info: ReleaseInfo;
  readonly chartMetadata: ChartMetadata | undefined;
  readonly config: JsonObject;
  readonly manifest: string;
  readonly hooks: readonly StoredHook[];
  readonly namespace: string;
  /** Of the OCI artifact that the chart came from; no part of what Helm stores. */
  readonly ociDigest: string;
}

/** What is seen of a stored release. @see helm-controller internal/release ObserveRelease */
export function observe(record: ReleaseRecord, ociDigest = ""): Observation {
  const { name, version, info, chart, config, manifest, hooks, namespace } = record;
  return {
    name,
    version,
    info,
    chartMetadata: chart?.metadata,
    config,
    manifest,
    hooks: hooks.filter((hook) => !isTest(hook)),
    namespace,
    ociDigest,
  };
}

/**
 * The digest of an observation, of its JSON as Go writes it. Whoever changes the stored release changes it.
 *
 * @see helm-controller internal/release Digest; spec G-HEL-7
 */
export function observationDigest(observation: Observation, algorithm: DigestAlgorithm = "sha256"): string {
  const { name, version, info, chartMetadata, config, manifest, hooks, namespace, ociDigest } = observation;
  return jsonDigest(
    structJson([
      ["name", textJson(name)],
      ["version", String(version)],
      ["info", infoJson(info)],
      ["chartMetadata", chartMetadata === undefined ? "{}" : chartMetadataJson(chartMetadata)],
      // As the stored release is read again, where every number is a float64.
      ["config", Object.keys(config).length === 0 ? "null" : mapJson(withFloats(config))],
      ["manifest", textJson(manifest)],
      ["hooks", listJson(hooks.length === 0 ? undefined : hooks.map(hookJson))],
      ["namespace", textJson(namespace)],
      ["ociDigest", ociDigest === "" ? undefined : textJson(ociDigest)],
    ]),
    algorithm,
  );
}

/**
 * The entry of `status.history` for an observation.
 *
 * @param action what made the release; none for one that somebody else made
 * @see helm-controller internal/release ObservedToSnapshot
 */
export function snapshotOf(observation: Observation, action?: string): ReleaseSnapshot {
  const { name, namespace, version, info, chartMetadata, config, ociDigest } = observation;
  return {
    apiVersion: SNAPSHOT_API_VERSION,
    digest: observationDigest(observation),
    name,
    namespace,
    version,
    status: info.status,
    chartName: chartMetadata?.name ?? "",
    chartVersion: chartMetadata?.version ?? "",
    configDigest: valuesDigest(config),
    firstDeployed: inSeconds(info.firstDeployed) ?? NEVER,
    lastDeployed: inSeconds(info.lastDeployed) ?? NEVER,
    ...optional("deleted", inSeconds(info.deleted)),
    ...optional("appVersion", chartMetadata?.appVersion),
    ...optional("action", action),
    ...optional("ociDigest", ociDigest),
  };
}

const NEVER = "0001-01-01T00:00:00Z";

/** Kubernetes keeps no fractions of a second, and no offsets. */
function inSeconds(time: string | undefined): string | undefined {
  return time === undefined ? undefined : toTimestamp(Date.parse(time));
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  // A computed key of one name makes an object of that name.
  return value === undefined || value === "" ? {} : ({ [name]: value } as Partial<Record<Name, string>>);
}

/** Whether a hook is a test of the chart. */
export function isTest({ events }: StoredHook): boolean {
  return events.includes("test");
}

type TestFilter = NonNullable<NonNullable<HelmRelease["spec"]["test"]>["filters"]>[number];

/**
 * How the tests of a release went, by name: those that no filter excludes, and where some filters include, only these.
 *
 * @see helm-controller internal/release TestHooksFromRelease; spec G-HEL-23
 */
export function testHooksOf({ hooks }: ReleaseRecord, filters: readonly TestFilter[] = []): NonNullable<ReleaseSnapshot["testHooks"]> {
  const tests: Record<string, NonNullable<ReleaseSnapshot["testHooks"]>[string]> = {};
  for (const hook of hooks) {
    if (!isTest(hook) || !isSelected(hook.name, filters)) continue;
    const { startedAt, completedAt, phase } = hook.lastRun;
    setKey(tests, hook.name, {
      ...optional("lastStarted", inSeconds(startedAt)),
      ...optional("lastCompleted", inSeconds(completedAt)),
      ...optional("phase", phase),
    });
  }
  return tests;
}

function isSelected(name: string, filters: readonly TestFilter[]): boolean {
  if (filters.some((filter) => filter.exclude === true && filter.name === name)) return false;
  const included = filters.filter(({ exclude }) => exclude !== true);
  return included.length === 0 || included.some((filter) => filter.name === name);
}
