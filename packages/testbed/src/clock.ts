// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";

interface Timer {
  readonly dueAt: number;
  readonly sequence: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

/**
 * Time that stands still until a test moves it. Timers run in the order of their time; those of one moment in the
 * order in which they were set.
 */
export class TestClock implements Clock {
  #now: number;
  #sequence = 0;
  /** A binary heap, earliest first. */
  readonly #heap: Timer[] = [];

  /** Begins on 2026-01-01 unless told otherwise. */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { dueAt: this.#now + Math.max(ms, 0), sequence: this.#sequence++, callback, isCancelled: false };
    this.#push(timer);
    return () => {
      timer.isCancelled = true;
    };
  }

  /** When the next timer is due; undefined when there is none. */
  get nextDueAt(): number | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (!first.isCancelled) return first.dueAt;
      this.#pop();
    }
    return undefined;
  }

  /** Moves to a moment and runs what is due at it or before, also timers set meanwhile. Never moves back. */
  advanceTo(moment: number): void {
    for (let dueAt = this.nextDueAt; dueAt !== undefined && dueAt <= moment; dueAt = this.nextDueAt) {
      this.#now = Math.max(this.#now, dueAt);
      this.#pop()?.callback();
    }
    this.#now = Math.max(this.#now, moment);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    heap.push(timer);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, timer)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const [child, below] = right !== undefined && isBefore(right, left) ? [2 * at + 2, right] : [2 * at + 1, left];
      if (isBefore(last, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.sequence < b.sequence);
}
