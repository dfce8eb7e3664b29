// SPDX-License-Identifier: Apache-2.0
import { stringifyJson, type JsonObject } from "@flux-ts/kube-core";

const CONTEXT = 3;
const MAX_LINES = 5000;

type Step = readonly [kind: "equal" | "delete" | "insert" | "replace", aFrom: number, aTo: number, bFrom: number, bTo: number];

/** How two values differ, as messages show it: a unified diff of their JSON, indented by one. @see apimachinery util/diff Diff */
export function diffValues(before: JsonObject, after: JsonObject): string {
  const [a, b] = [linesOf(before), linesOf(after)];
  if (a.length > MAX_LINES || b.length > MAX_LINES) return "";
  return hunks(steps(a, b))
    .map((hunk) => writeHunk(hunk, a, b))
    .join("");
}

function linesOf(value: JsonObject): string[] {
  // Through the server's own JSON, so that numbers are written as Go writes them.
  const text = JSON.stringify(JSON.parse(stringifyJson(value)), null, 1);
  return text.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026").split("\n");
}

/** The longest common runs, first the longest of all, then those on its left and right. @see Python difflib SequenceMatcher */
function matches(a: readonly string[], b: readonly string[]): readonly (readonly [number, number, number])[] {
  const places = new Map<string, number[]>();
  b.forEach((line, index) => void (places.get(line)?.push(index) ?? places.set(line, [index])));
  const found: [number, number, number][] = [];
  const queue: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let range = queue.pop(); range; range = queue.pop()) {
    const [aLow, aHigh, bLow, bHigh] = range;
    let best: [number, number, number] = [aLow, bLow, 0];
    let lengths = new Map<number, number>();
    for (let i = aLow; i < aHigh; i++) {
      const next = new Map<number, number>();
      for (const j of places.get(a[i] ?? "") ?? []) {
        if (j < bLow) continue;
        if (j >= bHigh) break;
        const length = (lengths.get(j - 1) ?? 0) + 1;
        next.set(j, length);
        if (length > best[2]) best = [i - length + 1, j - length + 1, length];
      }
      lengths = next;
    }
    const [i, j, length] = best;
    if (length === 0) continue;
    found.push(best);
    queue.push([aLow, i, bLow, j], [i + length, aHigh, j + length, bHigh]);
  }
  return found.sort((left, right) => left[0] - right[0] || left[1] - right[1]);
}

function steps(a: readonly string[], b: readonly string[]): readonly Step[] {
  const all: Step[] = [];
  let [i, j] = [0, 0];
  for (const [ai, bj, length] of [...matches(a, b), [a.length, b.length, 0] as const]) {
    if (i < ai && j < bj) all.push(["replace", i, ai, j, bj]);
    else if (i < ai) all.push(["delete", i, ai, j, bj]);
    else if (j < bj) all.push(["insert", i, ai, j, bj]);
    if (length > 0) all.push(["equal", ai, ai + length, bj, bj + length]);
    [i, j] = [ai + length, bj + length];
  }
  return all;
}

/** Changes that are near each other, with a few equal lines around. */
function hunks(all: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = [];
  let group: Step[] = [];
  all.forEach(([kind, aFrom, aTo, bFrom, bTo], index) => {
    if (kind !== "equal") return void group.push([kind, aFrom, aTo, bFrom, bTo]);
    const [isFirst, isLast] = [index === 0, index === all.length - 1];
    if (isFirst) return void group.push([kind, Math.max(aFrom, aTo - CONTEXT), aTo, Math.max(bFrom, bTo - CONTEXT), bTo]);
    if (isLast || aTo - aFrom > 2 * CONTEXT) {
      group.push([kind, aFrom, Math.min(aTo, aFrom + CONTEXT), bFrom, Math.min(bTo, bFrom + CONTEXT)]);
      if (isLast) return;
      groups.push(group);
      group = [[kind, Math.max(aFrom, aTo - CONTEXT), aTo, Math.max(bFrom, bTo - CONTEXT), bTo]];
    } else group.push([kind, aFrom, aTo, bFrom, bTo]);
  });
  if (group.some(([kind]) => kind !== "equal")) groups.push(group);
  return groups;
}

function writeHunk(hunk: readonly Step[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (!first || !last) return "";
  let text = `@@ -${range(first[1], last[2])} +${range(first[3], last[4])} @@\n`;
  for (const [kind, aFrom, aTo, bFrom, bTo] of hunk) {
    if (kind === "equal") for (const line of a.slice(aFrom, aTo)) text += ` ${line}\n`;
    if (kind === "replace" || kind === "delete") for (const line of a.slice(aFrom, aTo)) text += `-${line}\n`;
    if (kind === "replace" || kind === "insert") for (const line of b.slice(bFrom, bTo)) text += `+${line}\n`;
  }
  return text;
}

function range(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return String(from + 1);
  return length === 0 ? `${from},0` : `${from + 1},${length}`;
}
