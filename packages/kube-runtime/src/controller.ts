// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, KubeObject, ObjectOf, ReasonOf } from "@flux-ts/kube-core";
import type { SummaryRule } from "./conditions.ts";
import type { Context, EventRecord, Retry, Success } from "./context.ts";

/** Whether a change matters. `before` is absent for a new object, `after` for one that is gone. */
export type Predicate = (before: KubeObject | undefined, after: KubeObject | undefined) => boolean;

/** What our object points at. */
export interface WatchedRef {
  readonly namespace: string;
  readonly name: string;
}

/** A kind whose changes wake our objects. */
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
  /** Ready is made out of these conditions (sources, G-CND-2). Absent: Ready is the end of the reconcile itself. */
  readonly summary?: SummaryRule;
  /**
   * What Ready tells while a reconcile goes on: always Unknown with this message (kustomize: "Reconciliation in
   * progress"). Absent: Unknown with the progress' own message, but only while there is no verdict yet or when the
   * progress says `drift` (sources).
   */
  readonly readyInProgress?: string;
  /** The event of a success, besides those sent on the way. Absent: none. */
  successEvent?(end: SuccessEnd<ObjectOf<K>, ReasonOf<K>>): EventRecord | undefined;
  /** Whether a suspended object that is Ready tells that its generation was seen. Default: those with a `summary` do. */
  readonly observesSuspension?: boolean;
  /** Whether intervals are jittered. Default true. */
  readonly jitter?: boolean;
  /**
   * Whether a change that comes in while the object is reconciled makes the running reconcile pointless. Absent: never;
   * the object waits for its next turn. A reconcile whose object is gone is always cancelled.
   */
  supersedes?(running: ObjectOf<K>, change: { readonly before: KubeObject | undefined; readonly after: KubeObject | undefined }): boolean;
}

/** A reconcile that succeeded. */
export interface SuccessEnd<Own, Reason extends string> {
  readonly object: Own;
  readonly success: Success<Reason>;
  readonly durationMs: number;
  /** Of the spec, without jitter. */
  readonly intervalMs: number;
}

/** A controller with what it runs with. The types of its kind and options are its own business. */
export interface ConfiguredController {
  readonly definition: ControllerDefinition;
  readonly options: unknown;
  readonly settings: ControllerSettings;
}

/** What flags say of a controller. */
export interface ControllerSettings {
  /** Reconciles at once. Default 4. */
  readonly concurrent?: number;
  readonly minRetryDelayMs?: number;
  readonly maxRetryDelayMs?: number;
  /** ±% of intervals. Default 5. */
  readonly intervalJitterPercent?: number;
  /** Only objects with these labels (`--watch-label-selector`). */
  readonly labelSelector?: string;
  /** Only this namespace. Absent: all. */
  readonly namespace?: string;
}

/** Declares a controller; only checks its types. */
export function defineController<K extends KindDefinition, Options>(
  definition: ControllerDefinition<K, Options>,
): ControllerDefinition<K, Options> {
  return definition;
}

/** A controller together with its options, ready for a manager. */
export function configure<K extends KindDefinition, Options>(
  definition: ControllerDefinition<K, Options>,
  options: Options,
  settings: ControllerSettings = {},
): ConfiguredController {
  // The manager hands a controller only objects of its own kind and its own options.
  return { definition: definition as unknown as ControllerDefinition, options, settings };
}
