// SPDX-License-Identifier: Apache-2.0
import { childPath, elementPath } from "./field-error.ts";
import type { Schema } from "./schema.ts";

export interface FieldPath {
  /** As errors show it: `.spec.a` → `spec.a`; a key of a map in brackets. */
  readonly path: string;
  readonly schema: Schema;
}

/**
 * Follows `.a.b['c']` through a schema.
 *
 * @returns what is wrong, or the path and the schema that it ends at
 * @see apiextensions-apiserver pkg/apiserver/schema/cel ValidFieldPath
 */
export function resolveFieldPath(text: string, schema: Schema, { brackets = true } = {}): FieldPath | string {
  const tokens = tokensOf(text);
  let at: FieldPath = { path: "", schema };
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? "";
    if (token !== "." && token !== "[") return `expected [ or . but got: ${token}`;
    if (token === "[" && !brackets) return "array notation is not allowed";
    const next = tokens[++index];
    if (next === undefined) return "unexpected end of JSON path";
    let name = next;
    if (token === "[") {
      if (next.length < 2 || !next.startsWith("'") || !next.endsWith("'")) return `expected single quoted string but got ${next}`;
      const unescaped = unescapeName(next.slice(1, -1));
      if (typeof unescaped !== "string") return `invalid string literal: invalid escape char ${unescaped.invalid}`;
      name = unescaped;
    }
    const step = follow(at, name);
    if (step === undefined) return "does not refer to a valid field";
    at = step;
    if (token === "[") {
      const end = tokens[++index];
      if (end === undefined) return "unexpected end of JSON path";
      if (end !== "]") return `expected ] but got ${end}`;
    }
  }
  return at;
}

function follow({ path, schema }: FieldPath, name: string): FieldPath | undefined {
  if (schema.properties !== undefined) {
    const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    return property === undefined ? undefined : { path: childPath(path, name), schema: property };
  }
  const { additionalProperties } = schema;
  return typeof additionalProperties === "object" ? { path: elementPath(path, name), schema: additionalProperties } : undefined;
}

/** `.`, `[`, `]`, quoted strings with their quotes, and what stands between. */
function tokensOf(text: string): string[] {
  return text.match(/[.[\]]|'(?:[^'\\]|\\[\s\S])*'|[^.[\]']+|'[\s\S]*/g) ?? [];
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "'": "'",
  "\\": "\\",
};

function unescapeName(text: string): string | { readonly invalid: string } {
  let invalid: string | undefined;
  const unescaped = text.replaceAll(/\\[^\n]/g, (match) => {
    const escape = match.slice(1);
    if (!Object.hasOwn(ESCAPES, escape)) invalid ??= match;
    return ESCAPES[escape] ?? "";
  });
  return invalid === undefined ? unescaped : { invalid };
}
