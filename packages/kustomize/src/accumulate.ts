// SPDX-License-Identifier: Apache-2.0
import { joinPath } from "./clean-path.ts";
import { readCrdConfig } from "./fieldspecs/crd-config.ts";
import { defaultConfig } from "./fieldspecs/default-config.ts";
import type { TransformerConfig } from "./fieldspecs/transformer-config.ts";
import { emptyConfig, mergeConfigs, readTransformerConfig } from "./fieldspecs/transformer-config.ts";
import type { TextPlace } from "./explain/field-origin.ts";
import { constantSource } from "./explain/field-source.ts";
import { settleOrigins } from "./explain/step-sources.ts";
import type { SourceOf } from "./explain/step-sources.ts";
import type { Step } from "./kustomization-steps.ts";
import { builtInGenerators, builtInTransformers } from "./kustomization-steps.ts";
import { atField } from "./error-place.ts";
import { KustomizeError, prefixed, quoting, withPrefix } from "./kustomize-error.ts";
import type { Var } from "./kustomization.ts";
import type { Loader } from "./loader.ts";
import type { Origin } from "./origin.ts";
import { appendToOrigin, configuredOrigin } from "./origin.ts";
import type { Generator, PluginContext } from "./plugins.ts";
import { generatorOf, transformerOf } from "./plugins.ts";
import { readResources } from "./read-resources.ts";
import { isRemoteFile, parseRepository } from "./remote.ts";
import type { Resource } from "./resource.ts";
import { ResourceMap } from "./resource-map.ts";
import type { BuildState, Target } from "./target.ts";
import { loadKustomization, useOpenApi } from "./target.ts";
import type { Transformer } from "./transformers/transformer.ts";
import { mergeVars, registerVars } from "./transformers/vars.ts";

/** What a kustomization and those that it builds on come to, before names are fixed. */
export interface Accumulation {
  readonly resources: ResourceMap;
  readonly config: TransformerConfig;
  readonly vars: ReadonlyMap<string, Var>;
}

const nothing = (): Accumulation => ({ resources: new ResourceMap(), config: emptyConfig, vars: new Map() });

/**
 * Builds a kustomization: its resources and bases, what it generates, its components, then its transformers.
 *
 * @param start what a component adds to: the resources of the kustomization that uses it
 * @see kustomize internal/target, accumulateTarget
 */
export function accumulateTarget(target: Target, state: BuildState, start: Accumulation = nothing()): Accumulation {
  const { kustomization } = target;
  let sum = prefixed("accumulating resources", () => accumulateResources(start, "resources", kustomization.resources ?? [], target, state));
  sum = { ...sum, config: [ownConfig(target), crdConfig(target)].reduce(mergeConfigs, sum.config) };
  generate(sum.resources, target, state);
  sum = prefixed("accumulating components", () => accumulateComponents(sum, kustomization.components ?? [], target, state));
  transform(sum, target, state);
  validate(sum.resources, target, state);
  const vars = prefixed("merging vars", () =>
    atField(target, ["vars"], () => registerVars(kustomization.vars ?? [], sum.vars, sum.resources)),
  );
  return { ...sum, vars };
}

function ownConfig(target: Target): TransformerConfig {
  const { kustomization, loader } = target;
  const files = (kustomization.configurations ?? []).map((path, index) =>
    atField(target, ["configurations", index], () => readTransformerConfig(loader.readText(path), path)),
  );
  return mergeConfigs(defaultConfig, files.reduce(mergeConfigs, emptyConfig));
}

function crdConfig(target: Target): TransformerConfig {
  const { kustomization, loader } = target;
  const crds = kustomization.crds ?? [];
  return prefixed(`loading CRDs [${crds.join(" ")}]`, () =>
    crds
      .map((path, index) => atField(target, ["crds", index], () => readCrdConfig(loader.readText(path), path)))
      .reduce(mergeConfigs, emptyConfig),
  );
}

function accumulateResources(
  start: Accumulation,
  field: string,
  paths: readonly string[],
  target: Target,
  state: BuildState,
): Accumulation {
  let sum = start;
  for (const [index, path] of paths.entries()) {
    const before = sum;
    sum = atField(target, [field, index], () => {
      const failure = tryFile(before.resources, path, target, state);
      return failure === undefined ? before : accumulateFolder(before, path, target, state, failure);
    });
  }
  return sum;
}

