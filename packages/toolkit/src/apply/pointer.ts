// SPDX-License-Identifier: Apache-2.0

// JSON pointers (RFC 6901) on values that are never changed: each function returns a new value that shares the rest.

/** The value at a pointer; undefined when there is none. `""` is the whole document. */
export function getAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of tokensOf(pointer)) {
    const key = keyIn(value, token);
    if (key === undefined) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return value;
}

/** The document without the value at a pointer; the document itself when there is none. */
export function removeAt(document: unknown, pointer: string): unknown {
  return change(document, tokensOf(pointer), () => undefined);
}

/** The document with another value at a pointer; the document itself when there is nothing to replace. */
export function replaceAt(document: unknown, pointer: string, value: unknown): unknown {
  return change(document, tokensOf(pointer), () => value);
}

function change(value: unknown, tokens: readonly string[], to: () => unknown): unknown {
  const [first, ...rest] = tokens;
  if (first === undefined) return to();
  const key = keyIn(value, first);
  if (key === undefined) return value;
  if (Array.isArray(value)) {
    const changed = change(value[Number(key)], rest, to);
    return changed === undefined ? value.toSpliced(Number(key), 1) : value.with(Number(key), changed);
  }
  const object = value as Readonly<Record<string, unknown>>;
  const changed = change(object[key], rest, to);
  // A spread keeps a key named __proto__ a plain key.
  const copy = { ...object };
  if (changed === undefined) delete copy[key];
  else Object.defineProperty(copy, key, { value: changed, writable: true, enumerable: true, configurable: true });
  return copy;
}

/** Negative indexes count from the end, as upstream's patches let them. */
function keyIn(value: unknown, token: string): string | number | undefined {
  if (Array.isArray(value)) {
    if (!/^-?[0-9]+$/.test(token)) return undefined;
    const index = Number(token) < 0 ? value.length + Number(token) : Number(token);
    return index >= 0 && index < value.length ? index : undefined;
  }
  return typeof value === "object" && value !== null && Object.hasOwn(value, token) ? token : undefined;
}

function tokensOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
