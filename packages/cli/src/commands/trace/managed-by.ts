// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";

/** Owners of owners are followed so far. */
const MAX_OWNERS = 20;

export interface Named {
  readonly name: string;
  readonly namespace: string;
}

/**
 * What manages an object, by the labels of a controller's group: its own, or those of an owner.
 * @see cmd/flux/trace.go isOwnerManagedByFlux
 */
export async function managedBy(
  client: Client,
  object: KubeObject,
  group: string,
  signal: AbortSignal,
  depth = 0,
): Promise<Named | undefined> {
  const own = byLabels(object, group);
  if (own !== undefined) return own;
  const { namespace, ownerReferences = [] } = object.metadata;
  if (depth >= MAX_OWNERS) return undefined;
  for (const { apiVersion, kind, name } of ownerReferences) {
    const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
    const owner = await client.get(ref, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (owner === undefined) return undefined;
    const found = byLabels(owner, group);
    if (found !== undefined) return found;
    if ((owner.metadata.ownerReferences ?? []).length > 0) return managedBy(client, owner, group, signal, depth + 1);
  }
  return undefined;
}

function byLabels({ metadata }: KubeObject, group: string): Named | undefined {
  const labels = new Map(Object.entries(metadata.labels ?? {}));
  const name = labels.get(`${group}/name`) ?? "";
  return name === "" ? undefined : { name, namespace: labels.get(`${group}/namespace`) ?? "" };
}
