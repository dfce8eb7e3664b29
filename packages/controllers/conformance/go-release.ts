// SPDX-License-Identifier: Apache-2.0
import type { ReleaseSnapshot } from "@flux-ts/flux-api";
import type { ChartMetadata } from "@flux-ts/helm";
import type { ReleaseInfo, ReleaseRecord, StoredHook } from "@flux-ts/helm/release";
import { hook, info, metadata, record } from "../test-support/release-record.ts";

/** A struct under its Go field names, as the corpus writes it. */
export type Go = Readonly<Record<string, unknown>>;

const METADATA = {
  Name: "name",
  Home: "home",
  Sources: "sources",
  Version: "version",
  Description: "description",
  Keywords: "keywords",
  Icon: "icon",
  APIVersion: "apiVersion",
  AppVersion: "appVersion",
  Deprecated: "deprecated",
  Annotations: "annotations",
  KubeVersion: "kubeVersion",
  Type: "type",
} as const;
const INFO = {
  FirstDeployed: "firstDeployed",
  LastDeployed: "lastDeployed",
  Deleted: "deleted",
  Description: "description",
  Status: "status",
  RollbackRevision: "rollbackRevision",
  Notes: "notes",
} as const;
const RUN = { StartedAt: "startedAt", CompletedAt: "completedAt", Phase: "phase" } as const;
const HOOK = {
  Name: "name",
  Kind: "kind",
  Path: "path",
  Manifest: "manifest",
  Events: "events",
  Weight: "weight",
  DeletePolicies: "deletePolicies",
  OutputLogPolicies: "outputLogPolicies",
} as const;

type Names = Readonly<Record<string, string>>;

/** The fields that are given, under our names. */
function given(struct: Go, names: Names): Record<string, unknown> {
  return Object.fromEntries(Object.entries(names).flatMap(([from, to]) => (struct[from] === undefined ? [] : [[to, struct[from]]])));
}

function asGo(value: object, names: Names): Go {
  return Object.fromEntries(Object.entries(names).map(([to, from]) => [to, (value as Go)[from]]));
}

export function metadataOf(struct: Go): ChartMetadata {
  return metadata(given(struct, METADATA));
}

export function hookOf(struct: Go): StoredHook {
  const lastRun = { startedAt: undefined, completedAt: undefined, phase: "", ...given((struct["LastRun"] ?? {}) as Go, RUN) };
  return hook({ ...given(struct, HOOK), lastRun });
}

export function goHook(value: StoredHook): Go {
  return { ...asGo(value, HOOK), LastRun: asGo(value.lastRun, RUN) };
}

export function goInfo(value: ReleaseInfo): Go {
  return asGo(value, INFO);
}

export function goMetadata(value: ChartMetadata | undefined): Go {
  return value === undefined ? {} : asGo(value, METADATA);
}

/**
 * A release of Go's. One without `Info` is what upstream's tests make a release of: its status stands beside its name,
 * and the corpus leaves out the values that they give it, which are these in every case.
 */
export function recordOf(struct: Go): ReleaseRecord {
  const isWhole = struct["Info"] !== undefined;
  const { Metadata: chartMetadata } = (struct["Chart"] ?? {}) as { readonly Metadata?: Go };
  return record({
    name: textOf(struct["Name"]),
    namespace: textOf(struct["Namespace"]),
    version: Number(struct["Version"] ?? 0),
    info: info(isWhole ? given(struct["Info"] as Go, INFO) : { status: textOf(struct["Status"]) }),
    ...(chartMetadata === undefined ? {} : { chartMetadata: metadataOf(chartMetadata) }),
    config: (struct["Config"] ?? (isWhole ? {} : { foo: "bar" })) as Go,
    manifest: textOf(struct["Manifest"]),
    hooks: ((struct["Hooks"] ?? []) as readonly Go[]).map(hookOf),
  });
}

/** Without its labels, which Go keeps beside what is stored. */
export function goRelease(value: ReleaseRecord): Go {
  return {
    Name: value.name,
    Namespace: value.namespace,
    Version: value.version,
    Info: goInfo(value.info),
    Chart: { Metadata: goMetadata(value.chart?.metadata) },
    Config: value.config,
    Manifest: value.manifest,
    Hooks: value.hooks.map(goHook),
  };
}

/** A digest of Go's, which can tell whether it is one. */
export class GoDigest {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  Validate(): Error | undefined {
    return /^[a-z0-9]+:[0-9a-f]{32,}$/.test(this.text) ? undefined : new Error("invalid checksum digest format");
  }
}

/** A snapshot as Go's expressions read it. */
export function goSnapshot(snapshot: ReleaseSnapshot): Go {
  const time = (text: string | undefined): Go => ({ Time: text === "0001-01-01T00:00:00Z" ? undefined : text });
  return {
    ...snapshot,
    APIVersion: snapshot.apiVersion,
    digest: new GoDigest(snapshot.digest),
    configDigest: new GoDigest(snapshot.configDigest),
    FirstDeployed: time(snapshot.firstDeployed),
    LastDeployed: time(snapshot.lastDeployed),
    Deleted: time(snapshot.deleted),
  };
}

/** A snapshot of Go's, or one as it stands in a HelmRelease. */
export function snapshotFrom(value: Go): ReleaseSnapshot {
  const { APIVersion: apiVersion = value["apiVersion"], FirstDeployed: _, LastDeployed: __, Deleted: ___, ...fields } = value;
  const text = (digest: unknown): unknown => (digest instanceof GoDigest ? digest.text : digest);
  // What the corpus leaves out is empty in Go.
  return {
    ...fields,
    apiVersion,
    digest: text(value["digest"]) ?? "",
    configDigest: text(value["configDigest"]) ?? "",
  } as unknown as ReleaseSnapshot;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
