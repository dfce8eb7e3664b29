// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { setKey } from "@flux-ts/kube-core";
import type { Plane } from "../plane.ts";
import type { RequestContext } from "../request/context.ts";
import { managerOf } from "../request/context.ts";
import type { WriteOptions } from "../request/write-options.ts";
import type { ResourceDefinition } from "../resource.ts";
import type { GroupAndName } from "../status-errors.ts";
import { badRequest } from "../status-errors.ts";

/** One write of one object. */
export interface Write {
  readonly plane: Plane;
  readonly definition: ResourceDefinition;
  readonly request: RequestContext;
  readonly options: WriteOptions;
  /** `""` for the main resource. */
  readonly subresource: string;
}

export function resourceOf(definition: ResourceDefinition): GroupAndName {
  return { group: definition.group, name: definition.plural };
}

/** Of objects that two groups share, the group that keeps them. */
export function kindOf({ group, kind, storageKey }: ResourceDefinition): GroupAndName {
  return { group: storageKey === undefined ? group : storageKey.split(".").slice(1).join("."), name: kind };
}

export function writerOf(write: Write): { readonly manager: string; readonly subresource: string } {
  return { manager: managerOf(write.request, write.options.fieldManager), subresource: write.subresource };
}

/** Puts the namespace of the path into the object. @throws {ApiError} 400 when it says another one */
export function withNamespace(write: Write, object: KubeObject): KubeObject {
  const { namespace } = write.request.info;
  // Cluster-scoped objects may come with any namespace: it does not count.
  if (!write.definition.namespaced) return object.metadata.namespace ? withMetadata(object, { namespace: undefined }) : object;
  if (object.metadata.namespace === namespace) return object;
  if (object.metadata.namespace) throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  return withMetadata(object, { namespace });
}

/** The object with some of its metadata replaced; undefined takes a field away. */
export function withMetadata(object: KubeObject, changes: Readonly<Record<string, unknown>>): KubeObject {
  // Deleting from a copy would make it slow to read for everybody who gets it.
  const metadata: Record<string, unknown> = {};
  const old = object.metadata as Readonly<Record<string, unknown>>;
  for (const key in old) {
    const value = Object.hasOwn(changes, key) ? changes[key] : old[key];
    if (value !== undefined) setKey(metadata, key, value);
  }
  for (const key in changes) if (changes[key] !== undefined) metadata[key] = changes[key];
  return { ...object, metadata };
}
