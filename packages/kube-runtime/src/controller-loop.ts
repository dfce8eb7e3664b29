// SPDX-License-Identifier: Apache-2.0
import type { KindDefinition, KubeObject } from "@flux-ts/kube-core";
import { toApiVersion } from "@flux-ts/kube-core";
import type { Client, KindRef } from "@flux-ts/kube-client";
import type { ControllerDefinition, Predicate, Watch } from "./controller.ts";
import type { Informer } from "./informer.ts";
import { settled, type InformerScope } from "./informers.ts";
import type { Logger } from "./logger.ts";
import type { QueueGauge } from "./metrics/metrics.ts";
import { either, generationChanged, reconcileRequested } from "./predicates.ts";
import { Queue } from "./queue.ts";
import type { ReconcileRun, RunPorts } from "./reconcile-run.ts";
import { Referrers } from "./referrers.ts";
import { takeTurn } from "./run.ts";
import type { RunMetrics } from "./run-metrics.ts";
import { Slots } from "./slots.ts";

/** What a controller works with. */
export interface LoopPorts extends Omit<RunPorts, "slots" | "cached" | "wrote" | "mayWait"> {
  readonly informer: (client: Client, scope: InformerScope) => Informer;
  readonly metrics: RunMetrics;
  readonly log: Logger;
}

type OwnObject = Parameters<ControllerDefinition["intervalMs"]>[0];
type OwnWatch = ControllerDefinition["watches"][number];

const defaultConcurrent = 4;

/** So many reconciles may wait without a worker; more keep theirs. */
const maxWaiting = 1000;

/** One controller at work: its queue, what wakes it, and its workers. */
export class ControllerLoop {
  readonly definition: ControllerDefinition;
  readonly queue: Queue;
  readonly #ports: LoopPorts;
  readonly #slots: Slots;
  readonly #own: Informer;
  readonly #watched: { readonly kind: KindRef; readonly informer: Informer }[] = [];
  readonly #runs = new Map<string, ReconcileRun>();
  readonly #tasks = new Set<Promise<void>>();
  #turns = 0;
  #isRunning = false;
  #isClosed = false;

  constructor(ports: LoopPorts) {
    const { controller, client, clock } = ports;
    const { definition, settings } = controller;
    this.#ports = ports;
    this.definition = definition;
    this.queue = new Queue({
      clock,
      onReady: () => this.#pump(),
      ...(settings.minRetryDelayMs === undefined ? {} : { minBackoffMs: settings.minRetryDelayMs }),
      ...(settings.maxRetryDelayMs === undefined ? {} : { maxBackoffMs: settings.maxRetryDelayMs }),
    });
    this.#slots = new Slots(settings.concurrent ?? defaultConcurrent, () => this.#pump());
    const ownKind = kindRefOf(definition.kind);
    const { namespace } = settings;
    this.#own = ports.informer(client, { kind: ownKind, namespace, labelSelector: settings.labelSelector });
    this.#watched.push({ kind: ownKind, informer: this.#own });
    const wakes = definition.watches.find((watch) => watch.refs === undefined)?.when ?? either(generationChanged, reconcileRequested);
    // Referrers first: an object that is woken by itself must be found by what it points at.
    for (const watch of definition.watches) if (watch.refs !== undefined) this.#follow(watch, watch.refs);
    this.#own.subscribe((before, after) => this.#ownChanged(wakes, before, after));
  }

