// SPDX-License-Identifier: Apache-2.0
import { type GoMap, satisfiesSemver } from "@flux-ts/gotemplate";
import { type Warn, coalesceValues } from "../values/coalesce.ts";
import { tableAt, valueAt } from "../values/value-path.ts";
import { type ChartNode, type DependencyNode, copyMetadata } from "./chart-node.ts";
import { importValues } from "./import-values.ts";

/**
 * Decides which subcharts are on, gives them the names of their aliases, and imports their values. The chart is changed.
 *
 * @throws {HelmError} VALUES
 * @see helm.sh/helm/v4 pkg/chart/v2/util ProcessDependencies
 */
export function processDependencies(chart: ChartNode, values: GoMap, warn: Warn): void {
  switchDependencies(chart, values, "", warn);
  importValues(chart, warn);
}

function switchDependencies(chart: ChartNode, values: GoMap, path: string, warn: Warn): void {
  const wanted = chart.metadata.dependencies;
  if (wanted === undefined) return;
  const isWanted = (one: ChartNode): boolean =>
    wanted.some(({ name, version }) => one.metadata.name === name && satisfiesSemver(version, one.metadata.version));
  // Charts that nobody lists are on.
  const charts = chart.dependencies.filter((one) => !isWanted(one));
  for (const dependency of wanted) {
    const found = findDependency(chart.dependencies, dependency);
    if (found !== undefined) charts.push(found);
    if (dependency.alias !== "") dependency.name = dependency.alias;
  }
  chart.dependencies = charts;
  for (const dependency of wanted) dependency.enabled = true;
  const all = coalesceValues(chart, values, warn);
  applyTags(wanted, all, warn);
  applyConditions(wanted, all, path, warn);
  const off = new Set(wanted.filter(({ enabled }) => !enabled).map(({ name }) => name));
  const on = chart.dependencies.filter(({ metadata }) => !off.has(metadata.name));
  for (const one of on) switchDependencies(one, all, `${path}${one.metadata.name}.`, warn);
  chart.metadata.dependencies = wanted.filter(({ name }) => !off.has(name));
  chart.dependencies = on;
}

/** The chart that a dependency means, under its alias; the same chart may be meant several times. */
function findDependency(charts: readonly ChartNode[], { name, version, alias }: DependencyNode): ChartNode | undefined {
  const found = charts.find((one) => one.metadata.name === name && satisfiesSemver(version, one.metadata.version));
  if (found === undefined) return undefined;
  const metadata = copyMetadata(found.metadata);
  if (alias !== "") metadata.name = alias;
  return { ...found, metadata, dependencies: found.dependencies.map((one) => ({ ...one })) };
}

function applyTags(dependencies: readonly DependencyNode[], values: GoMap, warn: Warn): void {
  const table = tableAt(values, "tags");
  if (table === undefined) return;
  for (const dependency of dependencies) {
    let isOn = false;
    let isOff = false;
    for (const tag of dependency.tags) {
      if (!table.entries.has(tag)) continue;
      const value = table.entries.get(tag);
      if (typeof value !== "boolean") warn("returned non-bool value", { tag, chart: dependency.name });
      else if (value) isOn = true;
      else isOff = true;
    }
    dependency.enabled = isOn || !isOff;
  }
}

/** The first path of a condition that leads to a boolean decides, over tags. */
function applyConditions(dependencies: readonly DependencyNode[], values: GoMap, prefix: string, warn: Warn): void {
  for (const dependency of dependencies) {
    for (const path of dependency.condition.trim().split(",")) {
      if (path === "") continue;
      const value = valueAt(values, prefix + path);
      if (typeof value === "boolean") {
        dependency.enabled = value;
        break;
      }
      if (value !== undefined) warn("returned non-bool value", { path, chart: dependency.name });
    }
  }
}
