// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, KubeObject, ObjectOf, ReasonOf } from "@flux-ts/kube-core";
import type { Context, Retry, Success } from "./context.ts";

/** Whether a change matters. `before` is absent for a new object, `after` for one that is gone. */
export type Predicate = (before: KubeObject | undefined, after: KubeObject | undefined) => boolean;

/** What our object points at. */
export interface WatchedRef {
  readonly namespace: string;
  readonly name: string;
}

export interface Watch<Own extends KubeObject = KubeObject> {
  /** A kind of ours, or any kind by apiVersion and kind. */
  readonly kind: KindDefinition | { readonly apiVersion: string; readonly kind: string };
  readonly when: Predicate;
  /** Pure: what *we* point at, among objects of that kind. Absent: the kind is our own. The runtime keeps the reverse. */
  readonly refs?: (own: Own) => readonly WatchedRef[];
  /** Keep metadata only. */
  readonly metadataOnly?: boolean;
  /** Restricts the informer, e.g. `reconcile.fluxcd.io/watch=Enabled`. */
  readonly labelSelector?: string;
}

/** A controller, declared. */
export interface ControllerDefinition<K extends KindDefinition = KindDefinition, Options = unknown> {
  /** `kustomize-controller`: the field manager, event source, lease and User-Agent that a takeover depends on. */
  readonly component: string;
  readonly kind: K;
  readonly finalizer: string;
  readonly watches: readonly Watch<ObjectOf<K>>[];
  reconcile(object: ObjectOf<K>, context: Context<K, Options>): Promise<Success<ReasonOf<K>>>;
  /** Runs when the object is being deleted, before the finalizer goes. A throw keeps the finalizer and retries. */
  cleanup?(object: ObjectOf<K>, context: Context<K, Options>): Promise<void>;
  /** Milliseconds until the next reconcile after a success, before jitter. */
  intervalMs(object: ObjectOf<K>): number;
  /** What a failure without a `retry` of its own does. Default `"backoff"`; kustomize: `retryInterval`, fixed. */
  defaultRetry?(object: ObjectOf<K>): Retry;
  /** Bound of one reconcile, in milliseconds. */
  timeoutMs?(object: ObjectOf<K>): number;
  /** Reason of a throw outside any step. */
  readonly defaultReason: ReasonOf<K>;
}
