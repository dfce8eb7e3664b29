// SPDX-License-Identifier: Apache-2.0
import type { Client, KindRef } from "@flux-ts/kube-client";
import type { Observation, Observe } from "@flux-ts/kube-runtime";
import type { KindView } from "@flux-ts/toolkit/apply";

/**
 * Views of kinds that stay open from one reconcile to the next, so that an unchanged one asks nobody. Opening is
 * refused, quietly, where a kind may not be watched: then there is no settled view, and the caller reads for itself.
 */
export class HeldViews implements Disposable {
  readonly #client: Client;
  readonly #open = new Map<string, { readonly view: Observation; isSettled: boolean; epoch: number }>();
  #observe: Observe;
  #isClosed = false;

  constructor(client: Client, observe: Observe) {
    this.#client = client;
    this.#observe = observe;
  }

  /** Opens a view unless it is open, or a fuller one is; closes one that is less. */
  hold(kind: KindRef, metadataOnly: boolean): void {
    const key = keyOf(kind, metadataOnly);
    if (this.#isClosed || this.#open.has(key) || this.#open.has(keyOf(kind, false))) return;
    const less = this.#open.get(keyOf(kind, true));
    const view = this.#observe(kind, { client: this.#client, metadataOnly });
    const held = { view, isSettled: false, epoch: 0 };
    this.#open.set(key, held);
    view.synced.then(
      () => {
        held.isSettled = true;
        held.epoch = view.epoch;
        if (less !== undefined) this.#close(keyOf(kind, true));
      },
      // Tried again when it is next asked for.
      () => this.#close(key),
    );
  }

  #close(key: string): void {
    this.#open.get(key)?.view[Symbol.dispose]();
    this.#open.delete(key);
  }

  /** A view of the kind, of metadata at least, that is complete and has missed nothing since it was settled. */
  settled(kind: KindRef): KindView | undefined {
    for (const metadataOnly of [true, false]) {
      const held = this.#open.get(keyOf(kind, metadataOnly));
      if (held?.isSettled === true && held.epoch === held.view.epoch) return held.view;
    }
    return undefined;
  }

  /** How far each view has come. */
  epochs(): ReadonlyMap<string, number> {
    return new Map([...this.#open].map(([key, { view }]) => [key, view.epoch]));
  }

  /** What was uncertain at these epochs has been checked against the API server: gaps until then do not matter any more. */
  forgiveGaps(until: ReadonlyMap<string, number>): void {
    for (const [key, held] of this.#open) held.epoch = until.get(key) ?? held.epoch;
  }

  /** A view for a while: the one that is held when there is one, else one of its own. */
  view(kind: KindRef, { metadataOnly }: { readonly metadataOnly: boolean }): KindView {
    const held = this.#open.get(keyOf(kind, false)) ?? this.#open.get(keyOf(kind, metadataOnly));
    if (held === undefined) return this.#observe(kind, { client: this.#client, metadataOnly });
    const { view } = held;
    const ends: (() => void)[] = [];
    return {
      synced: view.synced,
      lookup: (namespace, name) => view.lookup(namespace, name),
      get epoch() {
        return view.epoch;
      },
      subscribe(changed) {
        const end = view.subscribe(changed);
        ends.push(end);
        return end;
      },
      [Symbol.dispose]() {
        for (const end of ends) end();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const { view } of this.#open.values()) view[Symbol.dispose]();
    this.#open.clear();
  }
}

function keyOf({ apiVersion, kind }: KindRef, metadataOnly: boolean): string {
  return `${apiVersion} ${kind} ${metadataOnly}`;
}
