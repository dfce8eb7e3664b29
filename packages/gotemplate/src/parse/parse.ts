// SPDX-License-Identifier: Apache-2.0
// A recursive parser of the template grammar: one method for each construct.
import { TemplateError } from "../template-error.ts";
import { Lexer, isKeyword, type Token, type TokenKind } from "./lex.ts";
import {
  type BranchNode,
  type CommandNode,
  type ListNode,
  type Operand,
  type PipeNode,
  type Source,
  type Statement,
  type VariableNode,
  nodeText,
} from "./nodes.ts";
import { parseNumber } from "./number.ts";
import { unquote } from "./unquote.ts";
import { goQuote } from "../format/quote.ts";

/** Templates by name: the text itself under its own name, and what it defines. */
export type Trees = Map<string, ListNode>;

type Ending = { readonly kind: "end" } | { readonly kind: "else"; readonly pos: number };
type Item = Statement | Ending;

const MAX_DEPTH = 10_000;
/** How deep control structures may stand in each other; beyond, walking them would overflow the stack. */
const MAX_NESTING = 500;
const PAREN_DEPTH = 500;

/**
 * Parses a template text.
 *
 * @param hasFunction whether a function of the name can be called
 * @returns the templates of the text, its own under `name`
 * @throws {TemplateError} PARSE
 * @see text/template/parse Parse
 */
export function parseTemplate(name: string, text: string, hasFunction: (name: string) => boolean): Trees {
  return new Parser(name, text, hasFunction).parse();
}

/** Whether a template has nothing but blanks, so that it does not replace one of its name. */
export function isEmptyTree(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === "text" && node.text.trim() === "");
}

function describe(token: Token): string {
  if (token.kind === "eof") return "EOF";
  if (token.kind === "error") return token.text;
  if (isKeyword(token.kind)) return `<${token.text}>`;
  const chars = Array.from(token.text);
  return chars.length > 10 ? `${goQuote(chars.slice(0, 10).join(""))}...` : goQuote(token.text);
}

class Parser {
  readonly #lexer: Lexer;
  readonly #source: Source;
  readonly #name: string;
  readonly #hasFunction: (name: string) => boolean;
  readonly #trees: Trees = new Map();
  /** Tokens that were read too early, the next one last. */
  readonly #ahead: Token[] = [];
  #line = 1;
  #vars: string[] = ["$"];
  #actionLine = 0;
  #rangeDepth = 0;
  #parens = 0;
  #nesting = 0;

  constructor(name: string, text: string, hasFunction: (name: string) => boolean) {
    this.#lexer = new Lexer(text);
    this.#source = { parseName: name, text };
    this.#name = name;
    this.#hasFunction = hasFunction;
  }

  parse(): Trees {
    const nodes: Statement[] = [];
    const pos = this.#peek().pos;
    while (this.#peek().kind !== "eof") {
      if (this.#peek().kind === "leftDelim") {
        const delim = this.#next();
        const token = this.#nextNonSpace();
        if (token.kind === "define") {
          this.#definition();
          continue;
        }
        this.#ahead.push(token, delim);
      }
      const item = this.#textOrAction();
      if (item.kind === "end" || item.kind === "else") this.#fail(`unexpected {{${item.kind}}}`);
      nodes.push(item);
    }
    this.#add(this.#name, { kind: "list", pos, source: this.#source, nodes });
    return this.#trees;
  }

