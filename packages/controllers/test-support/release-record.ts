// SPDX-License-Identifier: Apache-2.0
import type { ChartMetadata } from "@flux-ts/helm";
import type { ReleaseInfo, ReleaseRecord, StoredHook } from "@flux-ts/helm/release";

/** A chart's metadata with a name and a version. */
export function metadata(given: Partial<ChartMetadata> = {}): ChartMetadata {
  return {
    name: "",
    home: "",
    sources: [],
    version: "",
    description: "",
    keywords: [],
    maintainers: [],
    icon: "",
    apiVersion: "",
    condition: "",
    tags: "",
    appVersion: "",
    deprecated: false,
    annotations: undefined,
    kubeVersion: "",
    dependencies: undefined,
    type: "",
    ...given,
  };
}

export function info(given: Partial<ReleaseInfo> = {}): ReleaseInfo {
  return {
    firstDeployed: undefined,
    lastDeployed: undefined,
    deleted: undefined,
    description: "",
    status: "",
    rollbackRevision: 0,
    notes: "",
    ...given,
  };
}

export function hook(given: Partial<StoredHook> = {}): StoredHook {
  return {
    name: "",
    kind: "",
    path: "",
    manifest: "",
    events: [],
    lastRun: { startedAt: undefined, completedAt: undefined, phase: "" },
    weight: 0,
    deletePolicies: [],
    outputLogPolicies: [],
    ...given,
  };
}

/** A stored release with what is given; the rest is empty. */
export function record(given: Partial<ReleaseRecord> & { readonly chartMetadata?: ChartMetadata } = {}): ReleaseRecord {
  const { chartMetadata, ...fields } = given;
  const none = { lock: undefined, templates: undefined, values: undefined, schema: undefined, files: undefined };
  return {
    name: "",
    info: info(),
    chart: chartMetadata && { ...none, metadata: chartMetadata, schemaModTime: undefined, modTime: undefined },
    config: {},
    manifest: "",
    hooks: [],
    version: 0,
    namespace: "",
    applyMethod: "",
    labels: {},
    ...fields,
  };
}
