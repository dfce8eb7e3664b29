// SPDX-License-Identifier: Apache-2.0
import { SubstituteError } from "./substitute-error.ts";

/** One expression `${param…}`. `name` is the operator (`""` for a bare `${param}`), `args` what follows it. */
export interface Expression {
  readonly param: string;
  readonly name: string;
  readonly args: readonly Part[];
}

/** Text as it stands, or an expression. */
export type Part = string | Expression;

/** How deep expressions may stand within expressions. */
export const MAX_DEPTH = 100;

const NO_BRACE = "missing closing brace";
const NO_NAME = "unable to parse variable name";
const NO_ARGUMENT = "unable to parse substitution within function";
const NO_DEFAULT = "unable to parse default function";
const BAD = "bad substitution";

type Accept = (character: string, index: number) => boolean;

const isNameCharacter = (character: string): boolean => /[\p{L}\p{Nd}_]/u.test(character);
const isNotClosing: Accept = (character) => character !== "}";
const isNotSlash: Accept = (character) => character !== "/";
const isNotColonOrClosing: Accept = (character) => character !== ":" && character !== "}";
const upToTwo =
  (wanted: string): Accept =>
  (character, index) =>
    index < 2 && wanted.includes(character);

/**
 * Splits a text into what stands and what is to be expanded. One pass, linear in the text.
 *
 * `$$` is a dollar sign that begins nothing, so `$${var}` stands for `${var}`; a `$` without a brace is text.
 * Inside the patterns of `${v/a/b}` a slash and a backslash can be escaped with a backslash.
 *
 * @throws {SubstituteError} BAD_SYNTAX, TOO_DEEP
 * @see fluxcd/pkg envsubst/parse
 */
export function parseExpressions(text: string): readonly Part[] {
  return new Parser(text).parseAll();
}

class Parser {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parseAll(): readonly Part[] {
    const parts: Part[] = [];
    while (this.#position < this.#text.length) {
      if (this.#atExpression()) parts.push(this.#parseExpression(1));
      else parts.push(this.#readText());
    }
    return parts;
  }

  #readText(): string {
    const text = this.#text;
    let out = "";
    let from = this.#position;
    for (;;) {
      const dollar = text.indexOf("$", this.#position);
      const next = dollar < 0 ? undefined : text[dollar + 1];
      if (dollar < 0 || next === "{") {
        this.#position = dollar < 0 ? text.length : dollar;
        return out + text.slice(from, this.#position);
      }
      if (next === "$") {
        out += text.slice(from, dollar + 1);
        from = dollar + 2;
        this.#position = from;
      } else {
        this.#position = dollar + 1;
      }
    }
  }

  #parseExpression(depth: number): Expression {
    if (depth > MAX_DEPTH) throw new SubstituteError("TOO_DEEP", `more than ${MAX_DEPTH} expressions inside each other`);
    this.#position += 2;
    if (this.#peek() === "#") return this.#parseLength();
    const param = this.#take(isNameCharacter);
    if (param === "") throw syntaxError(NO_NAME);
    switch (this.#peek()) {
      case ":":
        return this.#parseDefaultOrSubstring(param, depth);
      case "=":
        return this.#parseDefault(param, this.#take(upToOne("=")), depth);
      case ",":
      case "^":
        return this.#closing({ param, name: this.#take(upToTwo(",^")), args: [] }, BAD);
      case "/":
        return this.#parseReplace(param, depth);
      case "#":
        return this.#parseRemove(param, this.#take(upToTwo("#")), depth);
      case "%":
        return this.#parseRemove(param, this.#take(upToTwo("%")), depth);
      default:
        return this.#closing({ param, name: "", args: [] }, NO_BRACE);
    }
  }

  #parseLength(): Expression {
    this.#position += 1;
    const param = this.#take(isNameCharacter);
    if (param === "") throw syntaxError(BAD);
    return this.#closing({ param, name: "#", args: [] }, BAD);
  }

  #parseDefaultOrSubstring(param: string, depth: number): Expression {
    const next = this.#text.codePointAt(this.#position + 1);
    if (next !== undefined && "=-?+".includes(String.fromCodePoint(next))) {
      const name = this.#text.slice(this.#position, this.#position + 2);
      this.#position += 2;
      return this.#parseDefault(param, name, depth);
    }
    // Upstream steps back by the width of what follows the colon, which fails for anything but one byte.
    if (next === undefined || next > 0x7f) throw syntaxError(BAD);
    return this.#parseSubstring(param, depth);
  }

