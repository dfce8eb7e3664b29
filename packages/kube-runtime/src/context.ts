// SPDX-License-Identifier: Apache-2.0
import type { Clock, Condition, Identity, KindDefinition, KubeObject, ObjectOf, ReasonOf } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import type { Compute } from "./compute.ts";
import type { Logger } from "./logger.ts";
import type { Observe } from "./observe.ts";

/** What happens after a failure. `never`: only when the spec changes (Stalled). */
export type Retry = "backoff" | "never" | { readonly afterMs: number };

export interface StepOptions {
  /** Default `"backoff"`, unless the controller declares another default. */
  readonly retry?: Retry;
  /** `info`: the failure only waits for something (a dependency); its event is Normal. Default `error`. */
  readonly severity?: "error" | "info";
}

/** How a reconcile that succeeded is told. */
export interface Success<Reason extends string> {
  readonly reason: Reason;
  readonly message: string;
  /** Overrides the interval of the spec. */
  readonly requeueAfterMs?: number;
}

export interface EventRecord {
  readonly severity: "info" | "error" | "trace";
  readonly reason: string;
  readonly message: string;
  /** Keys get the prefix `<group>/` of the object's kind (G-EVT-3). */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * What a reconciler is given. It cannot write conditions: it names steps, records facts, and ends; `conclude()` turns
 * the end into conditions, requeue and events, in one place.
 */
export interface Context<K extends KindDefinition = KindDefinition, Options = unknown> {
  readonly object: ObjectOf<K>;
  /** The controller's own client. */
  readonly cluster: Client;
  /** A client that acts as somebody else, or on another cluster; kept and shared by identity. */
  clusterFor(identity: Identity): Client;
  /** Pure work that may be large: in line when small, in a worker with limits otherwise. */
  readonly compute: Compute;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly options: Options;
  /** Aborts at shutdown, when the object's timeout passes, or when the reconcile is superseded. */
  readonly signal: AbortSignal;
  /** A temporary folder, removed when disposed. */
  scratch(): Promise<AsyncDisposable & { readonly path: string }>;
  /** Reads an object of a watched kind from the informer cache (no call); undefined when it is not there. */
  cached<T extends KubeObject>(kind: KindDefinition, namespace: string, name: string): T | undefined;

  /** Shared watches on kinds that we apply: readiness and drift without reading. */
  readonly observe: Observe;
  /** Gives the worker slot back while something is only awaited (health, a terminating namespace). */
  waiting<T>(work: () => Promise<T>): Promise<T>;

  /** Runs one named step: a throw becomes a `Failure` with this reason; a `Failure` passes through. */
  step<T>(reason: ReasonOf<K>, work: () => T | Promise<T>, options?: StepOptions): Promise<T>;
  /** Gathers status facts that survive a later failure. Later ones win, field by field. */
  record(status: Partial<NonNullable<ObjectOf<K>["status"]>>): void;
  /** Shows what is being done: Reconciling=True Progressing and Ready=Unknown, written lazily and coalesced. */
  progress(message: string): Promise<void>;
  /** Sets a condition of the kind's own, beside Ready, Reconciling and Stalled (`Healthy`, `ArtifactInStorage` …). `undefined` removes. */
  condition(type: string, value: Pick<Condition, "status" | "reason" | "message"> | undefined): void;
  /** A Kubernetes Event and a notification, sent with the status. */
  event(event: EventRecord): void;
}
