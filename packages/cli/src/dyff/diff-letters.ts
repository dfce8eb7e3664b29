// SPDX-License-Identifier: Apache-2.0

/** A piece of two texts: in both, or in one. */
export interface Edit {
  readonly kind: "equal" | "insert" | "delete";
  readonly text: string;
}

/** Texts that differ in more letters are not compared letter by letter. */
const MAX_LETTERS = 4;

/**
 * What changed between two texts that differ in no more than four letters, gone and new ones counted together; nothing when they
 * differ in more.
 *
 * @see homeport/dyff v1.10.2 isMinorChange
 */
export function diffLetters(from: string, to: string): readonly Edit[] {
  const [old, now] = [[...from], [...to]];
  // Furthest places reached with so many letters changed, by how far the second text is ahead, and how each was reached.
  let reached = new Map<number, readonly Edit[]>([[0, []]]);
  for (let changed = 0; changed <= MAX_LETTERS; changed += 1) {
    const next = new Map<number, readonly Edit[]>();
    for (const [ahead, edits] of reached) {
      let at = lengthIn(edits, "insert");
      const walked = [...edits];
      while (at < old.length && at + ahead < now.length && old[at] === now[at + ahead])
        walked.push({ kind: "equal", text: old[at++] ?? "" });
      if (at === old.length && at + ahead === now.length) return joined(walked);
      if (at < old.length) keep(next, ahead - 1, [...walked, { kind: "delete", text: old[at] ?? "" }]);
      if (at + ahead < now.length) keep(next, ahead + 1, [...walked, { kind: "insert", text: now[at + ahead] ?? "" }]);
    }
    reached = next;
  }
  return [];
}

/** Of two ways to a place the one that has come further counts. */
function keep(ways: Map<number, readonly Edit[]>, ahead: number, edits: readonly Edit[]): void {
  const known = ways.get(ahead);
  if (known === undefined || lengthIn(edits, "insert") > lengthIn(known, "insert")) ways.set(ahead, edits);
}

/** How many letters of the first text are behind. */
function lengthIn(edits: readonly Edit[], other: "insert" | "delete"): number {
  return edits.filter(({ kind }) => kind !== other).length;
}

/** Letters of one kind in one piece, and what is gone before what is new. */
function joined(letters: readonly Edit[]): readonly Edit[] {
  const pieces: Edit[] = [];
  let [gone, fresh, same] = ["", "", ""];
  const flush = (): void => {
    if (gone !== "") pieces.push({ kind: "delete", text: gone });
    if (fresh !== "") pieces.push({ kind: "insert", text: fresh });
    [gone, fresh] = ["", ""];
  };
  for (const { kind, text } of letters) {
    if (kind === "equal") {
      flush();
      same += text;
      continue;
    }
    if (same !== "") pieces.push({ kind: "equal", text: same });
    same = "";
    if (kind === "delete") gone += text;
    else fresh += text;
  }
  flush();
  if (same !== "") pieces.push({ kind: "equal", text: same });
  return pieces;
}
