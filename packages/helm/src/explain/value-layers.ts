// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, getKey, isJsonObject } from "@flux-ts/kube-core";
import type { ChartNode } from "../dependencies/chart-node.ts";
import type { ValuesLayer } from "../values/user-values.ts";

/** Where values can come from: what the user gave, and the defaults of the charts around a chart. */
export interface LayersOfChart {
  /** The user's, weakest first. */
  readonly user: readonly ValuesLayer[];
  /** The charts from the root down to the one that is asked about. */
  readonly charts: readonly ChartNode[];
}

/**
 * The layer that decides a value of a chart.
 *
 * @param path keys below `.Values` of the innermost chart
 * @returns the name of a values file, a flag with its line, or `CHART/values.yaml`; undefined when nobody sets it
 */
export function layerOf(path: readonly string[], { user, charts }: LayersOfChart): string | undefined {
  const below = charts.slice(1).map(({ metadata }) => metadata.name);
  const full = [...below, ...path];
  for (let index = user.length - 1; index >= 0; index--) {
    const layer = user[index];
    if (layer === undefined) continue;
    const now = at(layer.values, full);
    if (now !== undefined && !isSame(now, at(user[index - 1]?.values ?? {}, full))) return layer.name;
  }
  for (const [index, chart] of charts.entries()) {
    if (at(chart.chart.values, full.slice(index)) !== undefined) return `${chart.metadata.name}/values.yaml`;
  }
  return undefined;
}

/** The names of all layers that are asked for a value, strongest first. */
export function layerNames({ user, charts }: LayersOfChart): string[] {
  return [...user.map(({ name }) => name).reverse(), ...charts.map(({ metadata }) => `${metadata.name}/values.yaml`)];
}

function at(values: JsonObject, path: readonly string[]): unknown {
  let value: unknown = values;
  for (const key of path) {
    if (!isJsonObject(value)) return undefined;
    value = getKey(value, key);
  }
  return value;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}
