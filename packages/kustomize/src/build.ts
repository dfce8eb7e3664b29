// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { stringifyJson, stringifyYaml, YamlError } from "@flux-ts/kube-core";
import { accumulateTarget } from "./accumulate.ts";
import type { Accumulation } from "./accumulate.ts";
import type { Deprecation } from "./deprecations.ts";
import type { OriginNode } from "./explain/field-origin.ts";
import { constantSource } from "./explain/field-source.ts";
import type { WrittenFields } from "./explain/kustomization-places.ts";
import type { SourceOf } from "./explain/step-sources.ts";
import { keptSource, referencesBetween, settleOrigins } from "./explain/step-sources.ts";
import type { FileSystem } from "./file-system.ts";
import { atField, inKustomization } from "./error-place.ts";
import { cleanPath, isBelow } from "./clean-path.ts";
import { spec } from "./fieldspecs/default-config.ts";
import type { InflateChart } from "./helm-charts.ts";
import type { BuildCache } from "./incremental/build-cache.ts";
import type { Kustomization } from "./kustomization.ts";
import { KustomizeError } from "./kustomize-error.ts";
import { Loader } from "./loader.ts";
import { setKey } from "./mapping.ts";
import { builtInSchemas } from "./merge/merge-schema.ts";
import { fixNameReferences } from "./name-references/fix-name-references.ts";
import { formatOrigin, originAnnotation, transformationsAnnotation } from "./origin.ts";
import { plainValue } from "./plain-value.ts";
import { requireValid } from "./read-resources.ts";
import { addNameHashes } from "./plugins.ts";
import type { RemotePort } from "./remote.ts";
import type { Resource } from "./resource.ts";
import type { ResourceMap } from "./resource-map.ts";
import type { BuildState } from "./target.ts";
import { loadKustomization, useOpenApi } from "./target.ts";
import { sortResources } from "./transformers/sort-order.ts";
import { setTextEntries } from "./transformers/text-entries.ts";
import { resolveVars } from "./transformers/vars.ts";

export interface BuildOptions {
  /** The order of a kustomization without `sortOptions`: `none` as read (Flux), `legacy` by kind (kustomize's default). */
  readonly reorder?: "none" | "legacy";
  /** `root` (the default): files must be in or below the folder of the kustomization that names them. `none`: anywhere. */
  readonly loadRestrictor?: "root" | "none";
  /** Adds the label `app.kubernetes.io/managed-by: kustomize-…` to everything. */
  readonly managedByLabel?: boolean;
  /** Reads remote bases and files; without it they are errors. */
  readonly remote?: RemotePort;
  /** Renders the charts of `helmCharts`; without it they are errors. */
  readonly inflateChart?: InflateChart;
  /** `openapi.path` adds to the built-in schemas (Flux) instead of replacing them (kustomize). */
  readonly addsOpenApi?: boolean;
  /**
   * Keeps results and parsed files for later builds. Results are kept of builds without `remote`, `inflateChart` and
   * `traceOrigins`.
   */
  readonly cache?: BuildCache;
  /** The folder that may be elsewhere at the next build with the `cache`, such as that of an artifact; `/` when absent. */
  readonly cacheRoot?: string;
  /** Whether the result tells where each field comes from; costs nothing when absent. */
  readonly traceOrigins?: boolean;
  /** How large one file may be; 32 MiB when absent. */
  readonly maxFileBytes?: number;
  /** How many folders a build may visit, each time counted; 10,000 when absent. */
  readonly maxFolders?: number;
}

export interface BuildResult {
  /** In the order in which they are to be written. Shared parts are shared: do not change them. */
  readonly objects: readonly KubeObject[];
  /** Lines for a person, as kustomize prints them: fields that go out of use, vars that nothing uses. */
  readonly warnings: readonly string[];
  /** The fields that go out of use: where each stands, and what to write in its place. */
  readonly deprecations: readonly Deprecation[];
  /**
   * With `traceOrigins`, of each object: for every field the file and line that gave it its value. A patch or transformer
   * that sets a field to the value that it has does not count. Ask with {@link originAt}.
   */
  readonly origins?: ReadonlyMap<KubeObject, OriginNode>;
}

