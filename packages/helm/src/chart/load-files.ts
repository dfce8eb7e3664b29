// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from "@flux-ts/kube-core";
import { goQuote } from "@flux-ts/gotemplate";
import { HelmError, messageOf } from "../helm-error.ts";
import { type Chart, type ChartFile, type ChartMetadata, textOf } from "./chart.ts";
import { FieldReader, decodeYaml } from "./decode.ts";
import { loadValues } from "./load-values.ts";
import { type DecodedMetadata, decodeMetadata, validateMetadata } from "./metadata.ts";

/** How deep charts may lie in each other. */
const MAX_CHART_DEPTH = 64;

/** Opens an archive inside of a chart's `charts/`. */
export type OpenArchive = (data: Uint8Array) => readonly ChartFile[];

/**
 * Makes a chart of its files.
 *
 * @param openArchive reads `charts/*.tgz`
 * @throws {HelmError} CHART, ARCHIVE, VALUES
 * @see helm.sh/helm/v4 pkg/chart/v2/loader LoadFiles
 */
export function loadFiles(files: readonly ChartFile[], openArchive: OpenArchive): Chart {
  return loadAtDepth(files, openArchive, 0);
}

function loadAtDepth(all: readonly ChartFile[], openArchive: OpenArchive, depth: number): Chart {
  if (depth > MAX_CHART_DEPTH) throw new HelmError("CHART", `charts lie in each other more than ${MAX_CHART_DEPTH} deep`);
  const warnings: string[] = [];
  let metadata = decodeChartYaml(all);
  let values: JsonObject = {};
  let schema: string | undefined;
  const templates: ChartFile[] = [];
  const files: ChartFile[] = [];
  const subcharts = new Map<string, ChartFile[]>();
  for (const file of all) {
    const { name } = file;
    if (name === "Chart.yaml") continue;
    if (name === "Chart.lock") checkLock(file);
    else if (name === "values.yaml") values = inFile("VALUES", name, () => loadValues(textOf(file)));
    else if (name === "values.schema.json") schema = textOf(file);
    else if (name === "requirements.yaml") {
      if (metadata?.apiVersion !== "v1")
        warnings.push(
          'Warning: Dependencies are handled in Chart.yaml since apiVersion "v2". We recommend migrating dependencies to Chart.yaml.',
        );
      metadata = inFile("CHART", name, () => decodeMetadata(textOf(file), metadata));
      if (metadata.apiVersion === "v1") files.push(file);
    } else if (name === "requirements.lock") {
      checkLock(file);
      if (metadata?.apiVersion === "v1") files.push(file);
      else
        warnings.push('Warning: Dependency locking is handled in Chart.lock since apiVersion "v2". We recommend migrating to Chart.lock.');
    } else if (name.startsWith("templates/")) templates.push(file);
    else if (name.startsWith("charts/") && !name.endsWith(".prov")) {
      const inner = name.slice("charts/".length);
      const [folder = ""] = inner.split("/", 1);
      const list = subcharts.get(folder) ?? [];
      list.push({ name: inner, data: file.data });
      subcharts.set(folder, list);
    } else files.push(file);
  }
  if (metadata === undefined) throw new HelmError("CHART", "Chart.yaml file is missing");
  const valid: ChartMetadata = validateMetadata(metadata);
  const dependencies = loadSubcharts(valid.name, subcharts, openArchive, depth);
  return { metadata: valid, templates, files, raw: all, values, schema, dependencies, warnings };
}

function decodeChartYaml(files: readonly ChartFile[]): DecodedMetadata | undefined {
  let metadata: DecodedMetadata | undefined;
  for (const file of files) {
    if (file.name !== "Chart.yaml") continue;
    const base = metadata;
    metadata = inFile("CHART", file.name, () => decodeMetadata(textOf(file), base));
    // Charts of Helm 2 need not say which version they are.
    if (metadata.apiVersion === "") metadata = { ...metadata, apiVersion: "v1" };
  }
  return metadata;
}

/** A lock only matters to those who fetch dependencies, but must be readable. */
function checkLock(file: ChartFile): void {
  inFile("CHART", file.name, () => {
    const fields = new FieldReader(decodeYaml(textOf(file)), "v2.Lock", ["generated", "digest", "dependencies"]);
    fields.text("digest");
    fields.list("dependencies", "[]*v2.Dependency");
  });
}

function inFile<T>(code: "CHART" | "VALUES", name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new HelmError(code, `cannot load ${name}: ${messageOf(error)}`, { cause: error });
  }
}

function loadSubcharts(
  parent: string,
  subcharts: ReadonlyMap<string, readonly ChartFile[]>,
  openArchive: OpenArchive,
  depth: number,
): Chart[] {
  const charts: Chart[] = [];
  for (const [folder, files] of subcharts) {
    if (folder.startsWith("_") || folder.startsWith(".")) continue;
    try {
      charts.push(loadSubchart(parent, folder, files, openArchive, depth));
    } catch (error) {
      if (error instanceof HelmError && error.message.startsWith("error unpacking subchart tar")) throw error;
      const code = error instanceof HelmError ? error.code : "CHART";
      throw new HelmError(code, `error unpacking subchart ${folder} in ${parent}: ${messageOf(error)}`, { cause: error });
    }
  }
  return charts;
}

function loadSubchart(parent: string, folder: string, files: readonly ChartFile[], openArchive: OpenArchive, depth: number): Chart {
  if (!folder.endsWith(".tgz")) {
    // Files that lie in charts/ itself are no charts.
    const inner = files.flatMap(({ name, data }) => {
      const slash = name.indexOf("/");
      return slash < 0 ? [] : [{ name: name.slice(slash + 1), data }];
    });
    return loadAtDepth(inner, openArchive, depth + 1);
  }
  const [archive] = files;
  if (archive === undefined || archive.name !== folder)
    throw new HelmError("ARCHIVE", `error unpacking subchart tar in ${parent}: expected ${folder}, got ${goName(archive?.name)}`);
  return loadAtDepth(openArchive(archive.data), openArchive, depth + 1);
}

function goName(name: string | undefined): string {
  return name ?? goQuote("");
}
