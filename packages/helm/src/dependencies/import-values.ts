// SPDX-License-Identifier: Apache-2.0
import { GoMap } from "@flux-ts/gotemplate";
import { type JsonObject, getKey, isJsonObject } from "@flux-ts/kube-core";
import { type Warn, mergeTables, mergeValues } from "../values/coalesce.ts";
import { copyMap } from "../values/copy-value.ts";
import { missingTable, tableAt } from "../values/value-path.ts";
import { type ChartNode, defaultsOf } from "./chart-node.ts";

/**
 * Puts values of subcharts into the defaults of their parents, as `import-values` asks. What the parent has is over it.
 *
 * @see helm.sh/helm/v4 pkg/chart/v2/util processImportValues
 */
export function importValues(chart: ChartNode, warn: Warn): void {
  for (const dependency of chart.dependencies) importValues(dependency, warn);
  if (chart.metadata.dependencies === undefined) return;
  const all = mergeValues(chart, new GoMap(), warn);
  const task = { warn, merge: true };
  let imported = new GoMap();
  for (const dependency of chart.metadata.dependencies) {
    const taken: unknown[] = [];
    for (const entry of dependency.importValues) {
      const way = wayOf(entry);
      if (way === undefined) continue;
      taken.push(way);
      const path = `${dependency.name}.${way.child}`;
      const table = tableAt(all, path);
      if (table === undefined) warn(...missing(dependency.name, typeof entry === "string", missingTable(all, path)));
      else imported = mergeTables(task, imported, at(way.parent, table), "");
    }
    dependency.importValues = taken;
  }
  // Imported tables are parts of `all`, which is changed by merging.
  chart.defaults = defaultsOf(mergeTables(task, copyMap(all), imported, ""));
}

function missing(chart: string, isExport: boolean, error: string): [string, Readonly<Record<string, string>>] {
  return isExport ? ["ImportValues missing table", { error }] : ["ImportValues missing table from chart", { chart, error }];
}

interface Way {
  readonly child: string;
  readonly parent: string;
}

function wayOf(entry: unknown): Way | undefined {
  if (typeof entry === "string") return { child: `exports.${entry}`, parent: "." };
  return isJsonObject(entry) ? { child: textAt(entry, "child"), parent: textAt(entry, "parent") } : undefined;
}

function textAt(entry: JsonObject, key: string): string {
  const value = getKey(entry, key);
  return value === undefined || value === null ? "<nil>" : String(value);
}

/** The table below the maps of a path. */
function at(path: string, table: GoMap): GoMap {
  if (path === ".") return table;
  let out = table;
  for (const key of path.split(".").reverse()) out = new GoMap(new Map([[key, out]]));
  return out;
}