/**
 * Builds a kustomization, as `kustomize build` does.
 *
 * @param path the folder with the kustomization file, absolute in `fs`
 * @throws {KustomizeError} with the code that says why
 * @see kustomize krusty, Kustomizer.Run (v5.8)
 */
export function build(fs: FileSystem, path: string, options: BuildOptions = {}): BuildResult {
  return cached(fs, path, options, ["kustomize"], (files) => buildWritten(files, path, options, undefined));
}

/** Runs a build where the cache has no result. @param facts what the result depends on beside files and options */
export function cached(
  fs: FileSystem,
  path: string,
  { cache, cacheRoot = "/", remote, inflateChart, ...options }: BuildOptions,
  facts: readonly unknown[],
  run: (fs: FileSystem) => BuildResult,
): BuildResult {
  if (cache === undefined || remote !== undefined || inflateChart !== undefined || options.traceOrigins === true) return run(fs);
  const root = cleanPath(cacheRoot);
  const folder = cleanPath(path);
  const key = stringifyJson(
    [...facts, isBelow(folder, root) ? folder.slice(root === "/" ? 0 : root.length) : ["outside", folder], options],
    {
      sortKeys: true,
    },
  );
  return cache.build(key, { fs, root: root === "/" ? "" : root }, run);
}

/** As {@link build}, of a kustomization file into which the caller has written. */
export function buildWritten(fs: FileSystem, path: string, options: BuildOptions, written: WrittenFields | undefined): BuildResult {
  const loader = Loader.at(fs, cleanPath(path), {
    restriction: options.loadRestrictor ?? "root",
    maxFileBytes: options.maxFileBytes ?? 32 * 1024 * 1024,
    remote: options.remote,
  });
  const state: BuildState = {
    inflateChart: options.inflateChart,
    warnings: [],
    deprecations: [],
    schemas: builtInSchemas(),
    hasOwnSchemas: false,
    addsSchemas: options.addsOpenApi ?? false,
    foldersLeft: options.maxFolders ?? 10_000,
    maxDepth: 200,
    cache: options.cache,
    tracesOrigins: options.traceOrigins ?? false,
  };
  const { kustomization, fileName, places } = loadKustomization(loader, state, written);
  atField({ loader, fileName }, ["openapi"], () => useOpenApi(kustomization, loader, state));
  const hasOrigins = (kustomization.buildMetadata?.length ?? 0) > 0;
  const sum = accumulateTarget(
    { loader, kustomization, fileName, places, origin: hasOrigins ? {} : undefined, chartNamespace: "", depth: 0 },
    state,
  );
  inKustomization({ loader, fileName }, () => {
    settleNames(sum, state);
    dropLocal(sum.resources);
  });
  atField({ loader, fileName }, ["sortOptions"], () => sort(sum.resources, kustomization, options, state));
  if (options.managedByLabel === true || kustomization.buildMetadata?.includes("managedByLabel") === true) {
    setTextEntries({ "app.kubernetes.io/managed-by": "kustomize-v5.8.1" }, [spec("metadata/labels", true)])(sum.resources);
    const field = kustomization.buildMetadata?.includes("managedByLabel") === true ? ["buildMetadata"] : [];
    if (places !== undefined) settleOrigins(sum.resources.list, () => constantSource(places.originOf(field, "transformer")));
  }
  const objects = inKustomization({ loader, fileName }, () =>
    sum.resources.list.map((resource) => finished(resource, kustomization.buildMetadata ?? [])),
  );
  if (!state.tracesOrigins) return { objects, warnings: state.warnings, deprecations: state.deprecations };
  settleOrigins(sum.resources.list, keptSource);
  const origins = new Map<KubeObject, OriginNode>();
  for (const [index, object] of objects.entries()) {
    const node = sum.resources.list[index]?.trace?.node;
    if (node !== undefined) origins.set(object, node);
  }
  return { objects, warnings: state.warnings, deprecations: state.deprecations, origins };
}

