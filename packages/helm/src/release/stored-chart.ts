// SPDX-License-Identifier: Apache-2.0
import { isJsonObject } from "@flux-ts/kube-core";
import type { Chart, ChartFile } from "../chart/chart.ts";
import { textOf } from "../chart/chart.ts";
import { decodeYaml } from "../chart/decode.ts";
import { readLock } from "./read-record.ts";
import type { ChartLock, StoredChart, StoredFile } from "./release-record.ts";
import { StructReader } from "./struct-reader.ts";

/**
 * A loaded chart as a release holds it: its subcharts are left out, times of files are not kept.
 *
 * @throws {HelmError} RELEASE for a Chart.lock with fields of the wrong type
 * @throws {DecodeError} for a Chart.lock that is no YAML
 * @see helm.sh/helm/v4 pkg/chart/v2 Chart
 */
export function storedChart(chart: Chart): StoredChart {
  return {
    metadata: chart.metadata,
    lock: lockOf(chart),
    // Go has no list where nothing was added to it.
    templates: filesOf(chart.templates),
    values: chart.values,
    schema: chart.schema === undefined ? undefined : new TextEncoder().encode(chart.schema),
    schemaModTime: undefined,
    files: filesOf(chart.files),
    modTime: undefined,
  };
}

function filesOf(files: readonly ChartFile[]): readonly StoredFile[] | undefined {
  return files.length === 0 ? undefined : files.map(({ name, data }) => ({ name, data, modTime: undefined }));
}

function lockOf({ raw }: Chart): ChartLock | undefined {
  const file = raw.findLast(({ name }) => name === "Chart.lock" || name === "requirements.lock");
  if (file === undefined) return undefined;
  const value = decodeYaml(textOf(file));
  return isJsonObject(value) ? readLock(new StructReader(value, "Lock")) : undefined;
}