/** Reads a file of resources; tells why that did not work, since the path may be of a folder. */
function tryFile(resources: ResourceMap, path: string, { loader, origin, places }: Target, state: BuildState): KustomizeError | undefined {
  try {
    const read = prefixed(`accumulating resources from '${path}'`, () => {
      const text = loader.readText(path);
      const place = places === undefined ? undefined : { file: loader.pathOf(path), firstLine: 1, by: "resource" as const };
      const all = readResources(text, { path, place, cache: state.cache });
      if (all.length > 1) new ResourceMap(all);
      return all;
    });
    // Upstream loads its schemas when it meets a kind that it does not know, and keeps them from then on.
    if (
      !state.addsSchemas &&
      read.some(({ id, apiVersion, kind }) => !id.isClusterScoped && state.schemas.of(apiVersion, kind) === undefined)
    ) {
      state.addsSchemas = true;
    }
    if (origin !== undefined) for (const resource of read) resource.origin = appendToOrigin(origin, path);
    prefixed(`merging resources from '${path}'`, () => resources.appendAll(read));
    return undefined;
  } catch (error) {
    if (error instanceof KustomizeError && error.code !== "TOO_LARGE") return error;
    throw error;
  }
}

function accumulateFolder(sum: Accumulation, path: string, target: Target, state: BuildState, failure: KustomizeError): Accumulation {
  if (isRemoteFile(path) && parseRepository(path) === undefined) throw failure;
  let loader: Loader;
  try {
    loader = target.loader.enter(path);
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    // What is no folder was a file: why it could not be read as one says more.
    if (failure.code !== "NOT_FOUND" && failure.code !== "REMOTE")
      throw failure.message.includes("MalformedYAML") ? failure : both(failure, error);
    throw withPrefix(`accumulation err='${failure.message}'`, error);
  }
  return prefixed(`accumulation err='${failure.message}'`, () => accumulateDirectory(sum, loader, path, target, state, false));
}

function both(failure: KustomizeError, error: KustomizeError): KustomizeError {
  return new KustomizeError(failure.code, `accumulation err='${failure.message}': ${error.message}`, {
    ...(failure.path === undefined ? {} : { path: failure.path }),
    ...(failure.object === undefined ? {} : { object: failure.object }),
    ...(failure.line === undefined ? {} : { line: failure.line }),
    cause: failure,
  });
}

function accumulateComponents(start: Accumulation, paths: readonly string[], target: Target, state: BuildState): Accumulation {
  let sum = start;
  for (const [index, path] of paths.entries()) {
    const before = sum;
    sum = atField(target, ["components", index], () => {
      const loader = quoting("loader.New", () => target.loader.enter(path));
      return quoting("accumulateDirectory:", () => accumulateDirectory(before, loader, path, target, state, true));
    });
  }
  return sum;
}

function accumulateDirectory(
  sum: Accumulation,
  loader: Loader,
  path: string,
  parent: Target,
  state: BuildState,
  isComponent: boolean,
): Accumulation {
  requireRoom(loader, parent, state);
  const { kustomization, fileName, places } = prefixed(`couldn't make target for path '${loader.root}'`, () =>
    loadKustomization(loader, state),
  );
  atField({ loader, fileName }, ["openapi"], () => useOpenApi(kustomization, loader, state));
  if (isComponent !== (kustomization.kind === "Component")) {
    const problem = isComponent
      ? `expected kind 'Component' for path '${loader.root}' but got '${kustomization.kind}'`
      : `expected kind != 'Component' for path '${loader.root}'`;
    throw new KustomizeError("INVALID_KUSTOMIZATION", problem, { path: loader.root });
  }
  const { buildMetadata } = parent.kustomization;
  const { buildMetadata: _own, ...rest } = kustomization;
  const target: Target = {
    loader,
    kustomization: { ...rest, ...(buildMetadata === undefined ? {} : { buildMetadata }) },
    fileName,
    places,
    origin: parent.origin === undefined ? undefined : originBelow(parent.origin, path),
    chartNamespace: parent.kustomization.namespace === "" ? parent.chartNamespace : parent.kustomization.namespace,
    depth: parent.depth + 1,
  };
  // A component changes what its user has; a base is built for itself and added.
  const built = prefixed(`recursed accumulation of path '${loader.root}'`, () =>
    isComponent ? accumulateTarget(target, state, sum) : accumulateTarget(target, state),
  );
  if (isComponent) return built;
  return prefixed(`recursed merging from path '${loader.root}'`, () => {
    sum.resources.appendAll(built.resources.list);
    return { resources: sum.resources, config: mergeConfigs(sum.config, built.config), vars: mergeVars(sum.vars, built.vars) };
  });
}

function requireRoom(loader: Loader, parent: Target, state: BuildState): void {
  state.foldersLeft--;
  if (state.foldersLeft >= 0 && parent.depth < state.maxDepth) return;
  throw new KustomizeError(
    "TOO_LARGE",
    `too many bases: the kustomizations refer to each other more often, or more deeply, than a build may (at '${loader.root}')`,
    {
      path: loader.root,
    },
  );
}

