// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from "@flux-ts/kube-core";
import { isConflict, isNotFound, refOf } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";

/** Whether the object waits for us before it goes. */
export function hasFinalizer(object: KubeObject, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) === true;
}

/** Whether somebody deleted the object, and finalizers hold it. */
export function isBeingDeleted(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Adds our finalizer, leaving others'. @returns the object afterwards; undefined when it is gone or being deleted */
export function addFinalizer(client: Client, object: KubeObject, finalizer: string, fieldManager: string): Promise<KubeObject | undefined> {
  return writeFinalizers(client, object, fieldManager, (current) =>
    isBeingDeleted(current) || hasFinalizer(current, finalizer) ? undefined : [...(current.metadata.finalizers ?? []), finalizer],
  );
}

/** Removes our finalizer, leaving others'. @returns the object afterwards; undefined when it is gone */
export function removeFinalizer(
  client: Client,
  object: KubeObject,
  finalizer: string,
  fieldManager: string,
): Promise<KubeObject | undefined> {
  return writeFinalizers(client, object, fieldManager, (current) =>
    hasFinalizer(current, finalizer) ? (current.metadata.finalizers ?? []).filter((name) => name !== finalizer) : undefined,
  );
}

async function writeFinalizers(
  client: Client,
  object: KubeObject,
  fieldManager: string,
  next: (current: KubeObject) => readonly string[] | undefined,
): Promise<KubeObject | undefined> {
  const ref = refOf(object);
  let current = object;
  for (let attempt = 1; ; attempt += 1) {
    const finalizers = next(current);
    if (finalizers === undefined) return current;
    const { resourceVersion } = current.metadata;
    try {
      return await client.patch(
        ref,
        { metadata: { finalizers, ...(resourceVersion === undefined ? {} : { resourceVersion }) } },
        { type: "merge", fieldManager },
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      if (!isConflict(error) || attempt >= 5) throw error;
    }
    const latest = await client.find(ref);
    if (latest === undefined || latest.metadata.uid !== object.metadata.uid) return undefined;
    current = latest;
  }
}
