// SPDX-License-Identifier: Apache-2.0
import { joinPath } from "./clean-path.ts";
import type { WrittenFields } from "./explain/kustomization-places.ts";
import { formatPath, KustomizationPlaces } from "./explain/kustomization-places.ts";
import type { BuildCache } from "./incremental/build-cache.ts";
import type { InflateChart } from "./helm-charts.ts";
import { placeOfError } from "./decode.ts";
import type { Deprecation } from "./deprecations.ts";
import { deprecationsOf } from "./deprecations.ts";
import { lineOfField } from "./error-place.ts";
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
  readonly deprecations: Deprecation[];
  /** The schemas of the build: the built-in ones until a kustomization names others. */
  schemas: MergeSchemas;
  hasOwnSchemas: boolean;
  /** Whether the schemas of a kustomization add to the built-in ones: always for Flux, else once unknown kinds were read. */
  addsSchemas: boolean;
  /** How many more folders may be built. */
  foldersLeft: number;
  readonly maxDepth: number;
  readonly cache: BuildCache | undefined;
  /** Whether the origin of every field is wanted. */
  readonly tracesOrigins: boolean;
}

/** One kustomization of a build. */
export interface Target {
  readonly loader: Loader;
  readonly kustomization: Kustomization;
  readonly fileName: string;
  /** Where its fields stand, when the origins of fields are wanted. */
  readonly places: KustomizationPlaces | undefined;
  /** Where it comes from, when annotations of it are wanted. */
  readonly origin: Origin | undefined;
  /** The namespace that kustomizations around it give to Helm charts. */
  readonly chartNamespace: string;
  readonly depth: number;
}

/** What is read of a kustomization before it is built. */
export type LoadedKustomization = Pick<Target, "kustomization" | "fileName" | "places">;

/**
 * Reads the kustomization file of a folder.
 *
 * @param written what the caller has added to the file
 * @throws {KustomizeError} NO_KUSTOMIZATION, INVALID_KUSTOMIZATION
 */
export function loadKustomization(loader: Loader, state: BuildState, written?: WrittenFields): LoadedKustomization {
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
  const file = joinPath(loader.root, first.fileName);
  const { kustomization, warnings, deprecated } = inFile(file, first.source, () => readKustomization(first.source, loader.root));
  state.warnings.push(...warnings);
  if (deprecated.length > 0) state.deprecations.push(...deprecationsOf(deprecated, first.source, file));
  const places = state.tracesOrigins ? new KustomizationPlaces(file, first.source, written) : undefined;
  return { kustomization, fileName: first.fileName, places };
}

/** Errors of what is in a kustomization file tell the file, and line and field where they are known. */
function inFile<T>(path: string, source: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    const { code, message, line, cause } = error;
    const at = placeOfError(error);
    const found = line ?? (at === undefined ? undefined : lineOfField(source, path, at));
    throw new KustomizeError(code, message, {
      path,
      ...(found === undefined ? {} : { line: found }),
      ...(at === undefined ? {} : { field: formatPath(at) }),
      ...(at === undefined && cause !== undefined ? { cause } : {}),
    });
  }
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
