// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";

/** Real time, which the replayer waits by. */
export const wallClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
