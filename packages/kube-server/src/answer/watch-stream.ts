// SPDX-License-Identifier: Apache-2.0
import type { WatchEvent } from "@flux-ts/kube-core";

/** Where the events of a watch go. */
export interface WatchSink {
  /** Called in order. Returning false closes the watch: the consumer is too slow. */
  event(event: WatchEvent): boolean;
  /** No more events come. */
  end(): void;
}

/** A watch that has been admitted but not begun. Begin it once. */
export interface WatchStream {
  /** Sends what is there and then what comes; the returned function closes it, without a further `end`. */
  start(sink: WatchSink): () => void;
}

/** How many events an in-process consumer may lag behind before its watch is closed. */
const MAX_QUEUED = 100_000;

/** A watch as an async iterable. It begins with the first `next`; leaving the loop closes it. */
export function iterateWatch(stream: WatchStream, signal: AbortSignal | undefined): AsyncIterable<WatchEvent> {
  return { [Symbol.asyncIterator]: () => new WatchIterator(stream, signal) };
}

class WatchIterator implements AsyncIterator<WatchEvent> {
  readonly #signal: AbortSignal | undefined;
  readonly #stop: () => void;
  readonly #onAbort = (): void => this.#finish();
  #queue: WatchEvent[] = [];
  #head = 0;
  #isDone = false;
  #waiting: ((result: IteratorResult<WatchEvent>) => void) | undefined;

  constructor(stream: WatchStream, signal: AbortSignal | undefined) {
    this.#signal = signal;
    if (signal?.aborted) {
      this.#isDone = true;
      this.#stop = () => undefined;
      return;
    }
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#stop = stream.start({ event: (event) => this.#push(event), end: () => this.#end() });
  }

  #push(event: WatchEvent): boolean {
    if (this.#isDone) return false;
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting({ done: false, value: event });
      return true;
    }
    if (this.#queue.length - this.#head >= MAX_QUEUED) return false;
    this.#queue.push(event);
    return true;
  }

  #end(): void {
    this.#isDone = true;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    if (this.#head === this.#queue.length) this.#waiting?.({ done: true, value: undefined });
    this.#waiting = undefined;
  }

  #finish(): void {
    if (!this.#isDone) this.#stop();
    this.#queue = [];
    this.#head = 0;
    this.#end();
  }

  next(): Promise<IteratorResult<WatchEvent>> {
    const event = this.#queue[this.#head];
    if (event !== undefined) {
      this.#head++;
      if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      return Promise.resolve({ done: false, value: event });
    }
    if (this.#isDone) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<WatchEvent>> {
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }
}
