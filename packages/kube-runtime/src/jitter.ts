// SPDX-License-Identifier: Apache-2.0

/** An interval ± a share of it, so that objects made together do not stay together. `percent` is 0 to 99, `random` 0 to 1. */
export function jittered(intervalMs: number, percent: number, random: number): number {
  return Math.round(intervalMs * (1 + (percent / 100) * (2 * random - 1)));
}
