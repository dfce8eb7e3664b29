// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";

export interface QueueOptions {
  readonly clock: Clock;
  /** Called when a key begins to wait. */
  readonly onReady?: () => void;
  /** First delay after a failure. Default 750 ms. */
  readonly minBackoffMs?: number;
  /** Default 15 minutes. */
  readonly maxBackoffMs?: number;
}

/**
 * Keys (`namespace/name`) that want a reconcile.
 *
 * - A key waits once, however often it is added. Added while it is being worked on, it waits again afterwards.
 * - Namespaces take turns, so that one with thousands of objects does not hold up the others.
 * - Every key has at most one timer: a later decision replaces an earlier one, and being added cancels it.
 *
 * @see client-go util/workqueue, whose guarantees these are; the turns are ours
 */
export class Queue {
  readonly #clock: Clock;
  readonly #minBackoffMs: number;
  readonly #maxBackoffMs: number;
  /** Waiting keys in their order of arrival, by namespace; namespaces in their order of service. */
  readonly #waiting = new Map<string, Set<string>>();
  readonly #processing = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #timers = new Map<string, () => void>();
  readonly #failures = new Map<string, number>();
  readonly #onReady: () => void;
  #waitingCount = 0;
  #isClosed = false;

  constructor(options: QueueOptions) {
    this.#clock = options.clock;
    this.#onReady = options.onReady ?? (() => {});
    this.#minBackoffMs = options.minBackoffMs ?? 750;
    this.#maxBackoffMs = options.maxBackoffMs ?? 15 * 60_000;
  }

  /** Keys that wait for a worker; timers and keys being worked on not counted. */
  get depth(): number {
    return this.#waitingCount;
  }

  get processing(): ReadonlySet<string> {
    return this.#processing;
  }

  /** Keys that wait for their time. */
  get scheduled(): number {
    return this.#timers.size;
  }

  add(key: string): void {
    if (this.#isClosed) return;
    this.#cancelTimer(key);
    if (this.#processing.has(key)) {
      this.#dirty.add(key);
      return;
    }
    this.#enqueue(key);
  }

  /** Adds the key after a while, unless something else adds it earlier. Replaces an earlier decision. */
  addAfter(key: string, ms: number): void {
    if (this.#isClosed) return;
    this.#cancelTimer(key);
    if (ms <= 0) {
      this.add(key);
      return;
    }
    this.#timers.set(
      key,
      this.#clock.after(ms, () => {
        this.#timers.delete(key);
        this.add(key);
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
    for (const [namespace, keys] of this.#waiting) {
      // To the end of the line, or out of it.
      this.#waiting.delete(namespace);
      for (const key of keys) {
        keys.delete(key);
        this.#waitingCount -= 1;
        if (keys.size > 0) this.#waiting.set(namespace, keys);
        this.#processing.add(key);
        return key;
      }
    }
    return undefined;
  }

  done(key: string): void {
    this.#processing.delete(key);
    if (this.#dirty.delete(key)) this.add(key);
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
    this.#waiting.clear();
    this.#waitingCount = 0;
    this.#dirty.clear();
  }

  #cancelTimer(key: string): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
  }

  #enqueue(key: string): void {
    const namespace = namespaceOf(key);
    const keys = this.#waiting.get(namespace);
    if (keys === undefined) this.#waiting.set(namespace, new Set([key]));
    else if (keys.has(key)) return;
    else keys.add(key);
    this.#waitingCount += 1;
    this.#onReady();
  }
}

function namespaceOf(key: string): string {
  return key.slice(0, Math.max(key.indexOf("/"), 0));
}
