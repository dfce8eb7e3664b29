// SPDX-License-Identifier: Apache-2.0
import { SubstituteError } from "./substitute-error.ts";

/** Bound of the work of one match, in comparisons: enough for a megabyte against any sensible pattern. */
const MAX_STEPS = 20_000_000;

type Token =
  | { readonly literal: string }
  | { readonly any: true }
  | { readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

/** What stands between stars. `isStarred`: a star comes before it. */
interface Chunk {
  readonly isStarred: boolean;
  readonly tokens: readonly Token[];
}

/**
 * The length, in characters (code points), of the longest or the shortest non-empty beginning of `text` that the
 * pattern matches whole; 0 when there is none or the pattern is malformed.
 *
 * Patterns: `*` any characters (slashes too), `?` one, `[a-z]` `[^a-z]` one of a class, `\` takes the next as it is.
 *
 * @throws {SubstituteError} TOO_COMPLEX
 * @see fluxcd/pkg envsubst/path
 */
export function matchPrefix(pattern: readonly string[], text: readonly string[], which: "longest" | "shortest"): number {
  const chunks = parsePattern(pattern);
  if (chunks === undefined || chunks.length === 0) return 0;
  const budget = { steps: MAX_STEPS };
  const last = chunks.length - 1;
  let end = 0;
  for (const [index, chunk] of chunks.entries()) {
    if (index === last && which === "longest" && chunk.isStarred) {
      if (chunk.tokens.length === 0) return text.length;
      return findLast(chunk.tokens, text, end, budget);
    }
    const found = chunk.isStarred ? findFirst(chunk.tokens, text, end, budget) : matchesAt(chunk.tokens, text, end, budget) ? end : -1;
    if (found < 0) return 0;
    end = found + chunk.tokens.length;
  }
  if (end > 0) return end;
  // Only stars: nothing at all matches, but the shortest beginning that is asked for has one character.
  return text.length > 0 ? 1 : 0;
}

function findFirst(tokens: readonly Token[], text: readonly string[], from: number, budget: { steps: number }): number {
  for (let at = from; at + tokens.length <= text.length; at += 1) if (matchesAt(tokens, text, at, budget)) return at;
  return -1;
}

/** Where the last match ends; 0 when there is none at or after `from`. */
function findLast(tokens: readonly Token[], text: readonly string[], from: number, budget: { steps: number }): number {
  for (let at = text.length - tokens.length; at >= from; at -= 1) if (matchesAt(tokens, text, at, budget)) return at + tokens.length;
  return 0;
}

function matchesAt(tokens: readonly Token[], text: readonly string[], at: number, budget: { steps: number }): boolean {
  if (at + tokens.length > text.length) return false;
  for (const [index, token] of tokens.entries()) {
    budget.steps -= 1;
    if (budget.steps < 0) throw new SubstituteError("TOO_COMPLEX", "a trim pattern takes too long to match: make it or the value shorter");
    const character = text[at + index] ?? "";
    if ("literal" in token ? token.literal !== character : !("any" in token) && isInClass(token.ranges, character) === token.negated)
      return false;
  }
  return true;
}

function isInClass(ranges: readonly (readonly [number, number])[], character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return ranges.some(([low, high]) => low <= code && code <= high);
}

/** Undefined: malformed. */
function parsePattern(pattern: readonly string[]): readonly Chunk[] | undefined {
  const chunks: { isStarred: boolean; tokens: Token[] }[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? "";
    at += 1;
    if (character === "*") {
      const open = chunks.at(-1);
      if (open === undefined || !open.isStarred || open.tokens.length > 0) chunks.push({ isStarred: true, tokens: [] });
      continue;
    }
    if (chunks.length === 0) chunks.push({ isStarred: false, tokens: [] });
    const tokens = chunks.at(-1)?.tokens ?? [];
    if (character === "?") tokens.push({ any: true });
    else if (character === "[") {
      const parsed = parseClass(pattern, at);
      if (parsed === undefined) return undefined;
      tokens.push(parsed.token);
      at = parsed.end;
    } else if (character === "\\") {
      if (at >= pattern.length) return undefined;
      tokens.push({ literal: pattern[at] ?? "" });
      at += 1;
    } else tokens.push({ literal: character });
  }
  return chunks;
}

function parseClass(pattern: readonly string[], start: number): { token: Token; end: number } | undefined {
  let at = start;
  const negated = pattern[at] === "^";
  if (negated) at += 1;
  const ranges: [number, number][] = [];
  const one = (): number | undefined => {
    let character = pattern[at];
    if (character === undefined || character === "-" || character === "]") return undefined;
    at += 1;
    if (character === "\\") {
      character = pattern[at];
      at += 1;
    }
    return at < pattern.length ? character?.codePointAt(0) : undefined;
  };
  for (;;) {
    if (pattern[at] === "]" && ranges.length > 0) return { token: { negated, ranges }, end: at + 1 };
    const low = one();
    if (low === undefined) return undefined;
    let high: number | undefined = low;
    if (pattern[at] === "-") {
      at += 1;
      high = one();
      if (high === undefined) return undefined;
    }
    ranges.push([low, high]);
  }
}
