// SPDX-License-Identifier: Apache-2.0
import type { Kustomization } from "@flux-ts/flux-api";
import type { KubeObject } from "@flux-ts/kube-core";

/** What came in while a Kustomization was reconciled. */
export interface Interruption extends Disposable {
  /** Undefined: nothing so far. */
  readonly by: KubeObject | undefined;
  /** Aborts when something comes in. */
  readonly signal: AbortSignal;
}

/**
 * Tells running reconciles that there is something newer to do, so that they need not wait for health any longer.
 * @see fluxcd/pkg runtime/controller queueHooks
 */
export class Interruptions {
  readonly #running = new Map<string, (by: KubeObject) => void>();

  /** Listens until it is disposed. */
  listen({ metadata: { uid = "" } }: Kustomization): Interruption {
    const abort = new AbortController();
    let first: KubeObject | undefined;
    const tell = (by: KubeObject): void => {
      first ??= by;
      abort.abort();
    };
    this.#running.set(uid, tell);
    return {
      get by() {
        return first;
      },
      signal: abort.signal,
      [Symbol.dispose]: () => {
        if (this.#running.get(uid) === tell) this.#running.delete(uid);
      },
    };
  }

  /** A dependency that became ready is nothing new to do. */
  tell(running: Kustomization, by: KubeObject | undefined): void {
    if (by === undefined || (by.kind === running.kind && by.metadata.uid !== running.metadata.uid)) return;
    this.#running.get(running.metadata.uid ?? "")?.(by);
  }
}
