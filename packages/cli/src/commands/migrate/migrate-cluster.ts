// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { isNotFound, refOf } from "@flux-ts/kube-core";
import { migrationPatch } from "@flux-ts/toolkit/apply";
import { PART_OF_FLUX } from "../../cluster-info.ts";
import { CommandError } from "../../command.ts";
import type { Progress } from "../../output/progress.ts";

interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
  };
  readonly status?: { readonly storedVersions?: readonly string[] };
}

/**
 * Stores every object of Flux anew, in the version that its definition stores, and notes that no other is stored any more.
 *
 * @throws {CommandError} at the first that cannot be written
 * @see cmd/flux/migrate.go ClusterMigrator
 */
export async function migrateCluster(client: Client, progress: Progress, signal: AbortSignal): Promise<void> {
  progress.action("starting migration of custom resources");
  const kind = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
  const { items } = await told("failed to list CRDs", signal, client.list<Definition>(kind, { labelSelector: PART_OF_FLUX, signal }));
  for (const { metadata } of items) {
    const name = metadata.name ?? "";
    const definition = await told(`failed to get CRD ${name}`, signal, client.get<Definition>({ ...kind, name }, { signal }));
    await migrateDefinition(client, definition, progress, signal);
  }
  progress.success("custom resources migrated successfully");
}

async function migrateDefinition(client: Client, definition: Definition, progress: Progress, signal: AbortSignal): Promise<void> {
  const name = definition.metadata.name ?? "";
  const version = definition.spec.versions.find(({ storage }) => storage)?.name;
  if (version === undefined) throw new CommandError(`no storage version found for CRD ${name}`);
  const kind = { apiVersion: `${definition.spec.group}/${version}`, kind: definition.spec.names.kind };
  const listing = `failed to migrate resources for CRD ${name}: failed to list resources for CRD ${name}`;
  for (const item of (await told(listing, signal, client.list(kind, { signal }))).items) {
    await migrateObject(client, { ...item, ...kind }, name, signal);
    const { namespace = "", name: itemName = "" } = item.metadata;
    progress.success(`${kind.kind}/${namespace}/${itemName} migrated to version ${version}`);
  }
  const stored = definition.status?.storedVersions ?? [];
  if (stored.length === 1 && stored[0] === version) return;
  const migrated = { ...definition, status: { ...definition.status, storedVersions: [version] } };
  await told(`failed to update CRD ${name} status`, signal, client.update(migrated, { subresource: "status", signal }));
  progress.success(`${name} migrated to storage version ${version}`);
}

/** What fails is told with what was attempted; the end of the command's time stays what it is. */
async function told<T>(attempt: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    throw new CommandError(`${attempt}: ${(error as Error).message}`, { cause: error });
  }
}

async function migrateObject(client: Client, object: KubeObject, definition: string, signal: AbortSignal): Promise<void> {
  const patch = migrationPatch(object, object.apiVersion);
  try {
    // A patch of nothing is enough to have an object stored anew.
    if (patch.length === 0) await client.patch(refOf(object), {}, { type: "merge", signal });
    else await client.patch(refOf(object), patch, { type: "json", signal });
  } catch (error) {
    signal.throwIfAborted();
    if (isNotFound(error)) return;
    const { namespace = "", name = "" } = object.metadata;
    const what = patch.length === 0 ? "failed to migrate" : "failed to migrate managed fields";
    const message = `failed to migrate resources for CRD ${definition}:  ${object.kind}/${namespace}/${name} ${what}: ${(error as Error).message}`;
    throw new CommandError(message, { cause: error });
  }
}
