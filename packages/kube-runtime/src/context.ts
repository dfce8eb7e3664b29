// SPDX-License-Identifier: Apache-2.0
import type { Clock, Condition, Identity, KindDefinition, KubeObject, ObjectOf, ReasonOf } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import type { Compute } from "./compute/compute.ts";
import type { Logger } from "./logger.ts";
import type { Observe } from "./observe.ts";

/** What happens after a failure. `never`: only when the spec changes (Stalled). */
export type Retry = "backoff" | "never" | { readonly afterMs: number };

/** What a failure of the step means. */
export interface StepOptions {
  /** Default: the controller's `defaultRetry`, `"backoff"` without one. */
  readonly retry?: Retry;
  /** `info`: the failure only waits for something (a dependency); its event is Normal. Default `error`. */
  readonly severity?: "error" | "info";
  /** Text of the failure's event where it is not the failure's message; `false`: no event. */
  readonly event?: string | false;
  /** With retry `never`: whether the generation counts as seen. Default true. */
  readonly observes?: boolean;
}

/** How a reconcile that succeeded is told. */
export interface Success<Reason extends string> {
  readonly reason: Reason;
  readonly message: string;
  /** Overrides the interval of the spec. */
  readonly requeueAfterMs?: number;
}

/** An event, as a reconciler tells it. */
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
  /**
   * Gives the worker slot back while something is only awaited: health, a terminating namespace, a pause before a retry.
   * Every wait for time to pass belongs in here: tests with a fake clock take a reconcile that waits for settled.
   */
  waiting<T>(work: () => Promise<T>): Promise<T>;

  /** Runs one named step: a throw becomes a `Failure` with this reason and the thrown message; a `Failure` passes through. */
  step<T>(reason: ReasonOf<K>, work: () => T | Promise<T>, options?: StepOptions): Promise<T>;
  /** Gathers status facts that survive a later failure. Later ones win, field by field; undefined removes. */
  record(status: StatusFields<ObjectOf<K>["status"]>): void;
  /** Writes what was recorded so far, at once: what must survive the end of the process (an inventory before its objects are applied). */
  save(): Promise<void>;
  /**
   * Shows what is being done: Reconciling=True Progressing, and Ready=Unknown as the controller's `readyInProgress` says.
   * Written lazily and coalesced: a reconcile that ends soon never writes it. The last message stays as the message of
   * Reconciling (ProgressingWithRetry) when the reconcile fails. Without any progress a failure leaves no Reconciling.
   */
  progress(message: string, options?: { readonly drift?: boolean }): Promise<void>;
  /** Sets a condition of the kind's own, beside Ready, Reconciling and Stalled (`Healthy`, `ArtifactInStorage` …). `undefined` removes. */
  condition(type: string, value: Pick<Condition, "status" | "reason" | "message"> | undefined): void;
  /** A Kubernetes Event and a notification, sent at once, in the background. */
  event(event: EventRecord): void;
  /** From now on, nothing that this reconcile tells holds one of these values of Secrets: conditions, events and logs show `*****`. */
  conceal(values: Iterable<string>): void;
  /** Metadata that every event of this reconcile carries from now on, the concluding one included (`revision` …). */
  eventMetadata(metadata: Readonly<Record<string, string>>): void;
}

/** Fields of a status: a value, or undefined to remove it. */
export type StatusFields<Status> = { readonly [Field in keyof NonNullable<Status>]?: NonNullable<Status>[Field] | undefined };
