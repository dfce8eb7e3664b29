// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isNotFound } from "@flux-ts/kube-core";
import type { BuildResult, OriginNode } from "@flux-ts/kustomize";
import { buildFlux, confineFileSystem, KustomizeError } from "@flux-ts/kustomize";
import { ownerLabels, selectObjects, withMetadata } from "@flux-ts/toolkit/apply";
import { substitute, SubstituteError } from "@flux-ts/toolkit/substitute";
import { CommandError } from "../command.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { ignoredPaths } from "./ignored-paths.ts";
import { isKustomization, readKustomization } from "./kustomization-file.ts";
import { localFolder } from "./local-sources.ts";
import { maskSecret } from "./mask-secret.ts";
import { loadVariables } from "./variables.ts";

/** What applies what is built. */
export const kustomizeOwner = { fieldManager: "kustomize-controller", group: "kustomize.toolkit.fluxcd.io" } as const;

export interface BuildSettings {
  /** Undefined in a dry run: nothing is read from a cluster, and variables only from the spec. */
  readonly client: Client | undefined;
  readonly signal: AbortSignal;
  readonly cwd: string;
  /** Patterns of .gitignore for what is left out. */
  readonly ignorePaths: readonly string[];
  readonly isStrict: boolean;
  /** Build the Kustomizations that are built, too. */
  readonly isRecursive: boolean;
  /** Checkouts of the sources of those, by `Kind/namespace/name`. */
  readonly localSources: ReadonlyMap<string, string>;
  /** Keep to what lies below the working folder. */
  readonly isConfined: boolean;
  /** Tell where each field comes from. */
  readonly explains?: boolean;
}

export interface BuildRequest {
  readonly name: string;
  readonly namespace: string;
  /** The folder to build, absolute. */
  readonly path: string;
  /** The Kustomization to build; absent: that of the cluster. */
  readonly file?: string | undefined;
  /** How errors call that file. */
  readonly fileName?: string;
  /** What stands in for a Kustomization that the cluster does not have. */
  readonly substitute?: Kustomization;
  /** Whether one that the cluster does not have is taken from the file. */
  readonly ignoresNotFound?: boolean;
}

export interface BuiltKustomization {
  readonly kustomization: Kustomization;
  /** In kustomize's order, secrets masked. */
  readonly objects: readonly KubeObject[];
  /** Where the fields of the objects come from, when that was asked for. */
  readonly origins: ReadonlyMap<KubeObject, OriginNode>;
}

/**
 * Builds a folder of this machine as kustomize-controller would build it for a Kustomization.
 *
 * @throws {CommandError} in upstream's words
 * @see flux2 internal/build Builder.Build
 */
export async function buildKustomization(request: BuildRequest, settings: BuildSettings): Promise<BuiltKustomization> {
  const kustomization = await findKustomization(request, settings);
  const { spec, metadata } = kustomization;
  const variables = spec.postBuild === undefined ? undefined : await loadVariables(kustomization, settings.client, settings.signal);
  const isAlways = spec.postBuild?.substituteStrategy === "Always";
  const fills = variables !== undefined && (variables.size > 0 || isAlways) ? variables : undefined;
  const labels = ownerLabels(kustomizeOwner, metadata.name ?? "", metadata.namespace ?? "");
  const built = runKustomize(request.path, kustomization, settings);
  const origins = new Map<KubeObject, OriginNode>();
  const objects = built.objects.map((resource) => {
    const filled = fills === undefined ? resource : fill(resource, fills, settings.isStrict);
    const finished = withMetadata(maskSecret(withMetadata(filled, { labels })), spec.commonMetadata ?? {});
    const node = built.origins?.get(resource);
    if (node !== undefined) origins.set(finished, node);
    return finished;
  });
  return { kustomization, objects: selectObjects(objects), origins };
}

/**
 * As {@link buildKustomization}, and with `isRecursive` after the objects those of each Kustomization among them.
 * A Kustomization that was met already is not built again.
 */
export async function buildTree(
  request: BuildRequest,
  settings: BuildSettings,
  met: ReadonlySet<string> = new Set(),
): Promise<BuiltKustomization> {
  const built = await buildKustomization(request, settings);
  if (!settings.isRecursive) return built;
  const seen = new Set([...met, keyOf(built.kustomization)]);
  const more: KubeObject[] = [];
  const origins = new Map(built.origins);
  for (const found of built.objects) {
    if (!isKustomization(found) || seen.has(keyOf(found))) continue;
    const path = localFolder(found, settings.localSources, settings.cwd);
    const child: BuildRequest = { name: found.metadata.name ?? "", namespace: found.metadata.namespace ?? "", path, substitute: found };
    const nested = await buildTree(child, settings, seen);
    more.push(...nested.objects);
    for (const [object, node] of nested.origins) origins.set(object, node);
  }
  return { ...built, objects: [...built.objects, ...more], origins };
}

/** Names a Kustomization in the cluster. */
export function keyOf({ metadata }: Kustomization): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

/** The file wins over the cluster, which adds its inventory. */
async function findKustomization(request: BuildRequest, { client, signal }: BuildSettings): Promise<Kustomization> {
  const live = client === undefined ? request.substitute : await findLive(client, request, signal);
  if (request.file === undefined) {
    if (live !== undefined) return live;
    throw new CommandError("kustomization file is required for dry-run");
  }
  const own = await readKustomization(request.file, request.name, request.namespace, request.fileName).catch((error: unknown) => {
    throw new CommandError(`failed to get kustomization object: ${(error as Error).message}`, { cause: error });
  });
  return client !== undefined && live?.status?.inventory !== undefined ? { ...own, status: live.status } : own;
}

async function findLive(client: Client, request: BuildRequest, signal: AbortSignal): Promise<Kustomization | undefined> {
  const { name, namespace } = request;
  try {
    return await client.get<Kustomization>(
      { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace, name },
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    if (isNotFound(error) && (request.substitute !== undefined || request.ignoresNotFound === true)) return request.substitute;
    throw new CommandError(`failed to get kustomization object: ${(error as Error).message}`, { cause: error });
  }
}

function runKustomize(path: string, { spec }: Kustomization, settings: BuildSettings): BuildResult {
  const disk = nodeFileSystem();
  const fs = settings.isConfined ? confineFileSystem(disk, settings.cwd) : disk;
  try {
    return buildFlux(fs, path, spec, { isIgnored: ignoredPaths(path, settings.ignorePaths), traceOrigins: settings.explains ?? false });
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    const stage = error.stage === "build" ? "kustomize build failed" : "failed to generate kustomization.yaml";
    throw new CommandError(`${stage}: ${error.message}${error.stage === "build" ? "" : " <nil>"}`, { cause: error });
  }
}

function fill(resource: KubeObject, variables: ReadonlyMap<string, string>, strict: boolean): KubeObject {
  try {
    return substitute(resource, variables, { strict });
  } catch (error) {
    if (!(error instanceof SubstituteError)) throw error;
    throw new CommandError(`var substitution failed for '${resource.metadata.name ?? ""}': ${error.message}`, { cause: error });
  }
}
