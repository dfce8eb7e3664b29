// SPDX-License-Identifier: Apache-2.0
import { HelmError } from "../helm-error.ts";

function bad(): never {
  throw new HelmError("CHART", "syntax error in pattern");
}

/** A piece of a pattern: text, any character, a class of characters, or any number of them. */
type Piece = { readonly kind: "one"; readonly test: (char: string) => boolean } | { readonly kind: "star" };

/**
 * Compiles a shell pattern as Go's path.Match: `*` and `?` do not match `/`, `[a-z]` and `[^a-z]` are classes, `\` takes
 * the next character as it is. Matching takes no more than length of pattern times length of text.
 *
 * @throws {HelmError} CHART `syntax error in pattern`
 */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  const pieces = parsePattern(Array.from(pattern));
  return (path) => matches(pieces, Array.from(path));
}

function parsePattern(chars: readonly string[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at++] ?? "";
    if (char === "*") {
      if (pieces.at(-1)?.kind !== "star") pieces.push({ kind: "star" });
    } else if (char === "?") {
      pieces.push({ kind: "one", test: (other) => other !== "/" });
    } else if (char === "[") {
      const [test, end] = parseClass(chars, at);
      pieces.push({ kind: "one", test });
      at = end;
    } else {
      const literal = char === "\\" ? (chars[at++] ?? bad()) : char;
      pieces.push({ kind: "one", test: (other) => other === literal });
    }
  }
  return pieces;
}

function parseClass(chars: readonly string[], start: number): [(char: string) => boolean, number] {
  let at = start;
  const isNegated = chars[at] === "^";
  if (isNegated) at++;
  const ranges: [number, number][] = [];
  const next = (): number => {
    let char = chars[at++] ?? bad();
    if (char === "-" || char === "]") bad();
    if (char === "\\") char = chars[at++] ?? bad();
    if (at >= chars.length) bad();
    return char.codePointAt(0) ?? 0;
  };
  while (!(chars[at] === "]" && ranges.length > 0)) {
    const low = next();
    let high = low;
    if (chars[at] === "-") {
      at++;
      high = next();
    }
    ranges.push([low, high]);
  }
  const test = (char: string): boolean => {
    const code = char.codePointAt(0) ?? 0;
    return ranges.some(([low, high]) => low <= code && code <= high) !== isNegated;
  };
  return [test, at + 1];
}

function matches(pieces: readonly Piece[], path: readonly string[]): boolean {
  let piece = 0;
  let at = 0;
  let star = -1;
  let mark = 0;
  while (at < path.length) {
    const current = pieces[piece];
    if (current?.kind === "star") {
      star = piece++;
      mark = at;
    } else if (current !== undefined && current.test(path[at] ?? "")) {
      piece++;
      at++;
    } else if (star >= 0 && path[mark] !== "/") {
      piece = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pieces[piece]?.kind === "star") piece++;
  return piece === pieces.length;
}
