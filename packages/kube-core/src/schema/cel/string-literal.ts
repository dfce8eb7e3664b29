// SPDX-License-Identifier: Apache-2.0

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "`": "`",
  "?": "?",
};

const ESCAPE = /\\(?:x([\da-fA-F]{2})|X([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|([\s\S]))/g;

/**
 * The text or bytes of a literal with prefix and quotes.
 *
 * @returns undefined when an escape is not valid
 * @see cel-go parser/unescape.go
 */
export function unquoteLiteral(literal: string): string | Uint8Array | undefined {
  const prefix = /^[a-z]*/i.exec(literal)?.[0] ?? "";
  const quoted = literal.slice(prefix.length);
  const width = quoted.startsWith('"""') || quoted.startsWith("'''") ? 3 : 1;
  const inner = quoted.slice(width, -width).replaceAll(/\r\n?/g, "\n");
  const isBytes = /b/i.test(prefix);
  if (/r/i.test(prefix)) return isBytes ? new TextEncoder().encode(inner) : inner;
  return isBytes ? unescapeBytes(inner) : unescapeText(inner);
}

function unescapeText(text: string): string | undefined {
  let isValid = true;
  const unescaped = text.replaceAll(ESCAPE, (_, x, bigX, u, bigU, octal, simple) => {
    const hex: string | undefined = x ?? bigX ?? u ?? bigU;
    const point = hex === undefined ? (octal === undefined ? undefined : Number.parseInt(octal, 8)) : Number.parseInt(hex, 16);
    if (point === undefined) {
      isValid &&= Object.hasOwn(SIMPLE, simple);
      return SIMPLE[simple] ?? "";
    }
    const isPoint = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    isValid &&= isPoint;
    return isPoint ? String.fromCodePoint(point) : "";
  });
  return isValid && !endsInEscape(text) ? unescaped : undefined;
}

function endsInEscape(text: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\\$/.test(text);
}

/** In bytes, `\x` and octal escapes are bytes, not characters; `\u` is not allowed. */
function unescapeBytes(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let at = 0;
  for (const match of text.matchAll(ESCAPE)) {
    bytes.push(...encoder.encode(text.slice(at, match.index)));
    at = match.index + match[0].length;
    const [, x, bigX, u, bigU, octal, simple = ""] = match;
    const hex = x ?? bigX;
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (u === undefined && bigU === undefined && Object.hasOwn(SIMPLE, simple)) bytes.push(...encoder.encode(SIMPLE[simple]));
    else return undefined;
  }
  bytes.push(...encoder.encode(text.slice(at)));
  return endsInEscape(text) ? undefined : Uint8Array.from(bytes);
}
