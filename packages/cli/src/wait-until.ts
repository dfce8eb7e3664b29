// SPDX-License-Identifier: Apache-2.0
import type { Client } from "@flux-ts/kube-client";
import type { Clock, KubeObject, ObjectRef } from "@flux-ts/kube-core";
import { ApiError, sleep } from "@flux-ts/kube-core";

/** How often an object is read that may not be watched. */
const POLL_MS = 2000;

export interface WaitUntilOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Waits for an object to be as wanted: reads it, then watches it, so that nothing is asked twice and nothing is missed.
 *
 * @param isDone of the object as it is; what it throws ends the wait
 * @returns the object that was as wanted
 * @throws {ApiError} when the object is not there, or no longer
 * @throws the signal's reason when it aborts
 */
export async function waitUntil<T extends KubeObject>(
  client: Client,
  ref: ObjectRef,
  isDone: (object: T) => boolean,
  { signal, clock }: WaitUntilOptions,
): Promise<T> {
  try {
    for (;;) {
      const object = await client.get<T>(ref, { signal });
      if (isDone(object)) return object;
      const found = await watchFrom(client, ref, object, isDone, signal);
      if (found === "may not watch") await sleep(clock, POLL_MS, signal);
      else if (found !== "begin anew") return found;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

async function watchFrom<T extends KubeObject>(
  client: Client,
  ref: ObjectRef,
  seen: T,
  isDone: (object: T) => boolean,
  signal: AbortSignal,
): Promise<T | "begin anew" | "may not watch"> {
  const { apiVersion, kind, namespace } = ref;
  try {
    const events = await client.watch(
      { apiVersion, kind },
      {
        signal,
        fieldSelector: `metadata.name=${ref.name}`,
        resourceVersion: seen.metadata.resourceVersion ?? "0",
        ...(namespace === undefined ? {} : { namespace }),
      },
    );
    for await (const event of events) {
      if (event.type === "BOOKMARK") continue;
      if (event.type === "ERROR" || event.type === "DELETED") return "begin anew";
      // The field selector leaves nothing but this object.
      const object = event.object as T;
      if (isDone(object)) return object;
    }
    signal.throwIfAborted();
    return "begin anew";
  } catch (error) {
    if (error instanceof ApiError && (error.code === 403 || error.code === 405)) return "may not watch";
    if (error instanceof ApiError && error.code === 410) return "begin anew";
    throw error;
  }
}
