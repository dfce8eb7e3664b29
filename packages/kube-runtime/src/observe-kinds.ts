// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import { ApiError } from "@flux-ts/kube-core";
import { isKindMissing, type Client, type KindRef } from "@flux-ts/kube-client";
import { Informer } from "./informer.ts";
import type { Logger } from "./logger.ts";
import type { Observation, Observe } from "./observe.ts";

/** What observations work with, and their bounds. */
export interface ObservePorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly changed: () => void;
  /** Kinds open at once, over all clients. Default 256. */
  readonly maxOpen?: number;
  /** An observation that nobody holds is closed after so long. Default 5 minutes. */
  readonly idleMs?: number;
  /** After a refusal it is not asked again for so long. Default 1 minute. */
  readonly refusedMs?: number;
}

/** One shared watch, and who holds it. */
interface Shared {
  readonly informer: Informer;
  readonly synced: Promise<void>;
  readonly abort: AbortController;
  holders: number;
  cancelIdle: (() => void) | undefined;
}

/** Watches on kinds that are applied: opened when first asked for, shared by all who ask, closed when idle. */
export interface Observations {
  readonly observe: Observe;
  readonly isListing: boolean;
  readonly openCount: number;
  close(): void;
}

/**
 * @see performance: drift and readiness come from events; a refusal (403, no such kind, too many open) rejects `synced`,
 * and the caller reads for itself
 */
export function createObserve(ports: ObservePorts): Observations {
  const { clock, maxOpen = 256, idleMs = 5 * 60_000, refusedMs = 60_000 } = ports;
  const open = new Map<Client, Map<string, Shared>>();
  let openCount = 0;

  const drop = (client: Client, key: string, shared: Shared): void => {
    const ofClient = open.get(client);
    if (ofClient?.get(key) !== shared) return;
    ofClient.delete(key);
    if (ofClient.size === 0) open.delete(client);
    openCount -= 1;
    shared.cancelIdle?.();
    shared.abort.abort(new Error("nobody observes this kind any more"));
  };

  const begin = (client: Client, kind: KindRef, metadataOnly: boolean, key: string): Shared => {
    const informer = new Informer({ client, kind, metadataOnly, clock, random: ports.random, log: ports.log, changed: ports.changed });
    const abort = new AbortController();
    const synced = new Promise<void>((resolve, reject) => {
      const stop = informer.onError((error) => {
        if (informer.isSynced || !isRefusal(error)) return;
        stop();
        reject(error);
        abort.abort(error);
        // Kept for a while, so that the refusal is not asked for again and again.
        clock.after(refusedMs, () => drop(client, key, shared));
      });
      informer.synced.then(resolve, reject);
    });
    // Nobody has to wait for it.
    synced.catch(() => {});
    const shared: Shared = { informer, synced, abort, holders: 0, cancelIdle: undefined };
    void informer.run(abort.signal);
    return shared;
  };

  const observe: Observe = (kind, options = {}): Observation => {
    const { client, metadataOnly = true } = options;
    if (client === undefined) throw new Error(`Observing ${kind.kind} needs a client`);
    const key = `${kind.apiVersion} ${kind.kind} ${metadataOnly}`;
    let shared = open.get(client)?.get(key);
    if (shared === undefined) {
      if (openCount >= maxOpen) return refused(new Error(`Observing ${kind.kind}: ${maxOpen} kinds are observed already`));
      shared = begin(client, kind, metadataOnly, key);
      const ofClient = open.get(client) ?? new Map<string, Shared>();
      open.set(client, ofClient.set(key, shared));
      openCount += 1;
    }
    return hold(client, key, shared);
  };

  const hold = (client: Client, key: string, shared: Shared): Observation => {
    shared.holders += 1;
    shared.cancelIdle?.();
    shared.cancelIdle = undefined;
    const ends = new Set<() => void>();
    let isHeld = true;
    return {
      synced: shared.synced,
      lookup: (namespace, name) => shared.informer.get(namespace, name),
      get epoch() {
        return shared.informer.epoch;
      },
      subscribe(changed) {
        const end = shared.informer.subscribe(changed);
        ends.add(end);
        return () => {
          ends.delete(end);
          end();
        };
      },
      [Symbol.dispose]() {
        if (!isHeld) return;
        isHeld = false;
        for (const end of ends) end();
        shared.holders -= 1;
        if (shared.holders === 0) shared.cancelIdle = clock.after(idleMs, () => drop(client, key, shared));
      },
    };
  };

  return {
    observe,
    get isListing() {
      return [...open.values()].some((ofClient) => [...ofClient.values()].some(({ informer }) => informer.isListing));
    },
    get openCount() {
      return openCount;
    },
    close() {
      for (const [client, ofClient] of open) for (const [key, shared] of ofClient) drop(client, key, shared);
    },
  };
}

/** What trying again does not change. */
function isRefusal(error: unknown): boolean {
  return isKindMissing(error) || (error instanceof ApiError && [401, 403, 405].includes(error.code));
}

function refused(error: Error): Observation {
  const synced = Promise.reject(error);
  synced.catch(() => {});
  return { synced, lookup: () => undefined, epoch: 0, subscribe: () => () => {}, [Symbol.dispose]() {} };
}
