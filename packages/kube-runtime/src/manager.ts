// SPDX-License-Identifier: Apache-2.0
import type { Clock, KindDefinition, Transport } from "@flux-ts/kube-core";
import type { Client } from "@flux-ts/kube-client";
import { ClientPool } from "./client-pool.ts";
import type { Compute } from "./compute/compute.ts";
import { ControllerLoop, kindRefOf } from "./controller-loop.ts";
import type { ConfiguredController } from "./controller.ts";
import type { EventSink } from "./events/event-sink.ts";
import { Informers } from "./informers.ts";
import type { Logger } from "./logger.ts";
import type { QueueGauge } from "./metrics/metrics.ts";
import { createObserve } from "./observe-kinds.ts";
import { noMetrics, type RunMetrics } from "./run-metrics.ts";

/** The controllers, and what they work with. */
export interface ManagerOptions {
  readonly controllers: readonly ConfiguredController[];
  readonly transport: Transport;
  readonly clock: Clock;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly log: Logger;
  readonly compute: Compute;
  /** Where events of a component go. */
  readonly events: (component: string, client: Client) => EventSink;
  /** Of the User-Agent: `kustomize-controller/v0.1.0`. */
  readonly version: string;
  readonly metrics?: RunMetrics;
}

/** Controllers at work over one cluster. */
export interface Manager extends AsyncDisposable {
  /** Begins to watch, and to work (all components, or one) once what is watched has been read. Rejects when stopped before. */
  start(component?: string): Promise<void>;
  /** No new work; what is under way may finish within the time, then is broken off. Resolves once all has ended. */
  stop(graceMs?: number): Promise<void>;
  /** Resolves once queues are empty, nothing is under way but waits, and events are sent. */
  idle(): Promise<void>;
  /** Whether all that is watched has been read. */
  readonly isReady: boolean;
  /** `Kustomization flux-system/apps`: what is under way, waits included. */
  readonly running: readonly string[];
  readonly components: readonly string[];
  /** For metrics. */
  readonly queues: readonly QueueGauge[];
  /** Wakes an object now. */
  wake(kind: KindDefinition, namespace: string, name: string): void;
}

/** A round of the event loop is over when timers and I/O that were ready have run; so many must pass quietly. */
const quietRounds = 6;
/** What was broken off may take so long to notice. */
const abortMs = 10_000;

/** @see architecture: a manager is a function of its ports, so that tests run it with a clock of their own */
export function createManager(options: ManagerOptions): Manager {
  const { controllers, transport, clock, random, log, compute, metrics = noMetrics } = options;
  const stopping = new AbortController();
  let tellChange: () => void = () => {};
  let change = new Promise<void>((resolve) => (tellChange = resolve));
  const changed = (): void => {
    const tell = tellChange;
    change = new Promise((resolve) => (tellChange = resolve));
    tell();
  };
  const informers = new Informers({ clock, random, log, signal: stopping.signal, changed });
  const kinds = uniqueKinds(controllers);
  const pools = new Map<string, ClientPool>();
  const sinks = new Map<string, EventSink>();
  for (const { definition } of controllers) {
    if (pools.has(definition.component)) continue;
    const pool = new ClientPool(transport, `${definition.component}/${options.version}`, kinds);
    pools.set(definition.component, pool);
    sinks.set(definition.component, options.events(definition.component, pool.get()));
  }
  const observations = createObserve({ clock, random, log, changed });
  const loops = controllers.map((controller) => {
    const { definition } = controller;
    const pool = pools.get(definition.component) as ClientPool;
    const client = pool.get();
    return new ControllerLoop({
      controller,
      client,
      clientFor: (identity) => pool.get(identity),
      clock,
      random,
      compute,
      observe: (kind, observeOptions) => observations.observe(kind, { client, ...observeOptions }),
      events: sinks.get(definition.component) as EventSink,
      informer: (forClient, scope) => informers.get(forClient, scope),
      metrics,
      log: log.child({
        controller: definition.kind.kind.toLowerCase(),
        controllerGroup: definition.kind.group,
        controllerKind: definition.kind.kind,
      }),
      changed,
    });
  });
  let isWatching = false;
  let stopped: Promise<void> | undefined;

  const isBusy = (): boolean => informers.isListing || observations.isListing || loops.some((loop) => loop.active > 0);

  const idle = async (): Promise<void> => {
    for (;;) {
      for (let quiet = 0; quiet < quietRounds; quiet += 1) {
        if (isBusy()) {
          await change;
          quiet = -1;
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all([...sinks.values()].map((sink) => sink.flush()));
      if (!isBusy()) return;
    }
  };

  const stop = async (graceMs: number): Promise<void> => {
    for (const loop of loops) loop.close();
    const cancelTimer = clock.after(graceMs, () => {
      for (const loop of loops) loop.cancel();
    });
    if (graceMs <= 0) for (const loop of loops) loop.cancel();
    // What does not listen to its signal must not keep the process for ever.
    let cancelGiveUp: () => void = () => {};
    const givenUp = new Promise<void>((resolve) => {
      cancelGiveUp = clock.after(graceMs + abortMs, () => {
        log.error("some reconciles did not end and are left behind", { running: loops.flatMap((loop) => loop.running) });
        resolve();
      });
    });
    await Promise.race([Promise.all(loops.map((loop) => loop.ended())), givenUp]);
    cancelTimer();
    cancelGiveUp();
    stopping.abort(new Error("the manager was stopped"));
    observations.close();
    await Promise.all([informers.ended(), ...[...sinks.values()].map((sink) => sink.flush())]);
  };

  const manager: Manager = {
    async start(component) {
      if (!isWatching) {
        isWatching = true;
        informers.start();
      }
      const chosen = loops.filter((loop) => !loop.isRunning && (component === undefined || loop.definition.component === component));
      await Promise.all(chosen.map((loop) => loop.start()));
    },
    stop(graceMs = 30_000) {
      stopped ??= stop(graceMs);
      return stopped;
    },
    idle,
    get isReady() {
      return isWatching && informers.isSettled;
    },
    get running() {
      return loops.flatMap((loop) => loop.running.map((key) => `${loop.definition.kind.kind} ${key}`));
    },
    components: [...pools.keys()],
    get queues() {
      return loops.map((loop) => loop.gauge);
    },
    wake(kind, namespace, name) {
      const ref = kindRefOf(kind);
      for (const loop of loops) {
        const own = kindRefOf(loop.definition.kind);
        if (own.apiVersion === ref.apiVersion && own.kind === ref.kind) loop.wake(`${namespace}/${name}`);
      }
    },
    [Symbol.asyncDispose]: () => manager.stop(0),
  };
  return manager;
}

/** Kinds of ours, and those that they watch by definition: none of them needs discovery. */
function uniqueKinds(controllers: readonly ConfiguredController[]): readonly KindDefinition[] {
  const kinds = controllers.flatMap(({ definition }) => [
    definition.kind,
    ...definition.watches.flatMap(({ kind }) => ("apiVersion" in kind ? [] : [kind])),
  ]);
  return [...new Map(kinds.map((kind) => [`${kind.group}/${kind.kind}`, kind])).values()];
}
