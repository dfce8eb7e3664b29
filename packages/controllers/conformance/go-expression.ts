// SPDX-License-Identifier: Apache-2.0

/** Looks up a name that stands at the beginning of an expression. */
export type Lookup = (name: string) => unknown;

/**
 * Evaluates an expression as the corpus writes them: Go's operators, field names, indexes, and a few functions.
 * Objects are plain JSON; `Name`, `Labels` and their like are found in its metadata.
 */
export function evaluate(expression: string, lookup: Lookup): unknown {
  const parser = new Parser(tokenize(expression), lookup);
  return parser.parse();
}

function tokenize(text: string): readonly string[] {
  return text.match(/"(?:\\.|[^"\\])*"|\d+|[A-Za-z_][A-Za-z_0-9]*|&&|\|\||==|!=|[!()[\].,+\-/]/g) ?? [];
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #lookup: Lookup;
  #at = 0;

  constructor(tokens: readonly string[], lookup: Lookup) {
    this.#tokens = tokens;
    this.#lookup = lookup;
  }

  parse(): unknown {
    const value = this.#binary(0);
    if (this.#at < this.#tokens.length) throw new Error(`expression not understood near ${this.#tokens.slice(this.#at).join(" ")}`);
    return value;
  }

  #binary(level: number): unknown {
    const operators = [["||"], ["&&"], ["==", "!="], ["+", "-"]][level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.#tokens[this.#at]; operator !== undefined && operators.includes(operator); operator = this.#tokens[this.#at]) {
      this.#at += 1;
      const right = this.#binary(level + 1);
      left = combine(operator, left, right);
    }
    return left;
  }

  #unary(): unknown {
    if (this.#tokens[this.#at] !== "!") return this.#postfix();
    this.#at += 1;
    return this.#unary() !== true;
  }

  #postfix(): unknown {
    let value = this.#primary();
    for (;;) {
      if (this.#take(".")) {
        const name = this.#next();
        value = this.#take("(") ? callMethod(value, name, this.#arguments()) : member(value, name);
      } else if (this.#take("[")) {
        const index = this.#binary(0);
        this.#expect("]");
        value = item(value, index);
      } else return value;
    }
  }

  #primary(): unknown {
    const token = this.#next();
    if (token === "(") {
      const value = this.#binary(0);
      this.#expect(")");
      return value;
    }
    if (token.startsWith('"')) return JSON.parse(token);
    if (/^\d/.test(token)) return Number(token);
    if (token === "null" || token === "nil") return undefined;
    if (token === "true" || token === "false") return token === "true";
    if (token === "strings" && this.#tokens[this.#at] === ".") {
      this.#at += 1;
      return this.#function(`strings.${this.#next()}`);
    }
    return (token === "len" || token === "append") && this.#tokens[this.#at] === "(" ? this.#function(token) : this.#lookup(token);
  }

  #function(name: string): unknown {
    this.#expect("(");
    const [first, second] = this.#arguments();
    switch (name) {
      case "len":
        return sizeOf(first);
      case "append":
        return [...(Array.isArray(first) ? (first as unknown[]) : []), second];
      case "strings.Contains":
        return String(first).includes(String(second));
      default:
        throw new Error(`function ${name} is not known`);
    }
  }

  #arguments(): readonly unknown[] {
    const values: unknown[] = [];
    while (!this.#take(")")) {
      values.push(this.#binary(0));
      this.#take(",");
    }
    return values;
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error("expression ends too early");
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`expected ${token}`);
  }
}

function combine(operator: string, left: unknown, right: unknown): unknown {
  switch (operator) {
    case "||":
      return left === true || right === true;
    case "&&":
      return left === true && right === true;
    case "==":
      return isEqual(left, right);
    case "!=":
      return !isEqual(left, right);
    case "+":
      return typeof left === "number" ? left + Number(right) : `${String(left)}${String(right)}`;
    default:
      return Number(left) - Number(right);
  }
}

/** An absent field is the zero value of its type. */
function isEqual(left: unknown, right: unknown): boolean {
  const zero = (value: unknown): unknown => (value === "" || value === 0 || value === false || value === null ? undefined : value);
  return zero(left) === zero(right);
}

export function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

function item(value: unknown, index: unknown): unknown {
  if (Array.isArray(value)) return value[Number(index)];
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[String(index)] : undefined;
}

/** A field by the name that Go gives it. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return name === "Time" || name === "Duration" ? value : undefined;
  const key = keyOf(value, name);
  if (key === "") return value;
  if (key !== undefined) return (value as Record<string, unknown>)[key];
  const { metadata } = value as { metadata?: object };
  const inMetadata = metadata === undefined ? undefined : keyOf(metadata, name);
  return inMetadata === undefined ? undefined : (metadata as Record<string, unknown>)[inMetadata];
}

/** `""`: the object itself. */
export function keyOf(value: object, name: string): string | undefined {
  if (name === "ObjectMeta" || name === "TypeMeta") return "";
  const candidates = [name, name.charAt(0).toLowerCase() + name.slice(1), name.toLowerCase()];
  return candidates.find((candidate) => Object.hasOwn(value, candidate));
}

function callMethod(value: unknown, name: string, args: readonly unknown[]): unknown {
  if (name === "String") return typeof value === "string" ? value : JSON.stringify(value);
  if (name === "DeepCopy") return value;
  if (name.startsWith("Get") && args.length === 0) return member(value, name.slice(3));
  throw new Error(`method ${name} is not known`);
}
