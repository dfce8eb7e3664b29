// SPDX-License-Identifier: Apache-2.0
export { FLUX_TS_VERSION } from "./process/version.ts";
export { runFlux, type FluxOptions, type RunningFlux } from "./process/run-flux.ts";
export { NAMESPACE, startLabCluster, type LabCluster, type LabClusterOptions } from "./lab/cluster.ts";
export { graphOf, type Fleet, type GraphNode, type NodeState } from "./lab/graph.ts";
export { changedLines, renderGraph, type RenderOptions } from "./lab/render-graph.ts";
export { LAB_HELP, LabUsageError, parseLabOptions, type LabOptions } from "./lab/options.ts";
export { watchFleet } from "./lab/watch-fleet.ts";
export { inflateCharts, type InflateOptions } from "./engines/inflate-chart.ts";
export { kustomizePostRenderer, type PostRenderOverlay } from "./engines/kustomize-post-renderer.ts";
