// SPDX-License-Identifier: Apache-2.0
export type { BuildOptions, BuildResult } from "./build.ts";
export { build, toYaml } from "./build.ts";
export { confineFileSystem } from "./confined-file-system.ts";
export type { FileSystem } from "./file-system.ts";
export type { ChartRequest, InflateChart } from "./helm-charts.ts";
export type { HelmChart, HelmGlobals } from "./kustomization.ts";
export type { KustomizeErrorCode, KustomizeErrorDetails } from "./kustomize-error.ts";
export { KustomizeError } from "./kustomize-error.ts";
export { MemoryFileSystem } from "./memory-file-system.ts";
export type { RemotePort, RepositoryAddress } from "./remote.ts";
export { parseRepository } from "./remote.ts";
export type { BuildFluxOptions } from "./flux/build-flux.ts";
export { buildFlux } from "./flux/build-flux.ts";
export type { FluxOverlay, FluxSelector, GeneratedKustomization, GenerateOptions } from "./flux/generate-kustomization.ts";
export { generateKustomization } from "./flux/generate-kustomization.ts";
export { isLocalRelativePath } from "./flux/local-path.ts";
export type { IsIgnored } from "./flux/scan-manifests.ts";
