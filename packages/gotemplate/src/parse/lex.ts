// SPDX-License-Identifier: Apache-2.0
// A state machine.

export type TokenKind =
  | "error"
  | "bool"
  | "char"
  | "charConstant"
  | "complex"
  | "assign"
  | "declare"
  | "eof"
  | "field"
  | "identifier"
  | "leftDelim"
  | "leftParen"
  | "number"
  | "pipe"
  | "rawString"
  | "rightDelim"
  | "rightParen"
  | "space"
  | "string"
  | "text"
  | "variable"
  | "block"
  | "break"
  | "continue"
  | "dot"
  | "define"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

export interface Token {
  readonly kind: TokenKind;
  /** Where it starts, in UTF-16 units. */
  readonly pos: number;
  readonly text: string;
  readonly line: number;
}

const KEYWORDS: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ["block", "block"],
  ["break", "break"],
  ["continue", "continue"],
  ["define", "define"],
  ["else", "else"],
  ["end", "end"],
  ["if", "if"],
  ["range", "range"],
  ["nil", "nil"],
  ["template", "template"],
  ["with", "with"],
]);

/** Whether a token is a word of the language. */
export function isKeyword(kind: TokenKind): boolean {
  return kind === "dot" || [...KEYWORDS.values()].includes(kind);
}

const LEFT = "{{";
const RIGHT = "}}";
const SPACE = " \t\r\n";
const ALPHANUMERIC = /^[\p{L}\p{Nd}_]$/u;

const NEWLINE = 10;
const BACKSLASH = 92;
const MINUS = 45;

function asciiTable(chars: string): Uint8Array {
  const table = new Uint8Array(128);
  for (let i = 0; i < chars.length; i++) table[chars.charCodeAt(i)] = 1;
  return table;
}

