// SPDX-License-Identifier: Apache-2.0

const ATOM = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+/u;
const DOT_ATOM = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+)*/u;
// oxlint-disable-next-line no-control-regex
const QUOTED = /^"(?:[^"\\\u0000-\u0008\u000a-\u001f\u007f]|\\[^\u0000-\u0008\u000a-\u001f])*"/u;
const DOMAIN_LITERAL = /^\[[^[\]\\\s]+\]/u;

/** Whether the text is one address, with or without a display name: `a@b`, `Ann <a@b>`, `"A. N." <a@b>`. @see Go net/mail.ParseAddress */
export function isEmailAddress(text: string): boolean {
  const trimmed = skipSpace(text);
  const plain = afterAddress(trimmed);
  if (plain !== undefined) return isEnd(plain);
  let rest: string | undefined = trimmed;
  while (rest !== undefined && !rest.startsWith("<")) rest = afterWord(rest);
  if (rest === undefined) return false;
  const inside = afterAddress(skipSpace(rest.slice(1)));
  return inside !== undefined && inside.startsWith(">") && isEnd(inside.slice(1));
}

function afterAddress(text: string): string | undefined {
  const local = QUOTED.exec(text) ?? DOT_ATOM.exec(text);
  if (local === null || (local[0] === '""' && !text.startsWith('""@'))) return undefined;
  const at = skipSpace(text.slice(local[0].length));
  if (!at.startsWith("@")) return undefined;
  const after = skipSpace(at.slice(1));
  const domain = DOMAIN_LITERAL.exec(after) ?? DOT_ATOM.exec(after);
  return domain === null ? undefined : skipSpace(after.slice(domain[0].length));
}

function afterWord(text: string): string | undefined {
  const word = QUOTED.exec(text) ?? DOT_ATOM.exec(text) ?? ATOM.exec(text);
  return word === null ? undefined : skipSpace(text.slice(word[0].length));
}

/** Spaces and, at the end, comments in parentheses. */
function skipSpace(text: string): string {
  return text.replace(/^[ \t]+/, "");
}

function isEnd(text: string): boolean {
  return /^[ \t]*(?:\([^()\\]*\)[ \t]*)*$/.test(text);
}
