// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";
import { Lane } from "./lane.ts";

/** `change`: somebody did something and may be waiting. `routine`: an interval, a retry, or the first look after a start. */
export type Urgency = "change" | "routine";

/** Time, and how long a key that failed waits. */
export interface QueueOptions {
  readonly clock: Clock;
  /** Called when a key begins to wait. */
  readonly onReady?: () => void;
  /** First delay after a failure. Default 750 ms. */
  readonly minBackoffMs?: number;
  /** Default 15 minutes. */
  readonly maxBackoffMs?: number;
}

/** So many changes in a row, then one routine: neither waits for ever. */
const changesInARow = 8;

/**
 * Keys (`namespace/name`) that want a reconcile.
 *
 * - A key waits once, however often it is added. Added while it is being worked on, it waits again afterwards.
 * - Changes go before routine, so that a restart or a thousand intervals do not hold up who asks for something now.
 * - Namespaces take turns, so that one with thousands of objects does not hold up the others.
 * - Every key has at most one timer: a later decision replaces an earlier one, and being added cancels it.
 *
 * @see client-go util/workqueue, whose guarantees these are; the turns are ours
 */
export class Queue {
  readonly #clock: Clock;
  readonly #minBackoffMs: number;
  readonly #maxBackoffMs: number;
  readonly #changes = new Lane();
  readonly #routine = new Lane();
  readonly #processing = new Set<string>();
  readonly #dirty = new Map<string, Urgency>();
  readonly #timers = new Map<string, () => void>();
  readonly #failures = new Map<string, number>();
  readonly #onReady: () => void;
  #inARow = 0;
  #isClosed = false;

  constructor(options: QueueOptions) {
    this.#clock = options.clock;
    this.#onReady = options.onReady ?? (() => {});
    this.#minBackoffMs = options.minBackoffMs ?? 750;
    this.#maxBackoffMs = options.maxBackoffMs ?? 15 * 60_000;
  }

  /** Keys that wait for a worker; timers and keys being worked on not counted. */
  get depth(): number {
    return this.#changes.size + this.#routine.size;
  }

  get processing(): ReadonlySet<string> {
    return this.#processing;
  }

  /** Keys that wait for their time. */
  get scheduled(): number {
    return this.#timers.size;
  }

  add(key: string, urgency: Urgency = "change"): void {
    if (this.#isClosed) return;
    this.#cancelTimer(key);
    if (this.#processing.has(key)) {
      if (this.#dirty.get(key) !== "change") this.#dirty.set(key, urgency);
      return;
    }
    if (urgency === "change") {
      const moved = this.#routine.delete(key);
      if (this.#changes.add(key) && !moved) this.#onReady();
    } else if (!this.#changes.has(key) && this.#routine.add(key)) this.#onReady();
  }

  /** Adds the key after a while, unless something else adds it earlier. Replaces an earlier decision. */
  addAfter(key: string, ms: number): void {
    if (this.#isClosed) return;
    this.#cancelTimer(key);
    if (ms <= 0) {
      this.add(key, "routine");
      return;
    }
    this.#timers.set(
      key,
      this.#clock.after(ms, () => {
        this.#timers.delete(key);
        this.add(key, "routine");
      }),
    );
  }

  /** Adds the key after its backoff, which doubles with every failure. @returns the delay in milliseconds */
  addBackoff(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const delayMs = Math.min(this.#minBackoffMs * 2 ** Math.min(failures, 40), this.#maxBackoffMs);
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** Starts the key's backoff anew. */
  resetBackoff(key: string): void {
    this.#failures.delete(key);
  }

  /** Forgets a key that is no more: its timer and its backoff. */
  forget(key: string): void {
    this.#cancelTimer(key);
    this.#failures.delete(key);
  }

  /** The next key, which then is being worked on until `done`; undefined when none waits. */
  take(): string | undefined {
    const isRoutineDue = this.#inARow >= changesInARow && this.#routine.size > 0;
    const change = isRoutineDue ? undefined : this.#changes.take();
    this.#inARow = change === undefined ? 0 : this.#inARow + 1;
    const key = change ?? this.#routine.take() ?? this.#changes.take();
    if (key !== undefined) this.#processing.add(key);
    return key;
  }

  done(key: string): void {
    this.#processing.delete(key);
    const urgency = this.#dirty.get(key);
    this.#dirty.delete(key);
    if (urgency !== undefined) this.add(key, urgency);
  }

  /** Whether the key was added while it is being worked on. */
  isDirty(key: string): boolean {
    return this.#dirty.has(key);
  }

  /** No key is taken any more; timers are cancelled. */
  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#changes.clear();
    this.#routine.clear();
    this.#dirty.clear();
  }

  #cancelTimer(key: string): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }
}
