// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { Stats } from "node:fs";
import { commitDigest } from "@flux-ts/toolkit/git";

/** What a call gave: a value, several, or an error. */
export interface Result {
  readonly values: readonly unknown[];
  readonly error?: Error;
}

/** The names of a case: results by step, objects by `$obj`, variables. */
export type Scope = Map<string, unknown>;

/** A value that a call may change in place. */
export class Holder {
  current: unknown;

  constructor(value: unknown) {
    this.current = value;
  }
}

export function isResult(value: unknown): value is Result {
  return typeof value === "object" && value !== null && "values" in value && Array.isArray(value.values);
}

/**
 * Evaluates an expression of the corpus: names, fields, calls of methods, `readFile`, `stat`, `len`, `append`, JSON values with
 * `{"$": expression}` in them, `==`, `!=`, `&`, and these joined by `&&`, `||` and parentheses.
 */
export function evaluate(text: string, scope: Scope): unknown {
  // Names of Go's, such as archive/tar.TypeDir, stand for themselves.
  if (/^[\w.-]+\/[\w./-]+$/.test(text) || /^io\.\w+$/.test(text)) return text;
  const parser = new Parser(text, scope);
  const value = parser.readExpression();
  if (!parser.isAtEnd) throw new Error(`expression not understood: ${text}`);
  return value;
}

class Parser {
  readonly #text: string;
  readonly #scope: Scope;
  #at = 0;

  constructor(text: string, scope: Scope) {
    this.#text = text;
    this.#scope = scope;
  }

  get isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length;
  }

  readExpression(): unknown {
    let value = this.#readComparison();
    for (;;) {
      const operator = this.#take(/&&|\|\|/y);
      if (operator === undefined) return value;
      // Both sides are read: there is no other way to find where the second one ends, and reading changes nothing.
      const other = this.#readComparison();
      value = operator === "&&" ? value === true && other === true : value === true || other === true;
    }
  }

  #readComparison(): unknown {
    let value = this.#readOperand();
    for (;;) {
      const operator = this.#take(/==|!=|&(?!&)/y);
      if (operator === undefined) return value;
      const other = this.#readOperand();
      if (operator === "&") value = Number(value) & Number(other);
      else value = ((value ?? null) === (other ?? null)) === (operator === "==");
    }
  }

  #readOperand(): unknown {
    if (this.#take(/\(/y) !== undefined) {
      const value = this.readExpression();
      if (this.#take(/\)/y) === undefined) throw new Error(`expression not understood: ${this.#text}`);
      return this.#readPostfix(value);
    }
    if (this.#peek("[") || this.#peek("{")) return valueOf(this.#readJson(), this.#scope);
    const text = this.#take(/"(?:[^"\\]|\\.)*"/y);
    if (text !== undefined) return this.#readPostfix(interpolate(JSON.parse(text) as string, this.#scope));
    const constant = this.#take(/[\w.-]+\/[\w./-]+/y);
    if (constant !== undefined) return constant;
    const number = this.#take(/\d+/y);
    if (number !== undefined) return Number(number);
    const name = this.#take(/strings\.(?:Contains|Join)|[A-Za-z_]\w*/y);
    if (name === undefined) throw new Error(`expression not understood: ${this.#text}`);
    if (name === "null") return null;
    if (name === "true" || name === "false") return name === "true";
    if (this.#peek("(")) return this.#readPostfix(callFunction(name, this.#readArguments()));
    if (!this.#scope.has(name)) throw new Error(`${name} is not known in ${this.#text}`);
    return this.#readPostfix(this.#scope.get(name));
  }

  #readPostfix(start: unknown): unknown {
    let value = start;
    for (;;) {
      if (this.#take(/\[/y) !== undefined) {
        value = fieldOf(value, String(this.readExpression()));
        this.#take(/\]/y);
        continue;
      }
      const field = this.#take(/\.\w+/y)?.slice(1);
      if (field === undefined) return isResult(value) ? outcome(value) : value;
      value = this.#peek("(") ? callMethod(value, field, this.#readArguments()) : fieldOf(value, field);
    }
  }

  #readArguments(): unknown[] {
    this.#take(/\(/y);
    const values: unknown[] = [];
    while (this.#take(/\)/y) === undefined) {
      values.push(this.readExpression());
      this.#take(/,/y);
      if (this.isAtEnd) throw new Error(`expression not understood: ${this.#text}`);
    }
    return values;
  }

  /** A list or object as JSON writes it, up to its closing bracket. */
  #readJson(): unknown {
    const start = this.#at;
    for (let depth = 0; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === '"') {
        if (this.#take(/"(?:[^"\\]|\\.)*"/y) === undefined) break;
        this.#at--;
      } else if (char === "[" || char === "{") depth++;
      else if ((char === "]" || char === "}") && --depth === 0) {
        this.#at++;
        return JSON.parse(this.#text.slice(start, this.#at)) as unknown;
      }
    }
    throw new Error(`expression not understood: ${this.#text}`);
  }

  #peek(char: string): boolean {
    return this.#text[this.#at] === char;
  }

  #take(pattern: RegExp): string | undefined {
    this.#skipSpace();
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    if (match !== undefined) this.#at += match.length;
    return match;
  }

  #skipSpace(): void {
    while (this.#text[this.#at] === " ") this.#at++;
  }
}

