// SPDX-License-Identifier: Apache-2.0
import type { InflateChart } from "./helm-charts.ts";
import { KustomizeError } from "./kustomize-error.ts";
import type { Kustomization } from "./kustomization.ts";
import { kustomizationFileNames, readKustomization } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import type { MergeSchemas } from "./merge/merge-schema.ts";
import { openApiSchemas } from "./merge/open-api.ts";
import type { Origin } from "./origin.ts";

/** What a whole build shares. */
export interface BuildState {
  readonly inflateChart: InflateChart | undefined;
  readonly warnings: string[];
  /** The schemas of the build: the built-in ones until a kustomization names others. */
  schemas: MergeSchemas;
  hasOwnSchemas: boolean;
  /** Whether the schemas of a kustomization add to the built-in ones: always for Flux, else once unknown kinds were read. */
  addsSchemas: boolean;
  /** How many more folders may be built. */
  foldersLeft: number;
  readonly maxDepth: number;
}

/** One kustomization of a build. */
export interface Target {
  readonly loader: Loader;
  readonly kustomization: Kustomization;
  readonly fileName: string;
  /** Where it comes from, when origins are wanted. */
  readonly origin: Origin | undefined;
  /** The namespace that kustomizations around it give to Helm charts. */
  readonly chartNamespace: string;
  readonly depth: number;
}

/**
 * Reads the kustomization file of a folder.
 *
 * @throws {KustomizeError} NO_KUSTOMIZATION, INVALID_KUSTOMIZATION
 */
export function loadKustomization(loader: Loader, state: BuildState): { readonly kustomization: Kustomization; readonly fileName: string } {
  const found: { readonly fileName: string; readonly source: string }[] = [];
  for (const fileName of kustomizationFileNames) {
    try {
      found.push({ fileName, source: loader.readText(fileName) });
    } catch (error) {
      if (!(error instanceof KustomizeError) || error.code === "TOO_LARGE") throw error;
    }
  }
  const [first] = found;
  if (first === undefined) {
    throw new KustomizeError(
      "NO_KUSTOMIZATION",
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${loader.root}'`,
      { path: loader.root },
    );
  }
  if (found.length > 1)
    throw new KustomizeError("NO_KUSTOMIZATION", `Found multiple kustomization files under: ${loader.root}\n`, { path: loader.root });
  const { kustomization, warnings } = readKustomization(first.source, loader.root);
  state.warnings.push(...warnings);
  return { kustomization, fileName: first.fileName };
}

/** The version of the schemas that are built in. */
const builtInOpenApi = "v1.21.2";

/** Takes the schemas that a kustomization names; those of the outermost one that names any count. */
export function useOpenApi({ openapi = {} }: Kustomization, loader: Loader, state: BuildState): void {
  const path = openapi["path"];
  const version = openapi["version"];
  const source = typeof path === "string" ? loader.readText(path) : undefined;
  if (state.hasOwnSchemas) return;
  if (source !== undefined && typeof path === "string") {
    if (version !== undefined)
      throw new KustomizeError("INVALID_KUSTOMIZATION", "builtin version and custom schema provided, cannot use both");
    state.schemas = openApiSchemas(source, path, state.addsSchemas ? state.schemas : undefined);
    state.hasOwnSchemas = true;
  } else if (typeof version === "string" && version !== "") {
    if (version !== builtInOpenApi) throw new KustomizeError("INVALID_KUSTOMIZATION", "the specified OpenAPI version is not built in");
    state.hasOwnSchemas = true;
  }
}