/** Last of all, when every name has its final form. */
function settleNames({ resources, config, vars }: Accumulation, state: BuildState): void {
  const settle = (sourceOf: SourceOf): void => {
    if (state.tracesOrigins) settleOrigins(resources.list, sourceOf);
  };
  addNameHashes(resources);
  settle(keptSource);
  fixNameReferences(resources, config.nameReference);
  settle(referencesBetween(resources));
  const unused = resolveVars(resources, vars, config.varReference);
  settle(keptSource);
  if (unused.length > 0) state.warnings.push(`well-defined vars that were never replaced: ${unused.join(",")}`);
}

/**
 * Drops resources that are only there for the build, and looks at what the others need to be one.
 *
 * @see kustomize resource, Factory.DropLocalNodes
 */
function dropLocal(resources: ResourceMap): void {
  for (const { object } of resources.list) requireValid(object, undefined);
  const isLocal = (resource: Resource): boolean => {
    const mark = resource.annotations["config.kubernetes.io/local-config"];
    return mark !== undefined && mark !== "false";
  };
  if (resources.list.some(isLocal)) resources.list = resources.list.filter((resource) => !isLocal(resource));
}

function sort(resources: ResourceMap, { sortOptions }: Kustomization, options: BuildOptions, state: BuildState): void {
  if (sortOptions === undefined) {
    if (options.reorder !== "none") sortResources({ order: "legacy" })(resources);
    return;
  }
  if (options.reorder !== undefined) {
    state.warnings.push(
      "Warning: Sorting order is set both in 'kustomization.yaml' ('sortOptions') and in a CLI flag ('--reorder'). Using the kustomization file over the CLI flag.",
    );
  }
  sortResources(sortOptions)(resources);
}

/** Annotations that belong to builds, wherever they come from. */
const buildAnnotations: readonly string[] = [
  ...[
    "previousKinds",
    "previousNames",
    "prefixes",
    "suffixes",
    "previousNamespaces",
    "allowNameChange",
    "allowKindChange",
    "refBy",
    "generatorBehavior",
    "needsHashSuffix",
    "path",
    "index",
    "seqindent",
    "id",
    "annotations-migration-resource-id",
    "helm-generated",
  ].map((name) => `internal.config.kubernetes.io/${name}`),
  "config.kubernetes.io/path",
  "config.kubernetes.io/index",
  "config.k8s.io/id",
];

function finished(resource: Resource, buildMetadata: readonly string[]): KubeObject {
  const annotations: Record<string, unknown> = { ...resource.annotations };
  for (const key of [...buildAnnotations, originAnnotation, transformationsAnnotation]) delete annotations[key];
  if (buildMetadata.includes("originAnnotations") && resource.origin !== undefined)
    annotations[originAnnotation] = formatOrigin(resource.origin);
  if (buildMetadata.includes("transformerAnnotations") && resource.transformations.length > 0) {
    annotations[transformationsAnnotation] = formatOrigin(resource.transformations);
  }
  if (!Object.hasOwn(resource.object, "metadata")) resource.object = setKey(resource.object, "metadata", {});
  resource.setTextMap("annotations", annotations);
  // What was read had kind and name, and nothing takes them away.
  return plainValue(resource.object) as KubeObject;
}

/**
 * The YAML of objects as kustomize prints it: documents between `---` lines, keys sorted.
 *
 * @throws {KustomizeError} INVALID_RESOURCE for text that YAML cannot hold, such as control characters
 */
export function toYaml(objects: readonly KubeObject[]): string {
  return objects.map(documentOf).join("---\n");
}

function documentOf(object: KubeObject): string {
  try {
    return stringifyYaml(object);
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    const { kind, metadata } = object;
    const named = [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join("/");
    throw new KustomizeError("INVALID_RESOURCE", `cannot write ${named} as YAML: ${cause.message}`, { object: named, cause });
  }
}
