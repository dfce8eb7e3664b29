// SPDX-License-Identifier: Apache-2.0
export { HelmError, type HelmErrorCode, type HelmErrorDetails } from "./helm-error.ts";
export type { Chart, ChartFile, ChartMetadata, Dependency, Maintainer } from "./chart/chart.ts";
export { loadFiles, type OpenArchive } from "./chart/load-files.ts";
export { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS, type LoadArchiveOptions, archiveOpener, loadArchive } from "./chart/load-archive.ts";
export { type ChartFileSystem, type LoadDirectoryOptions, loadDirectory } from "./chart/load-directory.ts";
export { loadValues, mergeMaps } from "./chart/load-values.ts";
export {
  type Capabilities,
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  HELM_VERSION,
  type KubeVersion,
  parseKubeVersion,
} from "./capabilities.ts";
export { type SetMode, setValues } from "./values/set-values.ts";
export { type UserValuesOptions, type ValuesFile, type ValuesLayer, userValueLayers, userValues } from "./values/user-values.ts";
export type { EngineSettings, TemplatePorts } from "./render/compiled-chart.ts";
export type { ReleaseOptions } from "./render/template-data.ts";
export {
  CompiledChart,
  type CustomResourceFile,
  type RenderOptions,
  type RenderedRelease,
  defaultCapabilities,
} from "./render/render-release.ts";
export type { Hook, HookEvent, Manifest, SortedManifests } from "./manifests/sort-manifests.ts";
export { type PrintOptions, printManifest, printRelease } from "./manifests/print-release.ts";
export type { PostRenderStrategy, PostRenderer } from "./post-render/post-render.ts";
export { type LintMessage, type LintOptions, type LintSeverity, lintChart, printLintMessage } from "./lint/lint-chart.ts";
export { type ShowPart, showChart } from "./chart/show-chart.ts";
export type { LineOrigin } from "./explain/line-origins.ts";
export { printExplained } from "./explain/print-explained.ts";
