// SPDX-License-Identifier: Apache-2.0
import type { BuildOptions, BuildResult } from "../build.ts";
import { buildWritten, cached } from "../build.ts";
import type { FileSystem } from "../file-system.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { BuildCache } from "../incremental/build-cache.ts";
import type { FluxOverlay, GenerateOptions } from "./generate-kustomization.ts";
import { writtenFields } from "./written-fields.ts";
import { generateKustomization } from "./generate-kustomization.ts";

export type BuildFluxOptions = GenerateOptions &
  Pick<BuildOptions, "cache" | "cacheRoot" | "traceOrigins" | "remote" | "maxFileBytes" | "maxFolders">;

/**
 * Builds a folder as Flux does: with a kustomization file made where there is none, what the Flux Kustomization adds to
 * it, in the order of the files, from anywhere in the file system (confine it to the artifact: `confineFileSystem`),
 * without plugins and Helm.
 *
 * @param folder absolute in `fs`
 * @throws {KustomizeError} `stage` tells whether making the kustomization file failed, or building it
 * @see fluxcd/pkg kustomize, Generator.WriteFile and Build
 */
export function buildFlux(fs: FileSystem, folder: string, overlay: FluxOverlay, options: BuildFluxOptions = {}): BuildResult {
  const run = (files: FileSystem): BuildResult => buildHere(files, folder, overlay, options);
  // What a function leaves out cannot be told from a key.
  return options.isIgnored === undefined ? cached(fs, folder, options, ["flux", overlay], run) : run(fs);
}

function buildHere(fs: FileSystem, folder: string, overlay: FluxOverlay, options: BuildFluxOptions): BuildResult {
  const { isIgnored, ...rest } = options;
  const cache = options.cache ?? new BuildCache();
  const generated = generateKustomization(fs, folder, overlay, { cache, ...(isIgnored === undefined ? {} : { isIgnored }) });
  try {
    const all = { ...rest, cache, reorder: "none", loadRestrictor: "none", addsOpenApi: true } as const;
    return buildWritten(generated.fs, folder, all, options.traceOrigins === true ? writtenFields(fs, generated, overlay) : undefined);
  } catch (error) {
    throw error instanceof KustomizeError ? error.inStage("build") : error;
  }
}
