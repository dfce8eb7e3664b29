// SPDX-License-Identifier: Apache-2.0

/** Tests one name (no slash in it) against a shell pattern. */
export type NameMatcher = (name: string) => boolean;

type Token = { readonly kind: "char"; readonly char: string } | { readonly kind: "any" } | { readonly kind: "star" } | CharacterClass;

interface CharacterClass {
  readonly kind: "class";
  readonly negated: boolean;
  readonly ranges: readonly (readonly [string, string])[];
}

/**
 * Compiles `*`, `?`, `[a-z]`, `[^a]` and backslash escapes. A malformed pattern matches nothing. Matching takes at most the
 * length of the pattern times the length of the name, whatever the pattern.
 *
 * @see Go path/filepath Match
 */
export function compileGlob(pattern: string): NameMatcher {
  if (!/[*?[\\]/.test(pattern)) return (name) => name === pattern;
  if (pattern === "*") return () => true;
  const suffix = /^\*([^*?[\\]+)$/.exec(pattern)?.[1];
  if (suffix !== undefined) return (name) => name.endsWith(suffix);
  const tokens = tokenize(Array.from(pattern));
  return tokens === undefined ? () => false : (name) => matchTokens(tokens, Array.from(name));
}

/** Goes back to the last star only: an earlier one has nothing better to offer. */
function matchTokens(tokens: readonly Token[], name: readonly string[]): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < name.length) {
    const token = tokens[at];
    if (token?.kind === "star") {
      star = at++;
      resume = position;
    } else if (token !== undefined && matchesOne(token, name[position] ?? "")) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else {
      return false;
    }
  }
  while (tokens[at]?.kind === "star") at++;
  return at === tokens.length;
}

function matchesOne(token: Token, char: string): boolean {
  switch (token.kind) {
    case "char":
      return token.char === char;
    case "any":
      return true;
    case "star":
      return false;
    case "class":
      return token.ranges.some(([low, high]) => codeOf(low) <= codeOf(char) && codeOf(char) <= codeOf(high)) !== token.negated;
  }
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

function tokenize(chars: readonly string[]): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? "";
    if (char === "*") tokens.push({ kind: "star" });
    else if (char === "?") tokens.push({ kind: "any" });
    else if (char === "[") {
      const found = readClass(chars, at + 1);
      if (found === undefined) return undefined;
      tokens.push(found.token);
      at = found.end;
    } else if (char === "\\") {
      const escaped = chars[++at];
      if (escaped === undefined) return undefined;
      tokens.push({ kind: "char", char: escaped });
    } else tokens.push({ kind: "char", char });
  }
  return tokens;
}

/** Reads after the opening bracket; `end` is where the closing one stands. */
function readClass(chars: readonly string[], start: number): { readonly token: CharacterClass; readonly end: number } | undefined {
  const negated = chars[start] === "^";
  const ranges: [string, string][] = [];
  let at = negated ? start + 1 : start;
  const one = (): string | undefined => {
    const char = chars[at];
    if (char === undefined || char === "-" || char === "]") return undefined;
    at++;
    return char === "\\" ? chars[at++] : char;
  };
  while (chars[at] !== "]" || ranges.length === 0) {
    const low = one();
    if (low === undefined) return undefined;
    let high: string | undefined = low;
    if (chars[at] === "-") {
      at++;
      high = one();
    }
    if (high === undefined) return undefined;
    ranges.push([low, high]);
  }
  return { token: { kind: "class", negated, ranges }, end: at };
}
