// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";

/** Where objects without a namespace go, as they do with kubectl (D-3). */
export const FALLBACK_NAMESPACE = "default";

/**
 * Puts objects of namespaced kinds that have no namespace into the fallback one. Kinds that the cluster does not have
 * are left alone: applying them tells.
 */
export async function withDefaultNamespace(
  objects: readonly KubeObject[],
  cluster: Client,
): Promise<{ readonly objects: readonly KubeObject[]; readonly moved: readonly KubeObject[] }> {
  const moved: KubeObject[] = [];
  const placed: KubeObject[] = [];
  for (const object of objects) {
    if (object.metadata.namespace || !(await isNamespaced(object, cluster))) {
      placed.push(object);
      continue;
    }
    const there = { ...object, metadata: { ...object.metadata, namespace: FALLBACK_NAMESPACE } };
    moved.push(there);
    placed.push(there);
  }
  return { objects: placed, moved };
}

async function isNamespaced(object: KubeObject, cluster: Client): Promise<boolean> {
  try {
    return (await cluster.resourceFor(object)).namespaced;
  } catch {
    return false;
  }
}

/** What the Ready message says of them; `""` when there are none. */
export function fallbackNote(moved: readonly KubeObject[]): string {
  const [first] = moved;
  if (first === undefined) return "";
  const others = moved.length > 1 ? ` and ${moved.length - 1} more` : "";
  return ` (without a namespace, so applied to '${FALLBACK_NAMESPACE}': ${first.kind}/${first.metadata.name ?? ""}${others})`;
}
