// SPDX-License-Identifier: Apache-2.0
import type { ChartMetadata, Dependency } from "../chart/chart.ts";
import { ZERO_TIME } from "./go-time.ts";
import { toBase64 } from "./packing.ts";
import type { ChartLock, HookRun, ReleaseInfo, ReleaseRecord, StoredChart, StoredFile, StoredHook } from "./release-record.ts";
import {
  escapeHtml,
  filledListJson,
  filledMapJson,
  filledNumberJson,
  filledTextJson,
  listJson,
  mapJson,
  structJson,
  textJson,
} from "./struct-json.ts";

/**
 * The JSON that Helm 4 stores for a release: fields in the order of Go's structs, empty ones left out where Go leaves
 * them out, keys of maps sorted, `<`, `>` and `&` escaped. Labels are no part of it.
 *
 * @see helm.sh/helm/v4 pkg/release/v1 Release
 */
export function recordJson(record: ReleaseRecord): string {
  return escapeHtml(
    structJson([
      ["name", filledTextJson(record.name)],
      ["info", infoJson(record.info)],
      ["chart", record.chart && chartJson(record.chart)],
      ["config", filledMapJson(record.config)],
      ["manifest", filledTextJson(record.manifest)],
      ["hooks", filledListJson(record.hooks.map(hookJson))],
      ["version", filledNumberJson(record.version)],
      ["namespace", filledTextJson(record.namespace)],
      ["apply_method", filledTextJson(record.applyMethod)],
    ]),
  );
}

/** Not yet escaped. @see helm.sh/helm/v4 pkg/release/v1 Info */
export function infoJson(info: ReleaseInfo): string {
  return structJson([
    ["first_deployed", filledTextJson(info.firstDeployed)],
    ["last_deployed", filledTextJson(info.lastDeployed)],
    ["deleted", filledTextJson(info.deleted)],
    ["description", filledTextJson(info.description)],
    ["status", filledTextJson(info.status)],
    ["rollback_revision", filledNumberJson(info.rollbackRevision)],
    ["notes", filledTextJson(info.notes)],
  ]);
}

/** Not yet escaped. @see helm.sh/helm/v4 pkg/release/v1 Hook */
export function hookJson(hook: StoredHook): string {
  return structJson([
    ["name", filledTextJson(hook.name)],
    ["kind", filledTextJson(hook.kind)],
    ["path", filledTextJson(hook.path)],
    ["manifest", filledTextJson(hook.manifest)],
    ["events", textsJson(hook.events)],
    ["last_run", runJson(hook.lastRun)],
    ["weight", filledNumberJson(hook.weight)],
    ["delete_policies", textsJson(hook.deletePolicies)],
    ["output_log_policies", textsJson(hook.outputLogPolicies)],
  ]);
}

function runJson({ startedAt, completedAt, phase }: HookRun): string {
  return structJson([
    ["started_at", filledTextJson(startedAt)],
    ["completed_at", filledTextJson(completedAt)],
    ["phase", textJson(phase)],
  ]);
}

function chartJson(chart: StoredChart): string {
  return structJson([
    ["metadata", chart.metadata === undefined ? "null" : chartMetadataJson(chart.metadata)],
    ["lock", chart.lock === undefined ? "null" : lockJson(chart.lock)],
    ["templates", listJson(chart.templates?.map(fileJson))],
    ["values", mapJson(chart.values ?? null)],
    ["schema", bytesJson(chart.schema)],
    ["schemamodtime", textJson(chart.schemaModTime ?? ZERO_TIME)],
    ["files", listJson(chart.files?.map(fileJson))],
    ["modtime", filledTextJson(chart.modTime)],
  ]);
}

/** Not yet escaped. @see helm.sh/helm/v4 pkg/chart/v2 Metadata */
export function chartMetadataJson(metadata: ChartMetadata): string {
  return structJson([
    ["name", filledTextJson(metadata.name)],
    ["home", filledTextJson(metadata.home)],
    ["sources", textsJson(metadata.sources)],
    ["version", filledTextJson(metadata.version)],
    ["description", filledTextJson(metadata.description)],
    ["keywords", textsJson(metadata.keywords)],
    [
      "maintainers",
      filledListJson(
        metadata.maintainers.map(({ name, email, url }) =>
          structJson([
            ["name", filledTextJson(name)],
            ["email", filledTextJson(email)],
            ["url", filledTextJson(url)],
          ]),
        ),
      ),
    ],
    ["icon", filledTextJson(metadata.icon)],
    ["apiVersion", filledTextJson(metadata.apiVersion)],
    ["condition", filledTextJson(metadata.condition)],
    ["tags", filledTextJson(metadata.tags)],
    ["appVersion", filledTextJson(metadata.appVersion)],
    ["deprecated", metadata.deprecated ? "true" : undefined],
    ["annotations", filledMapJson(metadata.annotations)],
    ["kubeVersion", filledTextJson(metadata.kubeVersion)],
    ["dependencies", filledListJson((metadata.dependencies ?? []).map(dependencyJson))],
    ["type", filledTextJson(metadata.type)],
  ]);
}

function dependencyJson(dependency: Dependency): string {
  return structJson([
    ["name", textJson(dependency.name)],
    ["version", filledTextJson(dependency.version)],
    ["repository", textJson(dependency.repository)],
    ["condition", filledTextJson(dependency.condition)],
    ["tags", textsJson(dependency.tags)],
    ["enabled", dependency.enabled ? "true" : undefined],
    ["import-values", filledListJson(dependency.importValues.map(mapJson))],
    ["alias", filledTextJson(dependency.alias)],
  ]);
}

function lockJson({ generated, digest, dependencies }: ChartLock): string {
  return structJson([
    ["generated", textJson(generated ?? ZERO_TIME)],
    ["digest", textJson(digest)],
    ["dependencies", listJson(dependencies?.map(dependencyJson))],
  ]);
}

function fileJson({ name, data, modTime }: StoredFile): string {
  return structJson([
    ["name", textJson(name)],
    ["data", bytesJson(data)],
    ["modtime", filledTextJson(modTime)],
  ]);
}

function bytesJson(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "null" : textJson(toBase64(bytes));
}

/** Left out when there are none. */
function textsJson(texts: readonly string[]): string | undefined {
  return filledListJson(texts.map(textJson));
}
