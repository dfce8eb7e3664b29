// SPDX-License-Identifier: Apache-2.0
// A recursive parser of CEL's grammar: one method for each level of precedence.
import type { Expr } from "./ast.ts";
import type { Issue } from "./cel-error.ts";
import type { Token } from "./lex.ts";
import { tokenize } from "./lex.ts";
import { expandMacro } from "./macros.ts";
import { unquoteLiteral } from "./string-literal.ts";
import type { CelValue } from "./values.ts";
import { CelUint } from "./values.ts";

export interface ParseOptions {
  /** `a.?b`, `[?a]`, `{?k: v}`. */
  readonly hasOptionals: boolean;
  /** Macros over two variables, such as `m.all(k, v, …)`. */
  readonly hasTwoVariableMacros: boolean;
}

export interface Parsed {
  readonly expr: Expr | undefined;
  readonly issues: readonly Issue[];
}

/** How deep an expression may nest, and how many characters it may have. @see cel-go parser options */
const MAX_DEPTH = 250;
/** How many operators or selections may follow one another. */
const MAX_CHAIN = 250;
const MAX_CHARACTERS = 100_000;

/** @see cel-go parser.Parse */
export function parse(source: string, options: ParseOptions): Parsed {
  if (source.length > MAX_CHARACTERS) {
    return {
      expr: undefined,
      issues: [{ at: 0, message: `expression code point size exceeds limit: size: ${source.length}, limit ${MAX_CHARACTERS}` }],
    };
  }
  const { tokens, issues } = tokenize(source);
  const parser = new Parser(tokens, options, [...issues]);
  return parser.parse();
}

const START_OF_EXPRESSION =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const RESERVED = new Set(
  "as break const continue else false for function if import in let loop package namespace null return true var void while".split(" "),
);
const RELATIONS: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "==", "!=", "in"]);