  #next(): Token {
    const token = this.#ahead.pop() ?? this.#lexer.next();
    this.#line = token.line;
    return token;
  }

  #peek(): Token {
    const token = this.#ahead.at(-1);
    if (token !== undefined) return token;
    const read = this.#lexer.next();
    this.#line = read.line;
    this.#ahead.push(read);
    return read;
  }

  #nextNonSpace(): Token {
    let token = this.#next();
    while (token.kind === "space") token = this.#next();
    return token;
  }

  #peekNonSpace(): Token {
    const token = this.#nextNonSpace();
    this.#ahead.push(token);
    return token;
  }

  #fail(message: string): never {
    throw new TemplateError("PARSE", `template: ${this.#source.parseName}:${this.#line}: ${message}`);
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind === "error") {
      let extra = "";
      if (this.#actionLine !== 0 && this.#actionLine !== token.line) {
        extra = ` in action started at ${this.#source.parseName}:${this.#actionLine}`;
        if (token.text.endsWith(" action")) extra = extra.slice(" in action".length);
      }
      this.#fail(`${token.text}${extra}`);
    }
    this.#fail(`unexpected ${describe(token)} in ${context}`);
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.#nextNonSpace();
    if (token.kind !== kind) this.#unexpected(token, context);
    return token;
  }

  #add(name: string, list: ListNode): void {
    const old = this.#trees.get(name);
    if (old === undefined || isEmptyTree(old)) this.#trees.set(name, list);
    else if (!isEmptyTree(list)) this.#fail(`template: multiple definition of template ${goQuote(name)}`);
  }

  #definition(): void {
    const context = "define clause";
    const name = this.#templateName(this.#nextNonSpace(), context);
    this.#expect("rightDelim", context);
    this.#ownScope(name, context);
  }

  /** The body of a define or block: its variables are its own. */
  #ownScope(name: string, context: string): void {
    const saved = { vars: this.#vars, rangeDepth: this.#rangeDepth, actionLine: this.#actionLine };
    this.#vars = ["$"];
    this.#rangeDepth = 0;
    this.#actionLine = 0;
    const { list, ending } = this.#itemList();
    if (ending.kind !== "end") this.#fail(`unexpected {{else}} in ${context}`);
    this.#add(name, list);
    this.#vars = saved.vars;
    this.#rangeDepth = saved.rangeDepth;
    this.#actionLine = saved.actionLine;
  }

  #itemList(): { readonly list: ListNode; readonly ending: Ending } {
    if (++this.#nesting > MAX_NESTING) this.#fail(`control structures are nested more than ${MAX_NESTING} deep`);
    const nodes: Statement[] = [];
    const pos = this.#peekNonSpace().pos;
    while (this.#peekNonSpace().kind !== "eof") {
      const item = this.#textOrAction();
      if (item.kind === "end" || item.kind === "else") {
        this.#nesting--;
        return { list: { kind: "list", pos, source: this.#source, nodes }, ending: item };
      }
      nodes.push(item);
    }
    this.#fail("unexpected EOF");
  }

  #textOrAction(): Item {
    const token = this.#nextNonSpace();
    if (token.kind === "text") return { kind: "text", pos: token.pos, source: this.#source, text: token.text };
    if (token.kind !== "leftDelim") this.#unexpected(token, "input");
    this.#actionLine = token.line;
    const item = this.#action();
    this.#actionLine = 0;
    return item;
  }

  #action(): Item {
    const token = this.#nextNonSpace();
    switch (token.kind) {
      case "block":
        return this.#block();
      case "break":
      case "continue": {
        const after = this.#nextNonSpace();
        if (after.kind !== "rightDelim") this.#unexpected(after, `{{${token.kind}}}`);
        if (this.#rangeDepth === 0) this.#fail(`{{${token.kind}}} outside {{range}}`);
        return { kind: token.kind, pos: token.pos, source: this.#source };
      }
      case "else": {
        const next = this.#peekNonSpace();
        if (next.kind === "if" || next.kind === "with") return { kind: "else", pos: next.pos };
        return { kind: "else", pos: this.#expect("rightDelim", "else").pos };
      }
      case "end":
        this.#expect("rightDelim", "end");
        return { kind: "end" };
      case "if":
      case "with":
      case "range":
        return this.#control(token.kind);
      case "template":
        return this.#template();
      default: {
        this.#ahead.push(token);
        const pipe = this.#pipeline("command", "rightDelim");
        return { kind: "action", pos: token.pos, source: this.#source, pipe };
      }
    }
  }

  #control(kind: "if" | "with" | "range"): BranchNode {
    const mark = this.#vars.length;
    const pipe = this.#pipeline(kind, "rightDelim");
    if (kind === "range") this.#rangeDepth++;
    const { list, ending } = this.#itemList();
    if (kind === "range") this.#rangeDepth--;
    const elseList = ending.kind === "else" ? this.#otherwise(kind, ending.pos) : undefined;
    this.#vars.length = mark;
    return { kind, pos: pipe.pos, source: this.#source, pipe, list, elseList };
  }

  #otherwise(kind: "if" | "with" | "range", pos: number): ListNode {
    if (kind !== "range" && this.#peek().kind === kind) {
      this.#next();
      if (++this.#nesting > MAX_DEPTH) this.#fail(`{{else ${kind}}} more than ${MAX_DEPTH} times`);
      const node = this.#control(kind);
      this.#nesting--;
      return { kind: "list", pos, source: this.#source, nodes: [node] };
    }
    const { list, ending } = this.#itemList();
    if (ending.kind !== "end") this.#fail("expected end; found {{else}}");
    return list;
  }

  #block(): Statement {
    const context = "block clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, "rightDelim");
    this.#ownScope(name, context);
    return { kind: "template", pos: token.pos, source: this.#source, name, pipe };
  }

  #template(): Statement {
    const context = "template clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    const after = this.#nextNonSpace();
    if (after.kind === "rightDelim") return { kind: "template", pos: token.pos, source: this.#source, name, pipe: undefined };
    this.#ahead.push(after);
    const pipe = this.#pipeline(context, "rightDelim");
    return { kind: "template", pos: token.pos, source: this.#source, name, pipe };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== "string" && token.kind !== "rawString") this.#unexpected(token, context);
    return unquote(token.text) ?? this.#fail("invalid syntax");
  }

  #pipeline(context: string, end: "rightDelim" | "rightParen"): PipeNode {
    const pos = this.#peekNonSpace().pos;
    const line = this.#line;
    const decls: VariableNode[] = [];
    const isAssign = this.#declarations(context, decls);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#nextNonSpace();
      if (token.kind === end) break;
      switch (token.kind) {
        case "bool":
        case "charConstant":
        case "complex":
        case "dot":
        case "field":
        case "identifier":
        case "number":
        case "nil":
        case "rawString":
        case "string":
        case "variable":
        case "leftParen":
          this.#ahead.push(token);
          commands.push(this.#command());
          break;
        default:
          this.#unexpected(token, context);
      }
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    commands.forEach((command, i) => {
      const kind = command.args[0]?.kind;
      if (i > 0 && (kind === "bool" || kind === "dot" || kind === "nil" || kind === "number" || kind === "string")) {
        this.#fail(`non executable command in pipeline stage ${i + 1}`);
      }
    });
    return { kind: "pipe", pos, source: this.#source, line, isAssign, decls, commands };
  }

  /** Reads `$x :=`, `$x =` and `$i, $x :=`; tells whether it was an assignment. */
  #declarations(context: string, decls: VariableNode[]): boolean {
    while (this.#peekNonSpace().kind === "variable") {
      const variable = this.#next();
      const after = this.#peek();
      const next = this.#peekNonSpace();
      if (next.kind === "assign" || next.kind === "declare" || (next.kind === "char" && next.text === ",")) {
        this.#nextNonSpace();
        decls.push({ kind: "variable", pos: variable.pos, source: this.#source, ident: variable.text.split(".") });
        this.#vars.push(variable.text);
        if (next.kind !== "char") return next.kind === "assign";
        if (context !== "range" || decls.length >= 2) this.#fail(`too many declarations in ${context}`);
        const follows = this.#peekNonSpace().kind;
        if (follows !== "variable" && follows !== "rightDelim" && follows !== "rightParen")
          this.#fail("range can only initialize variables");
        continue;
      }
      if (after.kind === "space") this.#ahead.push(after, variable);
      else this.#ahead.push(variable);
      return false;
    }
    return false;
  }

  #command(): CommandNode {
    const pos = this.#peekNonSpace().pos;
    const args: Operand[] = [];
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) args.push(operand);
      const token = this.#next();
      if (token.kind === "space") continue;
      if (token.kind === "rightDelim" || token.kind === "rightParen") this.#ahead.push(token);
      else if (token.kind !== "pipe") this.#unexpected(token, "operand");
      break;
    }
    if (args.length === 0) this.#fail("empty command");
    return { kind: "command", pos, source: this.#source, args };
  }

  #operand(): Operand | undefined {
    const node = this.#term();
    if (node === undefined || this.#peek().kind !== "field") return node;
    const pos = this.#peek().pos;
    const fields: string[] = [];
    while (this.#peek().kind === "field") fields.push(this.#next().text.slice(1));
    switch (node.kind) {
      case "field":
      case "variable":
        return { ...node, pos, ident: [...node.ident, ...fields] };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        this.#fail(`unexpected . after term ${goQuote(nodeText(node))}`);
    }
    return { kind: "chain", pos, source: this.#source, node, fields };
  }

  #term(): Operand | undefined {
    const token = this.#nextNonSpace();
    const at = { pos: token.pos, source: this.#source };
    switch (token.kind) {
      case "identifier":
        if (!this.#hasFunction(token.text)) this.#fail(`function ${goQuote(token.text)} not defined`);
        return { kind: "identifier", ...at, name: token.text };
      case "dot":
      case "nil":
        return { kind: token.kind, ...at };
      case "variable":
        if (!this.#vars.includes(token.text)) this.#fail(`undefined variable ${goQuote(token.text)}`);
        return { kind: "variable", ...at, ident: [token.text] };
      case "field":
        return { kind: "field", ...at, ident: [token.text.slice(1)] };
      case "bool":
        return { kind: "bool", ...at, value: token.text === "true" };
      case "charConstant":
      case "complex":
      case "number": {
        const number = parseNumber(token.text, token.kind);
        if (typeof number === "string") this.#fail(number);
        return { kind: "number", ...at, text: token.text, ...number };
      }
      case "leftParen": {
        if (this.#parens >= PAREN_DEPTH) this.#fail("max expression depth exceeded");
        this.#parens++;
        const pipe = this.#pipeline("parenthesized pipeline", "rightParen");
        this.#parens--;
        return pipe;
      }
      case "string":
      case "rawString":
        return { kind: "string", ...at, quoted: token.text, value: unquote(token.text) ?? this.#fail("invalid syntax") };
      default:
        this.#ahead.push(token);
        return undefined;
    }
  }
}