function originBelow(origin: Origin, path: string): Origin {
  const repository = parseRepository(path);
  return repository === undefined
    ? appendToOrigin(origin, path)
    : appendToOrigin(origin, path, { repo: repository.clone, ref: repository.ref, path: repository.path });
}

function pluginContext({ loader }: Target, state: BuildState): PluginContext {
  return { loader, schemas: state.schemas, inflateChart: state.inflateChart };
}

function generate(resources: ResourceMap, target: Target, state: BuildState): void {
  const context = pluginContext(target, state);
  const builtIn = builtInGenerators(target, context);
  const external = prefixed("loading generator plugins", () =>
    pluginResources("generators", target, state).map((resource) => ({
      run: atField(target, ["generators"], () => generatorOf(resource, context)),
      field: ["generators"],
      origin: originOfPlugin(resource),
      sourceOf: sourceOfPlugin(resource, "generator"),
    })),
  );
  for (const { run, field, origin, sourceOf } of [...builtIn, ...external] satisfies Step<Generator>[]) {
    for (const generated of atField(target, field, run)) {
      generated.origin ??= origin;
      if (sourceOf !== undefined) settleOrigins([generated], sourceOf);
      atField(target, field, () => prefixed("merging from generator", () => resources.absorb(generated)));
    }
  }
}

/** Resources that configure plugins: given inline, or in files and folders. */
function pluginResources(field: "generators" | "transformers" | "validators", target: Target, state: BuildState): readonly Resource[] {
  const start = nothing();
  const paths: string[] = [];
  for (const [index, entry] of (target.kustomization[field] ?? []).entries()) {
    const inline = tryInline(entry, target.places?.textOf([field, index], "resource"));
    if (inline === undefined) paths.push(entry);
    else {
      if (target.origin !== undefined) for (const resource of inline) resource.origin = appendToOrigin(target.origin, target.fileName);
      start.resources.appendAll(inline);
    }
  }
  return accumulateResources(start, field, paths, target, state).resources.list;
}

function tryInline(entry: string, place: TextPlace | undefined): Resource[] | undefined {
  try {
    return readResources(entry, { place });
  } catch (error) {
    if (error instanceof KustomizeError) return undefined;
    throw error;
  }
}

function originOfPlugin(resource: Resource): Origin | undefined {
  const { origin, apiVersion, kind, name, namespace } = resource;
  return origin === undefined ? undefined : configuredOrigin(origin, origin.path ?? "", { apiVersion, kind, name, namespace });
}

/** What a plugin does comes from where it is configured. */
function sourceOfPlugin({ trace }: Resource, by: "generator" | "transformer"): SourceOf | undefined {
  if (trace === undefined) return undefined;
  const source = constantSource({ ...trace.node.origin, by });
  return () => source;
}

function transform({ resources, config }: Accumulation, target: Target, state: BuildState): void {
  const context = pluginContext(target, state);
  const builtIn = builtInTransformers(target, config, context);
  const external = pluginResources("transformers", target, state).map((resource) => ({
    run: atField(target, ["transformers"], () => transformerOf(resource, context)),
    field: ["transformers"],
    origin: originOfPlugin(resource),
    sourceOf: sourceOfPlugin(resource, "transformer"),
  }));
  for (const { run, field, origin, sourceOf } of [...builtIn, ...external] satisfies Step<Transformer>[]) {
    atField(target, field, () => run(resources));
    if (sourceOf !== undefined) settleOrigins(resources.list, sourceOf);
    if (origin !== undefined) noteTransformation(resources, origin);
    resources.dropDeleted();
  }
}

function noteTransformation(resources: ResourceMap, origin: Origin): void {
  for (const resource of resources.list) {
    // Without an origin, the transformer made it.
    if (resource.origin === undefined) resource.origin = origin;
    else resource.transformations = [...resource.transformations, origin];
  }
}

/** Validators are transformers that may only complain. */
function validate(resources: ResourceMap, target: Target, state: BuildState): void {
  const context = pluginContext(target, state);
  for (const resource of pluginResources("validators", target, state)) {
    const run = atField(target, ["validators"], () => transformerOf(resource, context));
    const before = resources.list.map((one) => one.object);
    atField(target, ["validators"], () => run(resources));
    if (resources.list.length !== before.length || resources.list.some((one, index) => one.object !== before[index])) {
      const path = joinPath(target.loader.root, target.fileName);
      throw new KustomizeError("CANNOT_APPLY", "validator shouldn't modify the resource map", { path, field: "validators" });
    }
  }
}
