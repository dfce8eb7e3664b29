// SPDX-License-Identifier: Apache-2.0
import type { Clock, KubeObject } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import type { Compute } from "./compute/compute.ts";
import type { Course } from "./conclude.ts";
import { showProgress } from "./conclude.ts";
import { Concealed } from "./concealed.ts";
import type { ConditionValue } from "./conditions.ts";
import { conditionsOf } from "./conditions.ts";
import type { Context, EventRecord, StepOptions } from "./context.ts";
import type { ConfiguredController } from "./controller.ts";
import { withAnnotationsOf, withGroup } from "./events/event-metadata.ts";
import type { EventSink } from "./events/event-sink.ts";
import { Cancelled, Failure } from "./failure.ts";
import type { Logger } from "./logger.ts";
import type { Observe } from "./observe.ts";
import { createScratch } from "./scratch.ts";
import type { Slots } from "./slots.ts";
import { writeStatus, type StatusChange } from "./status.ts";

/** Progress is written when a reconcile takes longer than this. */
const progressDelayMs = 300;

/** What every reconcile of a controller shares. */
export interface RunPorts {
  readonly controller: ConfiguredController;
  readonly client: Client;
  readonly clientFor: Context["clusterFor"];
  readonly clock: Clock;
  readonly random: () => number;
  readonly compute: Compute;
  readonly observe: Observe;
  readonly events: EventSink;
  readonly slots: Slots;
  readonly cached: Context["cached"];
  /** Told of every object that we wrote. */
  readonly wrote: (object: KubeObject) => void;
  /** Whether one more may wait without a worker. */
  readonly mayWait: () => boolean;
  /** Told when a reconcile begins or ends to wait. */
  readonly changed: () => void;
}

/**
 * One reconcile under way: what its `Context` gathers, and the writes that cannot wait for its end.
 * Writes go one after the other.
 */
export class ReconcileRun {
  readonly object: KubeObject;
  readonly context: Context;
  readonly log: Logger;
  readonly #ports: RunPorts;
  readonly #abort = new AbortController();
  readonly #startedAt: number;
  readonly #recorded: Record<string, unknown> = {};
  readonly #conditions = new Map<string, ConditionValue | undefined>();
  readonly #concealed = new Concealed();
  #metadata: Readonly<Record<string, string>> = {};
  #current: KubeObject | undefined;
  #progress: string | undefined;
  #pending: StatusChange | undefined;
  #cancelTimer: (() => void) | undefined;
  #cancelTimeout: (() => void) | undefined;
  #writes: Promise<void> = Promise.resolve();
  #waits = 0;
  #hasSlot = true;
  #isOver = false;

  constructor(ports: RunPorts, object: KubeObject, log: Logger) {
    this.#ports = ports;
    this.object = object;
    this.log = this.#concealed.logger(log);
    this.#current = object;
    this.#startedAt = ports.clock.now();
    const { definition } = ports.controller;
    const timeoutMs = definition.timeoutMs?.(object as Context["object"]);
    if (timeoutMs !== undefined) {
      this.#cancelTimeout = ports.clock.after(timeoutMs, () => this.#abort.abort(new Error("context deadline exceeded")));
    }
    this.context = this.#createContext();
  }

  /** Whether it only waits for something, without a worker. */
  get isWaiting(): boolean {
    return this.#waits > 0;
  }

  get durationMs(): number {
    return this.#ports.clock.now() - this.#startedAt;
  }

  /** The object as last written; undefined when a write found it gone. */
  get current(): KubeObject | undefined {
    return this.#current;
  }

  course(): Course {
    return {
      object: this.object,
      progress: this.#progress,
      conditions: conditionsOf(this.#current ?? this.object),
      recorded: this.#recorded,
      conditionsSet: this.#conditions,
      durationMs: this.durationMs,
    };
  }

  cancel(why: Cancelled["why"]): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(new Cancelled(why));
  }

  /** The thrown thing, or the cancellation that led to it. */
  reasonOf(thrown: unknown): unknown {
    const { signal } = this.#abort;
    return signal.aborted && signal.reason instanceof Cancelled ? signal.reason : thrown;
  }

  /** The last write. */
  async finish(change: StatusChange): Promise<void> {
    this.#stopTimers();
    await this.#write(change);
  }

  /** Nothing of it goes on. @returns whether it held a worker slot until now */
  end(): boolean {
    this.#stopTimers();
    this.#isOver = true;
    return this.#hasSlot;
  }

