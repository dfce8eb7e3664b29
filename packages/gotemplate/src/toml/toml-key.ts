// SPDX-License-Identifier: Apache-2.0

const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

/** A string of TOML, in double quotes. */
export function quoteToml(text: string): string {
  return `"${text.replace(/["\\\u0000-\u001f\u007f]/g, (char) => ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

/** A part of a key, quoted where it has to be. */
export function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoteToml(key);
}

/** A key of several parts: `a."b c"`. */
export function dottedKey(parts: readonly string[]): string {
  return parts.map(keyText).join(".");
}
