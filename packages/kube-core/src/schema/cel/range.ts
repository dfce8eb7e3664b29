// SPDX-License-Identifier: Apache-2.0

/** The least and the most of a cost or a size. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const MAX = 2 ** 64;

/** Nothing is known. */
export const UNKNOWN: Range = { min: 0, max: MAX };

export function fixed(value: number): Range {
  return { min: value, max: value };
}

export function add(left: Range, right: Range): Range {
  return { min: Math.min(left.min + right.min, MAX), max: Math.min(left.max + right.max, MAX) };
}

export function multiply(left: Range, right: Range): Range {
  return { min: product(left.min, right.min), max: product(left.max, right.max) };
}

function product(left: number, right: number): number {
  return left === 0 || right === 0 ? 0 : Math.min(left * right, MAX);
}

/** Rounded up. */
export function scale(range: Range, factor: number): Range {
  return { min: Math.min(Math.ceil(range.min * factor), MAX), max: Math.min(Math.ceil(range.max * factor), MAX) };
}

export function union(left: Range, right: Range): Range {
  return { min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
}
