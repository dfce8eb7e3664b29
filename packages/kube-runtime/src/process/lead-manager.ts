// SPDX-License-Identifier: Apache-2.0
import type { Leadership } from "../leader/leader-elector.ts";
import type { Manager } from "../manager.ts";

/** What is started, and how leases are had. */
export interface LeadOptions {
  readonly manager: Manager;
  /** Waits for the lease of a component; undefined when it runs without election. Rejects when the signal aborts. */
  readonly acquire: (component: string, signal: AbortSignal) => Promise<Leadership> | undefined;
  /** A lease was lost: somebody else may work now, so that the process must end at once. */
  readonly onLost: (component: string, reason: unknown) => void;
}

/** A manager whose components start as their leases come. */
export interface LedManager {
  /** Whether all components that lead have read what they watch. Standing by is being ready, stopping is not. */
  readonly isReady: boolean;
  readonly leading: readonly string[];
  /**
   * Ends in order: no readiness, no new work, running work may finish within the time and is broken off then; leases
   * are given back last, when nothing of ours can write any more.
   */
  stop(graceMs?: number): Promise<void>;
}

/** Starts every component of a manager as soon as its lease is ours. */
export function leadManager(options: LeadOptions): LedManager {
  const { manager, acquire, onLost } = options;
  const stopping = new AbortController();
  const led = new Map<string, Leadership | undefined>();

  const lead = async (component: string): Promise<void> => {
    const leadership = await acquire(component, stopping.signal);
    led.set(component, leadership);
    leadership?.signal.addEventListener("abort", () => {
      if (!stopping.signal.aborted) onLost(component, leadership.signal.reason);
    });
    await manager.start(component);
  };
  const started = manager.components.map((component) =>
    lead(component).catch((error: unknown) => {
      if (!stopping.signal.aborted) onLost(component, error);
    }),
  );

  return {
    get isReady() {
      return !stopping.signal.aborted && (led.size === 0 || manager.isReady);
    },
    get leading() {
      return [...led.keys()];
    },
    async stop(graceMs = 30_000) {
      stopping.abort(new Error("the controllers are stopped"));
      await manager.stop(graceMs);
      await Promise.all(started);
      await Promise.all([...led.values()].map(async (leadership) => leadership?.release()));
    },
  };
}
