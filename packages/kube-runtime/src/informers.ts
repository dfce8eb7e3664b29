// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import { isKindMissing, type Client, type KindRef } from "@flux-ts/kube-client";
import { Informer } from "./informer.ts";
import type { Logger } from "./logger.ts";

/** Which objects of a kind. */
export interface InformerScope {
  readonly kind: KindRef;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly metadataOnly?: boolean | undefined;
}

/** The informers of a manager: one per kind and scope, shared by all controllers, running until the signal aborts. */
export class Informers {
  readonly #ports: {
    readonly clock: Clock;
    readonly random: () => number;
    readonly log: Logger;
    readonly signal: AbortSignal;
    readonly changed: () => void;
  };
  readonly #informers = new Map<string, Informer>();
  readonly #runs: Promise<void>[] = [];
  readonly #settled = new Set<Informer>();

  constructor(ports: {
    readonly clock: Clock;
    readonly random: () => number;
    readonly log: Logger;
    readonly signal: AbortSignal;
    readonly changed: () => void;
  }) {
    this.#ports = ports;
  }

  /** Not yet running: subscribe first, then `start`. */
  get(client: Client, scope: InformerScope): Informer {
    const { kind, namespace, labelSelector, metadataOnly } = scope;
    const key = JSON.stringify([kind.apiVersion, kind.kind, namespace, labelSelector, metadataOnly === true]);
    const known = this.#informers.get(key);
    if (known !== undefined) return known;
    const { clock, random, log, changed } = this.#ports;
    const informer = new Informer({ client, kind, namespace, labelSelector, metadataOnly, clock, random, log, changed });
    this.#informers.set(key, informer);
    return informer;
  }

  start(): void {
    for (const informer of this.#informers.values()) {
      this.#runs.push(informer.run(this.#ports.signal));
      settled(informer).then(
        () => this.#settled.add(informer),
        () => {},
      );
    }
  }

  /** Whether all have been read once, those aside whose kind is not served. */
  get isSettled(): boolean {
    return this.#settled.size === this.#informers.size;
  }

  /** Whether one is reading its kind anew. */
  get isListing(): boolean {
    return [...this.#informers.values()].some((informer) => informer.isListing);
  }

  /** Resolves once all have ended, after the signal aborted. */
  async ended(): Promise<void> {
    await Promise.all(this.#runs);
  }
}

/** Resolves once the informer has its first list, or its kind turns out not to be served (yet). Rejects when stopped. */
export function settled(informer: Informer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = informer.onError((error) => {
      if (!isKindMissing(error)) return;
      stop();
      resolve();
    });
    informer.synced.then(() => {
      stop();
      resolve();
    }, reject);
  });
}
