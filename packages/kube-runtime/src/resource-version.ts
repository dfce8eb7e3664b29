// SPDX-License-Identifier: Apache-2.0

const decimal = /^[1-9]\d*$/;

/**
 * Whether `a` is newer than `b`: resource versions are decimal numbers that only grow. One that is not a number is
 * taken as newer, so that nothing is missed.
 */
export function isNewer(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return false;
  if (a === undefined || b === undefined || !decimal.test(a) || !decimal.test(b)) return true;
  return a.length === b.length ? a > b : a.length > b.length;
}