/** What ends a word. */
const TERMINATORS = asciiTable(`${SPACE}.,|:)(`);
const WORDS = asciiTable("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

function isSpaceCode(code: number): boolean {
  return code === 32 || code === NEWLINE || code === 9 || code === 13;
}

/** Where the letters, digits and underscores from a position on end. */
function wordEnd(input: string, start: number): number {
  let at = start;
  for (;;) {
    const code = input.charCodeAt(at);
    if (code < 128) {
      if (WORDS[code] !== 1) return at;
      at++;
      continue;
    }
    const point = input.codePointAt(at);
    if (point === undefined || !ALPHANUMERIC.test(String.fromCodePoint(point))) return at;
    at += point > 0xffff ? 2 : 1;
  }
}

function isSpace(char: string): boolean {
  return char !== "" && SPACE.includes(char);
}

function isAlphaNumeric(char: string): boolean {
  return char !== "" && ALPHANUMERIC.test(char);
}

/** U+0041 'A', as Go's %#U prints a character. */
function describeCharacter(char: string): string {
  const code = char === "" ? -1 : (char.codePointAt(0) ?? 0);
  if (code < 0) return "U+FFFFFFFFFFFFFFFF";
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(char) ? `${hex} '${char}'` : hex;
}

/** Go's %q of a piece of source, for error messages. */
function quote(text: string): string {
  return JSON.stringify(text);
}

/** Cuts a template into tokens, one at a time. @see text/template/parse lex.go */
export class Lexer {
  readonly #input: string;
  #pos = 0;
  #start = 0;
  #line = 1;
  #startLine = 1;
  #parenDepth = 0;
  #isInside = false;
  #failure: Token | undefined;

  constructor(input: string) {
    this.#input = input;
  }

  next(): Token {
    // After an error the input counts as read.
    if (this.#failure !== undefined) return { kind: "eof", pos: 0, text: "EOF", line: this.#startLine };
    return this.#isInside ? this.#lexInside() : this.#lexText();
  }

  #char(): string {
    const code = this.#input.codePointAt(this.#pos);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  #advance(): string {
    const char = this.#char();
    this.#pos += char.length;
    if (char === "\n") this.#line++;
    return char;
  }

  #emit(kind: TokenKind): Token {
    const token = { kind, pos: this.#start, text: this.#input.slice(this.#start, this.#pos), line: this.#startLine };
    this.#start = this.#pos;
    this.#startLine = this.#line;
    return token;
  }

  #skipTo(pos: number): void {
    for (let i = this.#start; i < pos; i++) if (i >= this.#pos && this.#input.charCodeAt(i) === 10) this.#line++;
    this.#pos = pos;
    this.#start = pos;
    this.#startLine = this.#line;
  }

  #error(message: string): Token {
    this.#failure = { kind: "error", pos: this.#start, text: message, line: this.#startLine };
    return this.#failure;
  }

  #countLines(from: number, to: number): void {
    for (let i = this.#input.indexOf("\n", from); i >= 0 && i < to; i = this.#input.indexOf("\n", i + 1)) this.#line++;
  }

  #lexText(): Token {
    for (;;) {
      const at = this.#input.indexOf(LEFT, this.#pos);
      if (at < 0) {
        this.#countLines(this.#pos, this.#input.length);
        this.#pos = this.#input.length;
        return this.#pos > this.#start ? this.#emit("text") : { kind: "eof", pos: this.#pos, text: "EOF", line: this.#startLine };
      }
      if (at > this.#pos) {
        let end = at;
        if (this.#hasLeftTrim(at + LEFT.length)) while (end > this.#start && isSpace(this.#input[end - 1] ?? "")) end--;
        this.#countLines(this.#pos, end);
        this.#pos = end;
        const token = this.#emit("text");
        this.#skipTo(at);
        if (token.text !== "") return token;
      }
      const trims = this.#hasLeftTrim(this.#pos + LEFT.length);
      const after = this.#pos + LEFT.length + (trims ? 2 : 0);
      if (!this.#input.startsWith("/*", after)) {
        this.#pos += LEFT.length;
        const token = this.#emit("leftDelim");
        this.#isInside = true;
        this.#parenDepth = 0;
        if (trims) this.#skipTo(this.#pos + 2);
        return token;
      }
      this.#skipTo(after);
      const problem = this.#skipComment();
      if (problem !== undefined) return problem;
    }
  }

  #skipComment(): Token | undefined {
    const end = this.#input.indexOf("*/", this.#pos + 2);
    if (end < 0) return this.#error("unclosed comment");
    let pos = end + 2;
    const trims = isSpace(this.#input[pos] ?? "") && this.#input[pos + 1] === "-" && this.#input.startsWith(RIGHT, pos + 2);
    if (!trims && !this.#input.startsWith(RIGHT, pos)) {
      return this.#error("comment ends before closing delimiter");
    }
    pos += RIGHT.length + (trims ? 2 : 0);
    if (trims) while (isSpace(this.#input[pos] ?? "")) pos++;
    this.#skipTo(pos);
    return undefined;
  }

  #hasLeftTrim(at: number): boolean {
    return this.#input.charCodeAt(at) === MINUS && isSpaceCode(this.#input.charCodeAt(at + 1));
  }

  #hasRightTrim(at: number): boolean {
    return isSpaceCode(this.#input.charCodeAt(at)) && this.#input.charCodeAt(at + 1) === MINUS && this.#input.startsWith(RIGHT, at + 2);
  }

  #lexRightDelim(): Token {
    const trims = this.#hasRightTrim(this.#pos);
    if (trims) this.#skipTo(this.#pos + 2);
    this.#pos += RIGHT.length;
    const token = this.#emit("rightDelim");
    if (trims) {
      let pos = this.#pos;
      while (isSpace(this.#input[pos] ?? "")) pos++;
      this.#skipTo(pos);
    }
    this.#isInside = false;
    return token;
  }

  #lexInside(): Token {
    if (this.#hasRightTrim(this.#pos) || this.#input.startsWith(RIGHT, this.#pos)) {
      return this.#parenDepth === 0 ? this.#lexRightDelim() : this.#error("unclosed left paren");
    }
    const code = this.#input.charCodeAt(this.#pos);
    if (isSpaceCode(code)) return this.#lexSpace();
    if (code < 128 && WORDS[code] === 1 && !(code >= 48 && code <= 57)) return this.#lexIdentifier();
    const char = this.#char();
    if (char === "") return this.#error("unclosed action");
    if (isSpace(char)) return this.#lexSpace();
    if (isAlphaNumeric(char) && !(char >= "0" && char <= "9")) return this.#lexIdentifier();
    if (char === "." && !/[0-9]/.test(this.#input[this.#pos + 1] ?? "0")) {
      this.#advance();
      return this.#lexFieldOrVariable("field");
    }
    if (char === "." || char === "+" || char === "-" || (char >= "0" && char <= "9")) return this.#lexNumber();
    this.#advance();
    switch (char) {
      case "=":
        return this.#emit("assign");
      case ":":
        return this.#advance() === "=" ? this.#emit("declare") : this.#error("expected :=");
      case "|":
        return this.#emit("pipe");
      case '"':
        return this.#lexQuoted('"', "string", "unterminated quoted string");
      case "'":
        return this.#lexQuoted("'", "charConstant", "unterminated character constant");
      case "`":
        return this.#lexRaw();
      case "$":
        return this.#lexFieldOrVariable("variable");
      case "(":
        this.#parenDepth++;
        return this.#emit("leftParen");
      case ")":
        this.#parenDepth--;
        return this.#parenDepth < 0 ? this.#error("unexpected right paren") : this.#emit("rightParen");
      default:
        if (isAlphaNumeric(char)) {
          this.#pos -= char.length;
          return this.#lexIdentifier();
        }
        if (char > " " && char < "\x7f") return this.#emit("char");
        return this.#error(`unrecognized character in action: ${describeCharacter(char)}`);
    }
  }

  #lexSpace(): Token {
    for (; isSpaceCode(this.#input.charCodeAt(this.#pos)) && !this.#hasRightTrim(this.#pos); this.#pos++) {
      if (this.#input.charCodeAt(this.#pos) === NEWLINE) this.#line++;
    }
    return this.#pos === this.#start ? this.#lexRightDelim() : this.#emit("space");
  }

  #lexIdentifier(): Token {
    this.#pos = wordEnd(this.#input, this.#pos);
    if (!this.#isAtTerminator()) return this.#badCharacter();
    const word = this.#input.slice(this.#start, this.#pos);
    const keyword = KEYWORDS.get(word);
    if (keyword !== undefined) return this.#emit(keyword);
    return this.#emit(word === "true" || word === "false" ? "bool" : "identifier");
  }

  #badCharacter(): Token {
    return this.#error(`bad character ${describeCharacter(this.#char())}`);
  }

  #lexFieldOrVariable(kind: "field" | "variable"): Token {
    if (this.#isAtTerminator()) return this.#emit(kind === "variable" ? "variable" : "dot");
    this.#pos = wordEnd(this.#input, this.#pos);
    return this.#isAtTerminator() ? this.#emit(kind) : this.#badCharacter();
  }

  #isAtTerminator(): boolean {
    const code = this.#input.charCodeAt(this.#pos);
    return Number.isNaN(code) || (code < 128 && TERMINATORS[code] === 1) || this.#input.startsWith(RIGHT, this.#pos);
  }

  #lexQuoted(quoteMark: string, kind: TokenKind, problem: string): Token {
    const input = this.#input;
    const mark = quoteMark.charCodeAt(0);
    for (let at = this.#pos; at < input.length; at++) {
      const code = input.charCodeAt(at);
      if (code === mark) {
        this.#pos = at + 1;
        return this.#emit(kind);
      }
      if (code === BACKSLASH) at++;
      // A line break ends it also behind a backslash.
      if (input.charCodeAt(at) === NEWLINE) {
        this.#line++;
        break;
      }
    }
    return this.#error(problem);
  }

  #lexRaw(): Token {
    const end = this.#input.indexOf("`", this.#pos);
    this.#countLines(this.#pos, end < 0 ? this.#input.length : end);
    if (end < 0) return this.#error("unterminated raw quoted string");
    this.#pos = end + 1;
    return this.#emit("rawString");
  }

  #lexNumber(): Token {
    const isNumber = this.#scanNumber();
    const text = (): string => quote(this.#input.slice(this.#start, this.#pos));
    if (!isNumber) return this.#error(`bad number syntax: ${text()}`);
    if (!"+-".includes(this.#char() || "?")) return this.#emit("number");
    if (!this.#scanNumber() || this.#input[this.#pos - 1] !== "i") return this.#error(`bad number syntax: ${text()}`);
    return this.#emit("complex");
  }

  #scanNumber(): boolean {
    this.#accept("+-");
    let digits = "0123456789_";
    if (this.#accept("0")) {
      if (this.#accept("xX")) digits = "0123456789abcdefABCDEF_";
      else if (this.#accept("oO")) digits = "01234567_";
      else if (this.#accept("bB")) digits = "01_";
    }
    this.#acceptRun(digits);
    if (this.#accept(".")) this.#acceptRun(digits);
    if ((digits.length === 11 && this.#accept("eE")) || (digits.length === 23 && this.#accept("pP"))) {
      this.#accept("+-");
      this.#acceptRun("0123456789_");
    }
    this.#accept("i");
    if (!isAlphaNumeric(this.#char())) return true;
    this.#advance();
    return false;
  }

  #accept(valid: string): boolean {
    const char = this.#char();
    if (char === "" || !valid.includes(char)) return false;
    this.#advance();
    return true;
  }

  #acceptRun(valid: string): void {
    while (this.#accept(valid));
  }
}
