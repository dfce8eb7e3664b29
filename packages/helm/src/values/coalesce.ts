// SPDX-License-Identifier: Apache-2.0
import { GoMap, Slice, type Value, formatValue } from "@flux-ts/gotemplate";
import type { ChartNode } from "../dependencies/chart-node.ts";
import { HelmError } from "../helm-error.ts";
import { copyMap } from "./copy-value.ts";

/** Is told what Helm logs while it puts values together; with attributes it is a warning, without one a hint. */
export type Warn = (message: string, attributes?: Readonly<Record<string, string>>) => void;

interface Task {
  readonly warn: Warn;
  /** Nulls are kept (`merge`), for steps before the last; otherwise they delete what they stand over. */
  readonly merge: boolean;
}

const GLOBAL = "global";

/**
 * The values of a chart and its subcharts: the given ones over the chart's own, maps merged, lists and scalars replaced,
 * nulls deleting defaults, globals handed down.
 *
 * @returns new maps; the given ones are not changed
 * @throws {HelmError} VALUES when what is given for a subchart is no map
 * @see helm.sh/helm/v4 pkg/chart/common/util CoalesceValues (4.2)
 */
export function coalesceValues(chart: ChartNode, values: GoMap, warn: Warn): GoMap {
  return coalesce({ warn, merge: false }, chart, copyMap(values), "");
}

/** The same, with nulls kept. @see helm.sh/helm/v4 pkg/chart/common/util MergeValues */
export function mergeValues(chart: ChartNode, values: GoMap, warn: Warn): GoMap {
  return coalesce({ warn, merge: true }, chart, copyMap(values), "");
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

function coalesce(task: Task, chart: ChartNode, dest: GoMap, prefix: string): GoMap {
  coalesceDefaults(task, chart, dest, prefix);
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata;
    const held = dest.entries.get(name);
    if (!dest.entries.has(name)) dest.entries.set(name, new GoMap());
    else if (!(held instanceof GoMap)) throw new HelmError("VALUES", `type mismatch on ${name}: ${asBoolean(held)}`);
    const own = dest.entries.get(name);
    if (!(own instanceof GoMap)) continue;
    const subPrefix = join(prefix, chart.metadata.name);
    coalesceGlobals(task, own, dest, subPrefix);
    dest.entries.set(name, coalesce(task, subchart, own, subPrefix));
  }
  return dest;
}

/** What `%t` prints of something that is no boolean. */
function asBoolean(value: Value): string {
  if (value === null || value === undefined) return "%!t(<nil>)";
  if (typeof value === "boolean") return String(value);
  if (value instanceof Slice) return `[${value.items.map(asBoolean).join(" ")}]`;
  const type = typeof value === "number" ? "float64" : typeof value === "string" ? "string" : "int64";
  return `%!t(${type}=${formatValue(value)})`;
}

/** Hands the globals of a chart down to a subchart, whose own are over them. */
function coalesceGlobals(task: Task, dest: GoMap, source: GoMap, prefix: string): void {
  const held = dest.entries.get(GLOBAL);
  if (dest.entries.has(GLOBAL) && !(held instanceof GoMap)) {
    task.warn("warning: skipping globals because destination global is not a table.");
    return;
  }
  const given = source.entries.get(GLOBAL);
  if (source.entries.has(GLOBAL) && !(given instanceof GoMap)) {
    task.warn("warning: skipping globals because source global is not a table.");
    return;
  }
  const globals = held instanceof GoMap ? held : new GoMap();
  for (const [key, value] of given instanceof GoMap ? given.entries : []) {
    const old = globals.entries.get(key);
    if (value instanceof GoMap) {
      const copy = new GoMap(new Map(value.entries), value.type);
      if (!globals.entries.has(key)) globals.entries.set(key, copy);
      else if (!(old instanceof GoMap)) task.warn(`Conflict: cannot merge map onto non-map for "${key}". Skipping.`);
      else {
        // The parent's are over the subchart's; nulls go when values are coalesced afterwards.
        mergeTables({ ...task, merge: true }, copy, old, join(prefix, key));
        globals.entries.set(key, copy);
      }
    } else if (old instanceof GoMap) task.warn(`key ${key} is table. Skipping`);
    else globals.entries.set(key, value);
  }
  dest.entries.set(GLOBAL, globals);
}

/** Puts a chart's own values under those given. */
function coalesceDefaults(task: Task, chart: ChartNode, values: GoMap, prefix: string): void {
  const subPrefix = join(prefix, chart.metadata.name);
  for (const [key, byDefault] of chart.defaults().entries) {
    const given = values.entries.get(key);
    if (!values.entries.has(key)) {
      if (!task.merge) {
        if (byDefault === null) continue;
        if (byDefault instanceof GoMap) deleteNulls(byDefault);
      }
      values.entries.set(key, byDefault);
    } else if (given === null && !task.merge) {
      values.entries.delete(key);
    } else if (given instanceof GoMap) {
      if (!(byDefault instanceof GoMap)) {
        if (byDefault !== null) task.warn(`warning: skipped value for ${subPrefix}.${key}: Not a table.`);
        continue;
      }
      // Values of a subchart keep their nulls, which delete that chart's own defaults later.
      const merge = task.merge || chart.dependencies.some((subchart) => subchart.metadata.name === key);
      if (!merge) deleteNulls(byDefault);
      mergeTables({ ...task, merge }, given, byDefault, join(subPrefix, key));
    }
  }
}

function deleteNulls(map: GoMap): void {
  for (const [key, value] of map.entries) {
    if (value === null) map.entries.delete(key);
    else if (value instanceof GoMap) deleteNulls(value);
  }
}

/**
 * Merges a map into another one, which stays over it. Both are changed.
 *
 * @see helm.sh/helm/v4 pkg/chart/common/util CoalesceTables, MergeTables
 */
export function mergeTables(task: Task, dest: GoMap, source: GoMap, prefix: string): GoMap {
  const nonNull = new Set([...source.entries].filter(([, value]) => value !== null).map(([key]) => key));
  for (const [key, value] of dest.entries) if (value === null) source.entries.set(key, null);
  for (const [key, value] of source.entries) {
    const fullKey = join(prefix, key);
    const held = dest.entries.get(key);
    const has = dest.entries.has(key);
    // A null of the user's deletes a default; where there is none it stays.
    if (has && !task.merge && held === null && nonNull.has(key)) dest.entries.delete(key);
    else if (!has) dest.entries.set(key, value);
    else if (value instanceof GoMap) {
      if (held instanceof GoMap) mergeTables(task, held, value, fullKey);
      else task.warn(`warning: cannot overwrite table with non table for ${fullKey} (${formatValue(value)})`);
    } else if (held instanceof GoMap && value !== null) {
      task.warn(`warning: destination for ${fullKey} is a table. Ignoring non-table value (${formatValue(value)})`);
    }
  }
  return dest;
}
