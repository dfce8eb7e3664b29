// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "@flux-ts/kube-core";

/** The real time. Waits longer than setTimeout can hold (24.8 days) are made of several. */
export function systemClock(): Clock {
  const longest = 2 ** 31 - 1;
  return {
    now: () => Date.now(),
    after(ms, callback) {
      let timer: NodeJS.Timeout;
      const arm = (left: number): void => {
        timer = setTimeout(() => (left > longest ? arm(left - longest) : callback()), Math.min(Math.max(left, 0), longest));
      };
      arm(ms);
      return () => clearTimeout(timer);
    },
  };
}
