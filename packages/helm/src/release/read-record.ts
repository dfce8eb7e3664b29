// SPDX-License-Identifier: Apache-2.0
import type { ChartMetadata, Dependency, Maintainer } from "../chart/chart.ts";
import type { ChartLock, HookRun, ReleaseInfo, ReleaseRecord, StoredChart, StoredFile, StoredHook } from "./release-record.ts";
import { StructReader, withFloats } from "./struct-reader.ts";

/**
 * A release from the parsed JSON that Helm 3 or Helm 4 stored. Fields that neither knows are dropped.
 *
 * @throws {HelmError} RELEASE for a field of the wrong type
 */
export function readRecord(json: unknown): ReleaseRecord {
  const fields = new StructReader(json, "Release");
  return {
    name: fields.text("name"),
    info: fields.struct("info", readInfo) ?? readInfo(new StructReader({}, "Release.info")),
    chart: fields.struct("chart", readChart),
    config: fields.map("config") ?? {},
    manifest: fields.text("manifest"),
    hooks: fields.list("hooks", readHook) ?? [],
    version: fields.integer("version"),
    namespace: fields.text("namespace"),
    applyMethod: fields.text("apply_method"),
    labels: {},
  };
}

function readInfo(fields: StructReader): ReleaseInfo {
  return {
    firstDeployed: fields.time("first_deployed"),
    lastDeployed: fields.time("last_deployed"),
    deleted: fields.time("deleted"),
    description: fields.text("description"),
    status: fields.text("status"),
    rollbackRevision: fields.integer("rollback_revision"),
    notes: fields.text("notes"),
  };
}

function readHook(value: unknown, path: string): StoredHook {
  const fields = new StructReader(value, path);
  return {
    name: fields.text("name"),
    kind: fields.text("kind"),
    path: fields.text("path"),
    manifest: fields.text("manifest"),
    events: fields.texts("events"),
    lastRun: fields.struct("last_run", readRun) ?? { startedAt: undefined, completedAt: undefined, phase: "" },
    weight: fields.integer("weight"),
    deletePolicies: fields.texts("delete_policies"),
    outputLogPolicies: fields.texts("output_log_policies"),
  };
}

function readRun(fields: StructReader): HookRun {
  return { startedAt: fields.time("started_at"), completedAt: fields.time("completed_at"), phase: fields.text("phase") };
}

function readChart(fields: StructReader): StoredChart {
  return {
    metadata: fields.struct("metadata", readMetadata),
    lock: fields.struct("lock", readLock),
    templates: fields.list("templates", readFile),
    values: fields.map("values"),
    schema: fields.bytes("schema"),
    schemaModTime: fields.time("schemamodtime"),
    files: fields.list("files", readFile),
    modTime: fields.time("modtime"),
  };
}

function readFile(value: unknown, path: string): StoredFile {
  const fields = new StructReader(value, path);
  return { name: fields.text("name"), data: fields.bytes("data"), modTime: fields.time("modtime") };
}

function readMetadata(fields: StructReader): ChartMetadata {
  return {
    name: fields.text("name"),
    home: fields.text("home"),
    sources: fields.texts("sources"),
    version: fields.text("version"),
    description: fields.text("description"),
    keywords: fields.texts("keywords"),
    maintainers: fields.list("maintainers", readMaintainer) ?? [],
    icon: fields.text("icon"),
    apiVersion: fields.text("apiVersion"),
    condition: fields.text("condition"),
    tags: fields.text("tags"),
    appVersion: fields.text("appVersion"),
    deprecated: fields.boolean("deprecated"),
    annotations: fields.textMap("annotations"),
    kubeVersion: fields.text("kubeVersion"),
    dependencies: fields.list("dependencies", readDependency),
    type: fields.text("type"),
  };
}

function readMaintainer(value: unknown, path: string): Maintainer {
  const fields = new StructReader(value, path);
  return { name: fields.text("name"), email: fields.text("email"), url: fields.text("url") };
}

function readDependency(value: unknown, path: string): Dependency {
  const fields = new StructReader(value, path);
  return {
    name: fields.text("name"),
    version: fields.text("version"),
    repository: fields.text("repository"),
    condition: fields.text("condition"),
    tags: fields.texts("tags"),
    enabled: fields.boolean("enabled"),
    importValues: fields.list("import-values", withFloats) ?? [],
    alias: fields.text("alias"),
  };
}

export function readLock(fields: StructReader): ChartLock {
  return { generated: fields.time("generated"), digest: fields.text("digest"), dependencies: fields.list("dependencies", readDependency) };
}
