// SPDX-License-Identifier: Apache-2.0

/**
 * An interval ± a share of it, so that objects made together do not stay together. Whole milliseconds: 0 only for an
 * interval of 0, or less.
 *
 * @param percent 0 to 99
 * @param random 0 to 1
 */
export function jittered(intervalMs: number, percent: number, random: number): number {
  if (intervalMs <= 0) return 0;
  return Math.max(1, Math.round(intervalMs * (1 + (percent / 100) * (2 * random - 1))));
}
