// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from "node:util";
import type { Client } from "@flux-ts/kube-client";
import type { KubeObject } from "@flux-ts/kube-core";
import { refOf } from "@flux-ts/kube-core";

/** Creates an object that is nothing but its name and labels, or gives the one that is there the labels that it lacks. */
export async function applyLabelled(client: Client, object: KubeObject, signal: AbortSignal): Promise<void> {
  const existing = await client.find<KubeObject>(refOf(object), { signal });
  if (existing === undefined) {
    await client.create(object, { signal });
    return;
  }
  if (hasLabels(existing, object)) return;
  const { labels } = object.metadata;
  await client.update({ ...existing, metadata: { ...existing.metadata, ...(labels === undefined ? {} : { labels }) } }, { signal });
}

/** The role of a binding cannot change: another binding takes its place. */
export async function applyBinding(client: Client, binding: KubeObject, signal: AbortSignal): Promise<void> {
  const existing = await client.find<KubeObject>(refOf(binding), { signal });
  if (existing !== undefined) {
    const isEqual = ["subjects", "roleRef"].every((field) => isDeepStrictEqual(plain(existing, field), plain(binding, field)));
    if (isEqual && hasLabels(existing, binding)) return;
    await client.delete(refOf(existing), { signal });
  }
  await client.create(binding, { signal });
}

/** Objects of the server may have no prototype, which is no difference. */
function plain(object: KubeObject, field: string): unknown {
  return structuredClone(Reflect.get(object, field));
}

function hasLabels(existing: KubeObject, wanted: KubeObject): boolean {
  return Object.entries(wanted.metadata.labels ?? {}).every(([key, value]) => existing.metadata.labels?.[key] === value);
}