/** Ends parsing: what follows cannot be understood. */
class Stop extends Error {}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #options: ParseOptions;
  readonly #issues: Issue[];
  #index = 0;
  #id = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], options: ParseOptions, issues: Issue[]) {
    this.#tokens = tokens;
    this.#options = options;
    this.#issues = issues;
  }

  parse(): Parsed {
    try {
      const expr = this.#parseTernary();
      const rest = this.#peek();
      // One token that should not be there is left out, and what follows is read on.
      const problem = this.#peek(1).kind === "end" ? "extraneous" : "mismatched";
      if (rest.kind !== "end") this.#fail(rest, `${problem} input '${rest.text}' expecting <EOF>`);
      return { expr: this.#issues.length === 0 ? expr : undefined, issues: this.#sorted() };
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return { expr: undefined, issues: this.#sorted() };
    }
  }

  #sorted(): readonly Issue[] {
    return this.#issues.toSorted((left, right) => left.at - right.at);
  }

  #peek(ahead = 0): Token {
    // The last token is the end.
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)] ?? { kind: "end", text: "<EOF>", at: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    this.#index++;
    return token;
  }

  #is(text: string): boolean {
    const token = this.#peek();
    return token.text === text && (token.kind === "operator" || (text === "in" && token.kind === "identifier"));
  }

  #takes(text: string): Token | undefined {
    return this.#is(text) ? this.#next() : undefined;
  }

  #expect(text: string): Token {
    const token = this.#takes(text);
    if (token !== undefined) return token;
    const { text: found } = this.#peek();
    if (this.#peek(1).text === text) this.#fail(this.#peek(), `extraneous input '${found}' expecting '${text}'`);
    return this.#fail(this.#peek(), `missing '${text}' at '${found}'`);
  }

  /** At the end of what may go on after a comma. */
  #expectEnd(text: string): void {
    if (this.#takes(text) !== undefined) return;
    this.#fail(this.#peek(), `mismatched input '${this.#peek().text}' expecting {'${text}', ','}`);
  }

  #fail(token: Token, problem: string): never {
    this.#issues.push({ at: token.at, message: `Syntax error: ${problem}` });
    throw new Stop();
  }

  #nested<T>(work: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      this.#issues.push({ at: -1, message: `expression recursion limit exceeded: ${MAX_DEPTH}` });
      throw new Stop();
    }
    const result = work();
    this.#depth--;
    return result;
  }

  #call(at: number, name: string, args: readonly Expr[], target?: Expr): Expr {
    return { kind: "call", id: ++this.#id, at, name, args, target };
  }

  #parseTernary(): Expr {
    return this.#nested(() => {
      const condition = this.#parseBalanced("||", "_||_", () => this.#parseBalanced("&&", "_&&_", () => this.#parseRelation()));
      const question = this.#takes("?");
      if (question === undefined) return condition;
      const yes = this.#parseBalanced("||", "_||_", () => this.#parseBalanced("&&", "_&&_", () => this.#parseRelation()));
      this.#expect(":");
      return this.#call(question.at, "_?_:_", [condition, yes, this.#parseTernary()]);
    });
  }

  /** `a || b || c` becomes a balanced tree, so that long chains do not nest deep. */
  #parseBalanced(operator: string, name: string, parseTerm: () => Expr): Expr {
    const terms = [parseTerm()];
    const places: number[] = [];
    for (let token = this.#takes(operator); token !== undefined; token = this.#takes(operator)) {
      places.push(token.at);
      terms.push(parseTerm());
    }
    const balance = (low: number, high: number): Expr => {
      const middle = Math.floor((low + high + 1) / 2);
      const left = middle === low ? terms[low] : balance(low, middle - 1);
      const right = middle === high ? terms[high + 1] : balance(middle + 1, high);
      if (left === undefined || right === undefined) throw new Stop();
      return this.#call(places[middle] ?? 0, name, [left, right]);
    };
    return places.length === 0 ? (terms[0] as Expr) : balance(0, places.length - 1);
  }

  #parseRelation(): Expr {
    let left = this.#parseSum();
    for (let length = 1; RELATIONS.has(this.#peek().text) && this.#is(this.#peek().text); length++) {
      this.#inChain(length);
      const operator = this.#next();
      const name = operator.text === "in" ? "@in" : `_${operator.text}_`;
      left = this.#call(operator.at, name, [left, this.#parseSum()]);
    }
    return left;
  }

  #parseSum(): Expr {
    let left = this.#parseProduct();
    for (let length = 1; this.#is("+") || this.#is("-"); length++) {
      this.#inChain(length);
      const operator = this.#next();
      left = this.#call(operator.at, `_${operator.text}_`, [left, this.#parseProduct()]);
    }
    return left;
  }

  #parseProduct(): Expr {
    let left = this.#parseUnary();
    for (let length = 1; this.#is("*") || this.#is("/") || this.#is("%"); length++) {
      this.#inChain(length);
      const operator = this.#next();
      left = this.#call(operator.at, `_${operator.text}_`, [left, this.#parseUnary()]);
    }
    return left;
  }

  #parseUnary(): Expr {
    const first = this.#peek();
    if (this.#is("!")) {
      const count = this.#countOf("!");
      const operand = this.#parseMember();
      return count % 2 === 0 ? operand : this.#call(first.at, "!_", [operand]);
    }
    const next = this.#peek(1);
    if (this.#is("-") && !((next.kind === "int" || next.kind === "double") && this.#peek(2).text !== ".")) {
      const count = this.#countOf("-");
      const operand = this.#parseMember();
      return count % 2 === 0 ? operand : this.#call(first.at, "-_", [operand]);
    }
    return this.#parseMember();
  }

  /** Bounds what nests to the left: `a + b + c`, `a.b.c`. */
  #inChain(length: number): void {
    if (length <= MAX_CHAIN) return;
    this.#issues.push({ at: -1, message: "max recursion depth exceeded" });
    throw new Stop();
  }

  #countOf(operator: string): number {
    let count = 0;
    while (this.#takes(operator) !== undefined) count++;
    return count;
  }

  #parseMember(): Expr {
    let operand = this.#parsePrimary();
    for (let length = 1; ; length++) {
      this.#inChain(length);
      const token = this.#peek();
      if (this.#is(".")) operand = this.#parseSelect(operand);
      else if (this.#takes("[") !== undefined) {
        const isOptional = this.#takesQuestion();
        const index = this.#parseTernary();
        this.#expect("]");
        operand = this.#call(token.at, isOptional ? "_[?_]" : "_[_]", [operand, index]);
      } else return operand;
    }
  }

  #parseSelect(operand: Expr): Expr {
    const dot = this.#next();
    const isOptional = this.#takesQuestion();
    const name = this.#next();
    if (name.kind !== "identifier" || name.text === "in") {
      this.#fail(name, `no viable alternative at input '.${name.text === "<EOF>" ? "" : name.text}'`);
    }
    if (name.text.startsWith("`")) this.#issues.push({ at: name.at, message: "unsupported syntax: '`'" });
    const field = name.text;
    if (isOptional) {
      const literal: Expr = { kind: "literal", id: ++this.#id, at: name.at, value: field };
      return this.#call(dot.at, "_?._", [operand, literal]);
    }
    const open = this.#takes("(");
    if (open === undefined) return { kind: "select", id: ++this.#id, at: dot.at, operand, field, isTest: false };
    const args = this.#parseArguments();
    return this.#expand(open.at, field, args, operand) ?? this.#call(open.at, field, args, operand);
  }

  #requireOptionals(at: number): void {
    if (!this.#options.hasOptionals) this.#issues.push({ at, message: "unsupported syntax '.?'" });
  }

  #expand(at: number, name: string, args: readonly Expr[], target: Expr | undefined): Expr | undefined {
    return expandMacro(
      { at, name, args, target, options: this.#options },
      { nextId: () => ++this.#id, tell: (issue) => this.#issues.push(issue) },
    );
  }

  #parsePrimary(): Expr {
    const token = this.#peek();
    if (this.#takes("(") !== undefined) {
      const inner = this.#parseTernary();
      this.#expect(")");
      return inner;
    }
    if (this.#is("[")) return this.#parseList();
    if (this.#is("{")) return this.#parseMap();
    if (this.#is(".") || token.kind === "identifier") return this.#parseIdentifier();
    return this.#parseLiteral();
  }

  #parseList(): Expr {
    const { at } = this.#next();
    const items: { value: Expr; isOptional: boolean }[] = [];
    const id = ++this.#id;
    while (!this.#is("]")) {
      const isOptional = this.#takesQuestion();
      items.push({ value: this.#parseTernary(), isOptional });
      if (this.#takes(",") === undefined) break;
    }
    this.#expectEnd("]");
    return { kind: "list", id, at, items };
  }

  #takesQuestion(): boolean {
    const question = this.#takes("?");
    if (question !== undefined) this.#requireOptionals(question.at);
    return question !== undefined;
  }

  #parseMap(): Expr {
    const { at } = this.#next();
    const entries: { key: Expr; value: Expr; isOptional: boolean }[] = [];
    const id = ++this.#id;
    while (!this.#is("}")) {
      const isOptional = this.#takesQuestion();
      const key = this.#parseTernary();
      this.#expect(":");
      entries.push({ key, value: this.#parseTernary(), isOptional });
      if (this.#takes(",") === undefined) break;
    }
    this.#expectEnd("}");
    return { kind: "map", id, at, entries };
  }

  #parseIdentifier(): Expr {
    const dot = this.#takes(".");
    const token = this.#next();
    if (token.kind !== "identifier") this.#fail(token, `no viable alternative at input '.${token.text === "<EOF>" ? "" : token.text}'`);
    if (token.text.startsWith("`")) this.#fail(token, unexpected(token));
    const constant = dot === undefined ? wordValue(token.text) : undefined;
    if (constant !== undefined) return { kind: "literal", id: ++this.#id, at: token.at, value: constant };
    if (token.text === "in") this.#fail(token, `mismatched input 'in' expecting ${START_OF_EXPRESSION}`);
    if (RESERVED.has(token.text)) this.#issues.push({ at: token.at, message: `reserved identifier: ${token.text}` });
    const name = dot === undefined ? token.text : `.${token.text}`;
    const open = this.#takes("(");
    if (open !== undefined) {
      const args = this.#parseArguments();
      return this.#expand(open.at, name, args, undefined) ?? this.#call(open.at, name, args);
    }
    return this.#parseStruct(name) ?? { kind: "ident", id: ++this.#id, at: token.at, name };
  }

  /** `google.protobuf.Struct{a: b}`: a name that ends in braces. */
  #parseStruct(first: string): Expr | undefined {
    let ahead = 0;
    let name = first;
    while (this.#peek(ahead).text === "." && this.#peek(ahead + 1).kind === "identifier") {
      name += `.${this.#peek(ahead + 1).text}`;
      ahead += 2;
    }
    const brace = this.#peek(ahead);
    if (brace.text !== "{" || brace.kind !== "operator") return undefined;
    this.#index += ahead + 1;
    const fields: { name: string; value: Expr }[] = [];
    while (!this.#is("}")) {
      this.#takesQuestion();
      const field = this.#next();
      if (field.kind !== "identifier") this.#fail(field, `mismatched input '${field.text}' expecting {'}', ',', '?', IDENTIFIER}`);
      this.#expect(":");
      fields.push({ name: field.text, value: this.#parseTernary() });
      if (this.#takes(",") === undefined) break;
    }
    this.#expect("}");
    return { kind: "struct", id: ++this.#id, at: brace.at, name, fields };
  }

  #parseArguments(): readonly Expr[] {
    const args: Expr[] = [];
    if (this.#takes(")") !== undefined) return args;
    if (this.#peek().kind === "end") this.#fail(this.#peek(), unexpected(this.#peek()).replace("'(', '.'", "'(', ')', '.'"));
    do args.push(this.#parseTernary());
    while (this.#takes(",") !== undefined);
    this.#expectEnd(")");
    return args;
  }

  #parseLiteral(): Expr {
    const first = this.#next();
    const sign = first.text === "-" && first.kind === "operator" ? "-" : "";
    const token = sign === "" ? first : this.#next();
    const value = this.#literalValue(token, sign);
    if (value === undefined) this.#fail(token, unexpected(token, this.#startsExpression(this.#peek())));
    return { kind: "literal", id: ++this.#id, at: first.at, value };
  }

  #startsExpression({ kind, text }: Token): boolean {
    return kind !== "end" && (kind !== "operator" ? text !== "in" : "[{(.-!".includes(text));
  }

  #literalValue(token: Token, sign: string): CelValue | undefined {
    switch (token.kind) {
      case "int": {
        const value = BigInt(token.text) * (sign === "" ? 1n : -1n);
        if (value >= 2n ** 63n || value < -(2n ** 63n)) this.#invalid(token, "invalid int literal");
        return value;
      }
      case "uint": {
        const value = BigInt(token.text.slice(0, -1));
        if (value >= 2n ** 64n) this.#invalid(token, "invalid uint literal");
        return new CelUint(value);
      }
      case "double": {
        const value = Number(sign + token.text);
        if (!Number.isFinite(value)) this.#invalid(token, "invalid double literal");
        return value;
      }
      case "string":
      case "bytes": {
        const value = unquoteLiteral(token.text);
        if (value === undefined) this.#invalid(token, "unable to unescape string");
        return value ?? "";
      }
      default:
        return undefined;
    }
  }

  #invalid(token: Token, message: string): void {
    this.#issues.push({ at: token.at, message });
  }
}

function wordValue(word: string): CelValue | undefined {
  if (word === "true" || word === "false") return word === "true";
  return word === "null" ? null : undefined;
}

/** One token too many is left out: what follows may start an expression. */
function unexpected(token: Token, isExtraneous = false): string {
  return `${isExtraneous ? "extraneous" : "mismatched"} input '${token.text}' expecting ${START_OF_EXPRESSION}`;
}