  #stopTimers(): void {
    this.#cancelTimeout?.();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#pending = undefined;
  }

  emit(told: EventRecord): void {
    const { definition } = this.#ports.controller;
    const event = { ...told, message: this.#concealed.text(told.message) };
    const metadata = withAnnotationsOf(this.object, withGroup({ ...this.#metadata, ...event.metadata }, definition.kind.group));
    if (event.severity === "error") this.log.error(event.message, { reason: event.reason });
    else if (event.severity === "info") this.log.info(event.message, { reason: event.reason });
    else this.log.debug(event.message, { reason: event.reason });
    this.#ports.events.emit({ ...event, object: this.object, component: definition.component, metadata });
  }

  #createContext(): Context {
    const { controller, client, clientFor, clock, random, compute, observe, cached } = this.#ports;
    return {
      object: this.object as Context["object"],
      cluster: client,
      clusterFor: clientFor,
      compute,
      clock,
      random,
      log: this.log,
      options: controller.options,
      signal: this.#abort.signal,
      scratch: () => createScratch(),
      cached,
      observe,
      waiting: (work) => this.#wait(work),
      step: (reason, work, options) => this.#step(reason, work, options),
      record: (status) => {
        Object.assign(this.#recorded, status);
      },
      save: () => this.#save(),
      progress: (message, options) => this.#show(message, options?.drift === true),
      condition: (type, value) => {
        this.#conditions.set(type, value);
      },
      event: (event) => this.emit(event),
      conceal: (values) => this.#concealed.add(values),
      eventMetadata: (metadata) => {
        this.#metadata = { ...this.#metadata, ...metadata };
      },
    };
  }

  async #step<T>(reason: string, work: () => T | Promise<T>, options: StepOptions = {}): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const cause = this.reasonOf(error);
      if (cause instanceof Failure || cause instanceof Cancelled) throw cause;
      throw new Failure(reason, error instanceof Error ? error.message : String(error), { ...options, cause: error });
    }
  }

  async #wait<T>(work: () => Promise<T>): Promise<T> {
    const { slots, changed, mayWait } = this.#ports;
    if (this.#waits++ === 0 && this.#hasSlot && mayWait()) {
      this.#hasSlot = false;
      slots.release();
    }
    changed();
    try {
      return await work();
    } finally {
      // Another branch may have ended the reconcile meanwhile: then there is nothing to come back to.
      if (this.#waits === 1 && !this.#isOver && !this.#hasSlot) {
        await slots.reacquire();
        if (this.#isOver) slots.release();
        else this.#hasSlot = true;
      }
      this.#waits -= 1;
      changed();
    }
  }

  async #show(message: string, drift: boolean): Promise<void> {
    const { controller, clock } = this.#ports;
    this.#abort.signal.throwIfAborted();
    this.#progress = message;
    this.log.debug(message);
    const change = showProgress(controller.definition, conditionsOf(this.#current ?? this.object), message, drift);
    this.#pending = { ...change, conditions: new Map([...(this.#pending?.conditions ?? []), ...change.conditions]) };
    this.#cancelTimer ??= clock.after(progressDelayMs, () => {
      this.#cancelTimer = undefined;
      const { conditions = new Map() } = this.#pending ?? {};
      this.#pending = undefined;
      // Conditions of the kind's own are shown with it; they stay gathered, since they may change once more.
      this.#write({ fields: {}, conditions: new Map([...this.#conditions, ...conditions]) }).catch((error: unknown) =>
        this.log.error("failed to write progress", { error }),
      );
    });
  }

  #save(): Promise<void> {
    return this.#write({ fields: { ...this.#recorded }, conditions: new Map() });
  }

  #write(change: StatusChange): Promise<void> {
    const { client, controller, clock, wrote } = this.#ports;
    const next = this.#writes.then(async () => {
      if (this.#current === undefined) return;
      const writer = { client, fieldManager: controller.definition.component, now: () => clock.now() };
      const before = this.#current;
      this.#current = await writeStatus(writer, before, { ...change, conditions: this.#hide(change.conditions) });
      if (this.#current !== undefined && this.#current !== before) wrote(this.#current);
    });
    this.#writes = next.catch(() => {});
    return next;
  }
  #hide(conditions: StatusChange["conditions"]): StatusChange["conditions"] {
    return new Map([...conditions].map(([type, value]) => [type, value && { ...value, message: this.#concealed.text(value.message) }]));
  }
}
