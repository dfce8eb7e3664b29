// SPDX-License-Identifier: Apache-2.0
import type { HelmChart, HelmGlobals } from "./kustomization.ts";
import type { Loader } from "./loader.ts";

/** What the `inflateChart` port is asked for. */
export interface ChartRequest {
  /** The entry of `helmCharts`, its namespace filled in from the kustomizations around it. */
  readonly chart: HelmChart;
  readonly globals: HelmGlobals;
  /** Reads values files and local charts, relative to the kustomization. */
  readonly loader: Loader;
}

/** Renders a chart: the YAML of its resources. */
export type InflateChart = (request: ChartRequest) => string;
