// SPDX-License-Identifier: Apache-2.0
import type { Change } from "../store/change.ts";
import type { Plane } from "./plane.ts";

/** One controller of the simulated control plane: looks at one object at a time, and is idempotent. */
export interface PlaneController {
  readonly name: string;
  /** Which keys a change concerns, by resource (`pods`, `deployments.apps`; `*` is every resource). */
  readonly watches: Readonly<Record<string, (change: Change, plane: Plane) => readonly string[]>>;
  /** Told how to wake a key when something changes that is in no object; returns how to end that. */
  readonly wakes?: (wake: (key: string) => void) => () => void;
  /** Brings one object closer to what it should be; resolves with milliseconds until the next look, if one is wanted without a change. */
  reconcile(key: string, plane: Plane): Promise<number | void>;
}

export interface RunningControllers {
  /** Resolves when nothing is queued and nothing is running; timers that are still to come do not count. */
  idle(): Promise<void>;
  /** Whether that is so now. */
  readonly isIdle: boolean;
  stop(): Promise<void>;
}

const RETRY_MS = 20;
const MAX_RETRY_MS = 30_000;
const CONCURRENCY = 4;

/**
 * Runs controllers over the change feed of the store: a key is looked at once at a time, never lost, and retried with backoff.
 * @param onError told of every failure that is not a conflict
 */
export function runControllers(
  controllers: readonly PlaneController[],
  plane: Plane,
  onError: (controller: string, key: string, error: unknown) => void,
): RunningControllers {
  const loops = controllers.map((controller) => new Loop(controller, plane, onError));
  return {
    get isIdle() {
      return loops.every((loop) => loop.isIdle);
    },
    async idle() {
      while (!loops.every((loop) => loop.isIdle)) await Promise.all(loops.map((loop) => loop.idle()));
    },
    async stop() {
      for (const loop of loops) loop.stop();
      await Promise.all(loops.map((loop) => loop.idle()));
    },
  };
}

class Loop {
  readonly #controller: PlaneController;
  readonly #plane: Plane;
  readonly #onError: (controller: string, key: string, error: unknown) => void;
  /** In order of arrival; a set, so that a key is queued once. */
  readonly #queue = new Set<string>();
  readonly #running = new Set<string>();
  /** Keys that changed while they were being looked at. */
  readonly #again = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  readonly #subscriptions: (() => void)[] = [];
  #idleWaiters: (() => void)[] = [];
  #stopped = false;

  constructor(controller: PlaneController, plane: Plane, onError: (controller: string, key: string, error: unknown) => void) {
    this.#controller = controller;
    this.#plane = plane;
    this.#onError = onError;
    if (controller.wakes !== undefined) this.#subscriptions.push(controller.wakes((key) => this.#add(key)));
    for (const [resource, keysOf] of Object.entries(controller.watches)) {
      this.#subscriptions.push(
        plane.store.subscribe(resource, (change) => {
          for (const key of keysOf(change, plane)) this.#add(key);
        }),
      );
      // What is there already arrives as if it had just been added.
      const names = resource === "*" ? [...plane.store.resources()] : [resource];
      for (const name of names) {
        for (const object of plane.store.page(name, "").objects) {
          const { namespace, name: objectName = "", resourceVersion = "0" } = object.metadata;
          const change: Change = {
            revision: Number(resourceVersion),
            resource: name,
            key: namespace ? `${namespace}/${objectName}` : objectName,
            type: "ADDED",
            object,
          };
          for (const key of keysOf(change, plane)) this.#add(key);
        }
      }
    }
  }

  get isIdle(): boolean {
    return this.#queue.size === 0 && this.#running.size === 0;
  }

  idle(): Promise<void> {
    return this.isIdle ? Promise.resolve() : new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  stop(): void {
    this.#stopped = true;
    for (const end of this.#subscriptions) end();
    for (const { cancel } of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#queue.clear();
    this.#tellIdle();
  }

  #add(key: string): void {
    if (this.#stopped) return;
    if (this.#running.has(key)) this.#again.add(key);
    else this.#queue.add(key);
    // Changes are told inside a write; looking begins after it.
    queueMicrotask(() => this.#pump());
  }

  #pump(): void {
    while (!this.#stopped && this.#running.size < CONCURRENCY) {
      const { value: key } = this.#queue.values().next();
      if (key === undefined) break;
      this.#queue.delete(key);
      this.#running.add(key);
      void this.#look(key);
    }
  }

  async #look(key: string): Promise<void> {
    this.#cancelTimer(key);
    try {
      const afterMs = await this.#controller.reconcile(key, this.#plane);
      this.#failures.delete(key);
      if (typeof afterMs === "number") this.#later(key, afterMs);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      if (!isConflict(error)) this.#onError(this.#controller.name, key, error);
      this.#later(key, Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** (failures - 1)));
    }
    this.#running.delete(key);
    if (this.#again.delete(key)) this.#queue.add(key);
    this.#pump();
    this.#tellIdle();
  }

  #later(key: string, ms: number): void {
    if (this.#stopped) return;
    this.#cancelTimer(key);
    const cancel = this.#plane.clock.after(ms, () => {
      this.#timers.delete(key);
      this.#add(key);
    });
    this.#timers.set(key, { at: this.#plane.clock.now() + ms, cancel });
  }

  #cancelTimer(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  #tellIdle(): void {
    if (!this.isIdle) return;
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }
}

function isConflict(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && (error.code === 409 || error.code === 404);
}