  /** Reconciles that hold a worker, or are about to. */
  get active(): number {
    let waiting = 0;
    for (const run of this.#runs.values()) if (run.isWaiting) waiting += 1;
    return this.#turns - waiting + (this.#isRunning ? this.queue.depth : 0);
  }

  /** `namespace/name` of all reconciles under way. */
  get running(): readonly string[] {
    return [...this.#runs.keys()];
  }

  get gauge(): QueueGauge {
    const concurrent = this.#ports.controller.settings.concurrent ?? defaultConcurrent;
    return { controller: this.definition.kind.kind.toLowerCase(), depth: this.queue.depth, active: this.#slots.used, concurrent };
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Begins to work once what it watches has been read. Rejects when stopped before. */
  async start(): Promise<void> {
    await Promise.all(this.#watched.map(({ informer }) => settled(informer)));
    this.#isRunning = true;
    this.#pump();
  }

  wake(key: string): void {
    this.queue.add(key);
  }

  /** No more turns; those under way go on, but those that only wait are broken off. */
  close(): void {
    this.#isRunning = false;
    this.#isClosed = true;
    this.queue.close();
    this.#cancelWaiting();
  }

  /** Breaks off what is under way. */
  cancel(): void {
    for (const run of this.#runs.values()) run.cancel("shutdown");
  }

  /** Resolves once nothing is under way, after `close`. */
  async ended(): Promise<void> {
    await Promise.all(this.#tasks);
  }

  /** Begins as many turns as there are keys and slots. */
  #pump(): void {
    while (this.#isRunning && this.queue.depth > 0 && this.#slots.tryAcquire()) {
      const key = this.queue.take();
      if (key === undefined) return;
      const task = this.#turn(key).finally(() => this.#tasks.delete(task));
      this.#tasks.add(task);
    }
  }

  async #turn(key: string): Promise<void> {
    const { controller, metrics, changed, log } = this.#ports;
    this.#turns += 1;
    const [namespace = "", name = ""] = key.split("/");
    const { kind } = controller.definition.kind;
    const turnLog = log.child({ [kind]: { name, namespace }, namespace, name, reconcileID: reconcileId(this.#ports.random) });
    const ports: RunPorts = {
      ...this.#ports,
      slots: this.#slots,
      cached: (of, inNamespace, named) => this.#cached(of, inNamespace, named),
      wrote: (object) => this.#own.absorb(object),
      changed: () => {
        if (this.#isClosed) this.#cancelWaiting();
        changed();
      },
      mayWait: () => this.#waitingCount() < maxWaiting,
    };
    const run = await takeTurn(
      { ports, own: this.#own, queue: this.queue, metrics, started: (started, begun) => this.#runs.set(started, begun) },
      key,
      turnLog,
    );
    this.#runs.delete(key);
    this.queue.done(key);
    if (run === undefined || run.end()) this.#slots.release();
    this.#turns -= 1;
    changed();
  }

  #cancelWaiting(): void {
    for (const run of this.#runs.values()) if (run.isWaiting) run.cancel("shutdown");
  }

  #waitingCount(): number {
    let count = 0;
    for (const run of this.#runs.values()) if (run.isWaiting) count += 1;
    return count;
  }

  #ownChanged(wakes: Predicate, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const object = after ?? before;
    if (object === undefined) return;
    const key = keyOf(object);
    if (after === undefined) this.#runs.get(key)?.cancel("superseded");
    const isNowDeleted = after?.metadata.deletionTimestamp !== undefined && before?.metadata.deletionTimestamp === undefined;
    if (after === undefined || isNowDeleted || wakes(before, after)) this.#wakeBy(key, before, after);
  }

  /** Wakes whoever of ours points at what changed. */
  #follow(watch: OwnWatch, refs: NonNullable<OwnWatch["refs"]>): void {
    const { controller, client } = this.#ports;
    const kind = kindRefOf(watch.kind);
    const referrers = new Referrers();
    this.#own.subscribe((before, after) => {
      const object = after ?? before;
      if (object === undefined) return;
      if (after === undefined) referrers.delete(keyOf(object));
      else
        referrers.set(
          keyOf(object),
          refs(after as Parameters<typeof refs>[0]).map(({ namespace, name }) => `${namespace}/${name}`),
        );
    });
    const informer = this.#isOwnKind(kind)
      ? this.#own
      : this.#ports.informer(client, {
          kind,
          namespace: controller.settings.namespace,
          labelSelector: watch.labelSelector,
          metadataOnly: watch.metadataOnly,
        });
    this.#watched.push({ kind, informer });
    informer.subscribe((before, after) => {
      const object = after ?? before;
      if (object === undefined || !watch.when(before, after)) return;
      for (const key of referrers.of(keyOf(object))) this.#wakeBy(key, before, after);
    });
  }

  #wakeBy(key: string, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const run = this.#runs.get(key);
    if (run !== undefined && this.definition.supersedes?.(run.object as OwnObject, { before, after })) run.cancel("superseded");
    // The first look at everything after a start is routine; somebody may wait for what happens from then on.
    const isFirstLook = before === undefined && !this.#own.isSynced;
    this.queue.add(key, isFirstLook ? "routine" : "change");
  }

  #isOwnKind(kind: KindRef): boolean {
    const own = kindRefOf(this.definition.kind);
    return own.apiVersion === kind.apiVersion && own.kind === kind.kind;
  }

  #cached<T extends KubeObject>(kind: KindDefinition, namespace: string, name: string): T | undefined {
    const { apiVersion } = kindRefOf(kind);
    const watched = this.#watched.find((candidate) => candidate.kind.apiVersion === apiVersion && candidate.kind.kind === kind.kind);
    // What the caller knows by the kind's definition.
    return watched?.informer.get(namespace, name) as T | undefined;
  }
}

/** The apiVersion (of the storage version) and kind of a watched kind. */
export function kindRefOf(kind: Watch["kind"]): KindRef {
  return "apiVersion" in kind ? kind : { apiVersion: toApiVersion(kind.group, kind.version), kind: kind.kind };
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`;
}

/** In the form of a version 4 UUID, from the random port. */
function reconcileId(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
