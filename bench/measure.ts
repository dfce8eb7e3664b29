// SPDX-License-Identifier: Apache-2.0

/** One figure of a bench, and what it is to be held against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `at most` or `at least` this. */
  readonly target?: { readonly is: "at most" | "at least"; readonly value: number };
  readonly note?: string;
}

export interface Bench {
  readonly name: string;
  run(): Promise<readonly Figure[]>;
}

/** The middle one; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Milliseconds of a monotonic clock. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = nowMs();
  await work();
  return nowMs() - begun;
}

/** Runs `count` pieces of work, so many at a time. */
export async function inFlight(count: number, width: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(width, count) }, async () => {
      for (let index = next++; index < count; index = next++) await work(index);
    }),
  );
}

export function meets({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return target.is === "at most" ? value <= target.value : value >= target.value;
}