  #parseDefault(param: string, name: string, depth: number): Expression {
    if (name === "") throw syntaxError(NO_DEFAULT);
    const args: Part[] = [];
    while (this.#peek() !== "}") args.push(this.#parseArgument(isNotClosing, depth));
    return this.#closing({ param, name, args }, BAD);
  }

  #parseSubstring(param: string, depth: number): Expression {
    this.#position += 1;
    const offset = this.#parseArgument(isNotColonOrClosing, depth);
    if (this.#peek() === "}") return this.#closing({ param, name: ":", args: [offset] }, BAD);
    if (this.#take((character) => character === ":") === "") throw syntaxError(BAD);
    const length = this.#parseArgument(isNotClosing, depth);
    return this.#closing({ param, name: ":", args: [offset, length] }, BAD);
  }

  #parseRemove(param: string, name: string, depth: number): Expression {
    const pattern = this.#parseArgument(isNotClosing, depth);
    return this.#closing({ param, name, args: [pattern] }, BAD);
  }

  #parseReplace(param: string, depth: number): Expression {
    const name = this.#take((character, index) => (index === 0 ? character === "/" : index === 1 && "/#%".includes(character)));
    const pattern = this.#parseArgument(isNotSlash, depth, true);
    if (this.#take((character) => character === "/") === "") throw syntaxError(BAD);
    if (this.#peek() === "}") return this.#closing({ param, name, args: [pattern] }, BAD);
    const replacement = this.#parseArgument(isNotClosing, depth, true);
    return this.#closing({ param, name, args: [pattern, replacement] }, BAD);
  }

  /** One argument: an expression, or text up to where the next expression begins. */
  #parseArgument(accept: Accept, depth: number, escapes = false): Part {
    if (this.#atExpression()) return this.#parseExpression(depth + 1);
    const text = this.#take(accept, escapes);
    if (text === "") throw syntaxError(NO_ARGUMENT);
    return text;
  }

  #closing(expression: Expression, message: string): Expression {
    if (this.#peek() !== "}") throw syntaxError(message);
    this.#position += 1;
    return expression;
  }

  #peek(): string | undefined {
    return this.#text[this.#position];
  }

  #atExpression(): boolean {
    return this.#text[this.#position] === "$" && this.#text[this.#position + 1] === "{";
  }

  /** Takes characters while they are accepted, at most up to the next expression. */
  #take(accept: Accept, escapes = false): string {
    const text = this.#text;
    let out = "";
    let from = this.#position;
    for (let index = 0; this.#position < text.length; index += 1) {
      if (accept !== isNameCharacter && this.#atExpression()) break;
      const code = text.codePointAt(this.#position) ?? 0;
      const character = code < 0x80 ? (text[this.#position] ?? "") : String.fromCodePoint(code);
      const next = text[this.#position + 1];
      if (escapes && ((character === "$" && next === "$") || (character === "\\" && (next === "/" || next === "\\")))) {
        out += text.slice(from, this.#position);
        from = this.#position + 1;
        this.#position += 2;
        continue;
      }
      if (!accept(character, index)) break;
      this.#position += character.length;
    }
    return out + text.slice(from, this.#position);
  }
}

function upToOne(wanted: string): Accept {
  return (character, index) => index === 0 && character === wanted;
}

function syntaxError(message: string): SubstituteError {
  return new SubstituteError("BAD_SYNTAX", message);
}
