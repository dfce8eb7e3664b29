// SPDX-License-Identifier: Apache-2.0
import { GoMap, fromPlain } from "@flux-ts/gotemplate";
import type { JsonObject } from "@flux-ts/kube-core";
import type { Chart, ChartMetadata } from "../chart/chart.ts";
import { copyMap } from "../values/copy-value.ts";

/** A dependency of a chart at work: its alias becomes its name, and it may be switched off. */
export interface DependencyNode {
  name: string;
  enabled: boolean;
  importValues: readonly unknown[];
  readonly version: string;
  readonly repository: string;
  readonly condition: string;
  readonly tags: readonly string[];
  readonly alias: string;
}

/** What a chart at work says about itself. Shared by copies of the chart, where Helm's are. */
export interface MetadataNode extends Omit<ChartMetadata, "name" | "dependencies"> {
  name: string;
  dependencies: DependencyNode[] | undefined;
}

/**
 * A chart as one rendering works on it: dependencies are switched off, renamed and given values of each other.
 * Made anew from the loaded chart for each rendering.
 */
export interface ChartNode {
  readonly chart: Chart;
  readonly metadata: MetadataNode;
  /** The chart's default values; a new copy at each call. */
  defaults: () => GoMap;
  dependencies: ChartNode[];
}

/** The chart and all below it, with nothing decided yet. */
export function chartNode(chart: Chart): ChartNode {
  return {
    chart,
    metadata: copyMetadata({ ...chart.metadata, dependencies: chart.metadata.dependencies?.map((one) => ({ ...one })) }),
    defaults: defaultsOf(chart.values),
    dependencies: chart.dependencies.map(chartNode),
  };
}

export function copyMetadata(metadata: MetadataNode): MetadataNode {
  return { ...metadata, dependencies: metadata.dependencies?.map((dependency) => ({ ...dependency })) };
}

/** Values as a function that gives a copy each time. */
export function defaultsOf(values: JsonObject | GoMap): () => GoMap {
  if (values instanceof GoMap) return () => copyMap(values);
  return () => toMap(values);
}

/** Plain values as template values. @throws {FunctionError} when they are nested more than 1000 deep */
export function toMap(values: JsonObject): GoMap {
  const value = fromPlain(values);
  return value instanceof GoMap ? value : new GoMap();
}
