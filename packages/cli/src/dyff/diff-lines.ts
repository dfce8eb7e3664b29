// SPDX-License-Identifier: Apache-2.0

/** Lines that stand only in one of two texts, one after the other. */
export interface Hunk {
  readonly kind: "insert" | "delete";
  readonly lines: readonly string[];
}

/** Texts with more pairs of lines to compare are told as a whole. */
const MAX_PAIRS = 4_000_000;

/** What changed between two texts, line by line; where both changed, what is gone comes first. */
export function diffLines(from: string, to: string): readonly Hunk[] {
  const [old, now] = [linesOf(from), linesOf(to)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return diffMiddle(old.slice(start, old.length - end), now.slice(start, now.length - end));
}

function linesOf(text: string): readonly string[] {
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function diffMiddle(old: readonly string[], now: readonly string[]): readonly Hunk[] {
  const common = old.length * now.length > MAX_PAIRS ? [] : longestCommon(old, now);
  const hunks: Hunk[] = [];
  let [i, j] = [0, 0];
  for (const [nextOld, nextNow] of [...common, [old.length, now.length] as const]) {
    if (nextOld > i) hunks.push({ kind: "delete", lines: old.slice(i, nextOld) });
    if (nextNow > j) hunks.push({ kind: "insert", lines: now.slice(j, nextNow) });
    [i, j] = [nextOld + 1, nextNow + 1];
  }
  return hunks;
}

/** Pairs of indexes of a longest common subsequence. */
function longestCommon(old: readonly string[], now: readonly string[]): readonly (readonly [number, number])[] {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const [below, right, diagonal] = [
        lengths[(i + 1) * width + j] ?? 0,
        lengths[i * width + j + 1] ?? 0,
        lengths[(i + 1) * width + j + 1] ?? 0,
      ];
      lengths[i * width + j] = old[i] === now[j] ? diagonal + 1 : Math.max(below, right);
    }
  }
  const pairs: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return pairs;
}
