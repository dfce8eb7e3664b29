// SPDX-License-Identifier: Apache-2.0

/** `0,3-5,7` as the numbers it means, those below `completions` only; parts that are none are ignored. @see job parseIndexesFromString */
export function parseIndexes(text: string | undefined, completions: number): ReadonlySet<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? "").split(",")) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined) continue;
    for (let index = Number(first); index <= Math.min(Number(last), completions - 1); index += 1) indexes.add(index);
  }
  return indexes;
}

/** The inverse: ascending, runs of two as `1,2`, longer ones as `1-3`. @see job orderedIntervals.String */
export function formatIndexes(indexes: Iterable<number>): string {
  const runs: [number, number][] = [];
  for (const index of [...indexes].toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else if (run?.[1] !== index) runs.push([index, index]);
  }
  return runs
    .map(([first, last]) => (first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`))
    .join(",");
}

/** The first so many indexes that are in none of the sets. */
export function firstPending(count: number, completions: number, taken: readonly ReadonlySet<number>[]): readonly number[] {
  const pending: number[] = [];
  for (let index = 0; index < completions && pending.length < count; index += 1) {
    if (!taken.some((set) => set.has(index))) pending.push(index);
  }
  return pending;
}
