// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";

/** The longest that one timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Real time, which the replayer waits by. */
export const wallClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const end = Date.now() + ms;
    const wait = (): NodeJS.Timeout => {
      const rest = end - Date.now();
      return setTimeout(() => (rest > MAX_TIMER_MS ? (timer = wait()) : callback()), Math.min(rest, MAX_TIMER_MS)).unref();
    };
    let timer = wait();
    return () => clearTimeout(timer);
  },
};
