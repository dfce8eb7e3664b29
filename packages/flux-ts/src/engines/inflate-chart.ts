// SPDX-License-Identifier: Apache-2.0
import { isAbsolute, join } from "node:path";
import {
  CompiledChart,
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  loadDirectory,
  type TemplatePorts,
  parseKubeVersion,
  printRelease,
  userValues,
} from "@flux-ts/helm";
import { gunzip, nodeTemplatePorts } from "@flux-ts/helm/node";
import { type JsonObject, isJsonObject, parseYaml, setKey, stringifyYaml, withoutKey } from "@flux-ts/kube-core";
import type { ChartRequest, HelmChart, InflateChart } from "@flux-ts/kustomize";

export interface InflateOptions {
  /** Over those of the charts' own entries. */
  readonly apiVersions?: readonly string[];
  readonly kubeVersion?: string;
  /** Milliseconds since 1970; the system's clock when left out. */
  readonly now?: () => number;
}

const MERGES = ["merge", "override", "replace"];

/**
 * Kustomize's charts, rendered by our Helm: charts that lie in the kustomization's `charts/` (or `chartHome`). Nothing is
 * fetched.
 *
 * @see sigs.k8s.io/kustomize api/internal/builtins HelmChartInflationGenerator
 */
export async function inflateCharts(options: InflateOptions = {}): Promise<InflateChart> {
  const ports = await nodeTemplatePorts(options.now);
  return (request) => inflate(request, options, ports);
}

function inflate({ chart, globals, loader }: ChartRequest, options: InflateOptions, ports: TemplatePorts): string {
  if (chart.name === "") throw new Error("chart name cannot be empty");
  if (chart.valuesMerge !== "" && !MERGES.includes(chart.valuesMerge)) throw new Error(`valuesMerge must be one of [${MERGES.join(" ")}]`);
  const home = chartHome(chart, globals.chartHome === "" ? "charts" : globals.chartHome, loader.root);
  const folder = join(home, chart.name);
  const extra = (chart.additionalValuesFiles ?? []).map((path) => ({
    name: path,
    text: read(loader, path, "could not load additionalValuesFile: "),
  }));
  if (!isFolder(loader, folder))
    throw new Error(
      chart.repo === ""
        ? `no repo specified for pull, no chart found at '${folder}'`
        : `the chart '${chart.name}' is not in '${home}', and charts are not pulled from '${chart.repo}': run helm pull --untar first, or use a HelmRelease`,
    );
  const valuesFile = chart.valuesFile === "" ? join(folder, "values.yaml") : chart.valuesFile;
  const first = firstValues(chart, read(loader, valuesFile, ""));
  const compiled = new CompiledChart(loadDirectory(loader.fs, folder, { gunzip, links: "followed" }), {
    ports,
  });
  const apiVersions = options.apiVersions !== undefined && options.apiVersions.length > 0 ? options.apiVersions : (chart.apiVersions ?? []);
  const kubeVersion = options.kubeVersion !== undefined && options.kubeVersion !== "" ? options.kubeVersion : chart.kubeVersion;
  const release = compiled.render({
    release: {
      name: chart.releaseName === "" ? "release-name" : chart.releaseName,
      namespace: chart.namespace === "" ? "default" : chart.namespace,
    },
    values: userValues({ files: [first, ...extra] }),
    capabilities: {
      kubeVersion: kubeVersion === "" ? DEFAULT_KUBE_VERSION : parseKubeVersion(kubeVersion),
      apiVersions: [...DEFAULT_API_VERSIONS, ...apiVersions],
    },
  });
  return printRelease(release, { includeCrds: chart.includeCRDs, skipTests: chart.skipTests, noHooks: chart.skipHooks });
}

function chartHome(chart: HelmChart, given: string, root: string): string {
  const home = isAbsolute(given) ? given : join(root, given);
  return chart.version !== "" && chart.repo !== "" ? join(home, `${chart.name}-${chart.version}`) : home;
}

function isFolder({ fs }: ChartRequest["loader"], path: string): boolean {
  try {
    return fs.isDirectory(fs.realPath(path));
  } catch {
    return false;
  }
}

function read(loader: ChartRequest["loader"], path: string, prefix: string): string {
  try {
    return loader.readText(path);
  } catch (error) {
    throw prefix === "" || !(error instanceof Error) ? error : new Error(`${prefix}${error.message}`, { cause: error });
  }
}

/** The values file, with what stands in the kustomization merged over or under it, or in its place. */
function firstValues(chart: HelmChart, text: string): { readonly name: string; readonly text: string } {
  const name = "kustomize-values.yaml";
  // JSON is plain data, and so are values that stand in a kustomization.
  const inline = (chart.valuesInline ?? {}) as JsonObject;
  if (Object.keys(inline).length === 0) return { name, text };
  if (chart.valuesMerge === "replace") return { name, text: stringifyYaml(inline) };
  const parsed = parseYaml(text, { flavour: "kyaml", severalDocuments: "first", duplicateKeys: "last", keysByText: true });
  const file = isJsonObject(parsed) ? parsed : {};
  return { name, text: stringifyYaml(chart.valuesMerge === "merge" ? overlay(file, inline) : overlay(inline, file)) };
}

/** One map over another, as kyaml merges without a schema: nulls delete, lists are replaced. */
function overlay(over: JsonObject, under: JsonObject): JsonObject {
  let out: JsonObject = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const old = Object.hasOwn(out, key) ? out[key] : undefined;
    if (old === undefined || old === null) out = withKey(out, key, value);
    else if (value === null) out = withoutKey(out, key);
    else out = withKey(out, key, isJsonObject(value) && isJsonObject(old) ? overlay(value, old) : value);
  }
  return out;
}

function withKey(object: JsonObject, key: string, value: unknown): JsonObject {
  const copy: Record<string, unknown> = { ...object };
  setKey(copy, key, value);
  return copy;
}