/** The value that JSON of the corpus stands for: `{"$": expression}` is evaluated wherever it is. */
function valueOf(json: unknown, scope: Scope): unknown {
  if (Array.isArray(json)) return json.map((item) => valueOf(item, scope));
  if (typeof json !== "object" || json === null) return json;
  const object = json as Record<string, unknown>;
  if (typeof object["$"] === "string") return evaluate(object["$"], scope);
  return Object.fromEntries(Object.entries(object).map(([key, field]) => [key, valueOf(field, scope)]));
}

/** Replaces `⟦expression⟧` in a text. */
export function interpolate(text: string, scope: Scope): string {
  return text.replace(/⟦([^⟧]*)⟧/g, (_, expression: string) => String(evaluate(expression, scope)));
}

/** What a result is when it stands alone: its error, else its only value. */
export function outcome(result: Result): unknown {
  return result.error ?? result.values[0];
}

function fieldOf(value: unknown, field: string): unknown {
  if (isResult(value)) {
    if (field === "err") return value.error;
    if (field === "out") return value.error === undefined ? value.values[0] : undefined;
    if (/^\d$/.test(field)) return value.error === undefined ? value.values[Number(field)] : undefined;
    return fieldOf(value.values[0], field);
  }
  if (value instanceof Holder) return fieldOf(value.current, field);
  if (typeof value !== "object" || value === null) return undefined;
  const object = value as Record<string, unknown>;
  if (Object.hasOwn(object, field)) return object[field];
  // Objects of Kubernetes are written with the names of JSON, and read with those of Go.
  const lower = field === "URL" ? "url" : field.charAt(0).toLowerCase() + field.slice(1);
  return object[lower];
}

function callMethod(target: unknown, name: string, args: readonly unknown[]): unknown {
  const value = isResult(target) ? outcome(target) : target instanceof Holder ? target.current : target;
  if (value instanceof Error && name === "Error") return value.message;
  if (typeof value === "string" && name === "String") return value;
  if (typeof value === "string" && name === "Digest") return commitDigest(value);
  const method: unknown = fieldOf(value, name) ?? (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined);
  if (typeof method !== "function") throw new Error(`method ${name} is not known`);
  return Reflect.apply(method as (...values: readonly unknown[]) => unknown, value, args);
}

function callFunction(name: string, args: readonly unknown[]): unknown {
  const [first] = args;
  switch (name) {
    case "len":
      return lengthOf(isResult(first) ? outcome(first) : first);
    case "readFile":
      return attempt(() => readFileSync(String(first), "utf8"));
    case "readDir":
      return attempt(() => readdirSync(String(first)));
    case "url":
      return { Host: new URL(String(first)).host };
    case "stat":
      return attempt(() => fileInfo(statSync(String(first))));
    case "lstat":
      return attempt(() => fileInfo(lstatSync(String(first))));
    case "append":
      return [...((outcomeValue(first) ?? []) as readonly unknown[]), ...args.slice(1).map(outcomeValue)];
    case "strings.Join":
      return (outcomeValue(first) as readonly unknown[]).join(String(args[1]));
    case "strings.Contains":
      return String(first).includes(String(args[1]));
    default:
      throw new Error(`function ${name} is not known`);
  }
}

function outcomeValue(value: unknown): unknown {
  return isResult(value) ? outcome(value) : value;
}

function lengthOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

function attempt(work: () => unknown): Result {
  try {
    return { values: [work()] };
  } catch (error) {
    return { values: [], error: error as Error };
  }
}

function fileInfo(stats: Stats): Record<string, unknown> {
  return {
    Size: () => stats.size,
    IsDir: () => stats.isDirectory(),
    Mode: () => ({ IsDir: () => stats.isDirectory(), IsRegular: () => stats.isFile(), Perm: () => stats.mode & 0o777 }),
  };
}
