// SPDX-License-Identifier: Apache-2.0

/** Time as a port: real in production, turned by hand in tests. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. Never calls back before it has returned. */
  after(ms: number, callback: () => void): () => void;
}

/** Resolves after `ms`. @throws the signal's reason when it aborts first */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const abort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** `2026-11-24T09:30:00Z`: Kubernetes' own times have whole seconds. */
export function toTimestamp(ms: number): string {
  const text = new Date(ms).toISOString();
  return `${text.slice(0, text.length - 5)}Z`;
}
