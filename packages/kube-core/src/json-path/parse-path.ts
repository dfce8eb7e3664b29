// SPDX-License-Identifier: Apache-2.0
import { KubeCoreError } from "../error.ts";
import type { PathNode } from "./nodes.ts";

/** How deep filters and unions may nest. */
const MAX_DEPTH = 20;

/**
 * Parses a template: text, and actions in braces such as `{.spec.list[?(@.a=="b")].c}`.
 *
 * @throws {KubeCoreError} INVALID_JSON_PATH with client-go's text
 * @see k8s.io/client-go util/jsonpath Parser
 */
export function parsePath(text: string, depth = 0): readonly PathNode[] {
  if (depth > MAX_DEPTH) throw fail("nested too deep");
  return new PathParser(text, depth).parse();
}

function fail(message: string): KubeCoreError {
  return new KubeCoreError("INVALID_JSON_PATH", message);
}

class PathParser {
  readonly #text: string;
  readonly #depth: number;
  #at = 0;

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  parse(): readonly PathNode[] {
    const nodes: PathNode[] = [];
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf("{", this.#at);
      const end = open < 0 ? this.#text.length : open;
      if (end > this.#at) nodes.push({ kind: "text", text: this.#text.slice(this.#at, end) });
      this.#at = end;
      if (open < 0) break;
      this.#at++;
      nodes.push({ kind: "list", nodes: this.#parseAction() });
    }
    return nodes;
  }

  #parseAction(): readonly PathNode[] {
    const nodes: PathNode[] = [];
    for (;;) {
      if (this.#takes("}")) return nodes;
      if (this.#takes("[?(")) nodes.push(this.#parseFilter());
      else if (this.#takes("..")) {
        if (nodes.at(-1)?.kind === "recursive") throw fail("invalid multiple recursive descent");
        nodes.push({ kind: "recursive" });
        if (isAlphaNumeric(this.#peek())) nodes.push(this.#parseField());
      } else this.#parseStep(nodes);
    }
  }

  #parseStep(nodes: PathNode[]): void {
    const next = this.#peek();
    if (next === "" || next === "\n" || next === "\r") throw fail("unclosed action");
    if (next === "[") nodes.push(...this.#parseArray());
    else if (/[+\-\d]/.test(next)) nodes.push(this.#parseNumber());
    else if (isAlphaNumeric(next)) nodes.push(this.#parseIdentifier());
    else {
      this.#at += next.length;
      if (next === " " || next === "@" || next === "$") return;
      if (next === '"' || next === "'") nodes.push(this.#parseQuote(next));
      else if (next === ".") nodes.push(this.#parseField());
      else throw fail(`unrecognized character in action: ${codePoint(next)} '${next}'`);
    }
  }

  #parseFilter(): PathNode {
    const start = this.#at;
    let pair = "";
    let isClosed = false;
    for (;;) {
      const next = this.#next();
      if (next === "" || next === "\n") throw fail("unterminated filter");
      if (next === '"' || next === "'") {
        if (pair === "") pair = next;
        else if (next === pair && this.#text[this.#at - 2] !== "\\") isClosed = true;
      } else if (next === ")" && (pair === "" || isClosed)) break;
    }
    if (this.#next() !== "]") throw fail("unclosed array expect ]");
    const inner = this.#text.slice(start, this.#at - 2);
    const parts = /^([^!<>=]+)([!<>=]+)([\s\S]+)$/.exec(inner);
    if (parts === null) return { kind: "filter", left: this.#sub(inner), right: { kind: "list", nodes: [] }, operator: "exists" };
    const [, left = "", operator = "", right = ""] = parts;
    return { kind: "filter", left: this.#sub(left), right: this.#sub(right), operator };
  }

  /** What stands inside of a filter or union, as an action of its own. */
  #sub(text: string): PathNode {
    return parsePath(`{${text}}`, this.#depth + 1)[0] ?? { kind: "list", nodes: [] };
  }

  #parseArray(): readonly PathNode[] {
    const end = this.#text.slice(this.#at).search(/[\n\]]/);
    if (end < 0 || this.#text[this.#at + end] === "\n") throw fail("unterminated array");
    let inner = this.#text.slice(this.#at + 1, this.#at + end);
    this.#at += end + 1;
    if (inner === "*") inner = ":";
    const members = inner.split(",");
    if (members.length > 1)
      return [{ kind: "union", members: members.map((member) => this.#sub(`[${member.replaceAll(/^ +| +$/g, "")}]`)) }];
    const key = /^'([^']*)'$/.exec(inner)?.[1];
    if (key !== undefined) {
      const action = this.#sub(`.${key}`);
      return action.kind === "list" ? action.nodes : [action];
    }
    const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(inner);
    if (slice === null) throw fail(`invalid array index ${inner}`);
    const [from, to, step] = [slice[1], slice[2]?.slice(1), slice[3]?.slice(1)].map(toIndex);
    const isAlone = slice[2] === undefined;
    return [{ kind: "array", from, to: { value: isAlone ? (from ?? 0) + 1 : to, derived: isAlone }, step }];
  }

  #parseNumber(): PathNode {
    const text = /^[+-]?[\d.]*/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += text.length;
    if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return { kind: "value", value: Number(text), isFloat: false };
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) return { kind: "value", value: Number(text), isFloat: true };
    throw fail(`cannot parse number ${text}`);
  }

  #parseIdentifier(): PathNode {
    const name = this.#takeUntilTerminator(false);
    if (name === "true" || name === "false") return { kind: "value", value: name === "true", isFloat: false };
    return { kind: "identifier", name };
  }

  #parseField(): PathNode {
    const name = this.#takeUntilTerminator(true);
    return name === "*" ? { kind: "wildcard" } : { kind: "field", name: name.replaceAll("\\", "") };
  }

  #takeUntilTerminator(escapes: boolean): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[ \t\r\n.,[\]$@{}]/.test(this.#text[this.#at] ?? "")) {
      this.#at += escapes && this.#text[this.#at] === "\\" ? 2 : 1;
    }
    this.#at = Math.min(this.#at, this.#text.length);
    return this.#text.slice(start, this.#at);
  }

  #parseQuote(quote: string): PathNode {
    const start = this.#at;
    for (;;) {
      const next = this.#next();
      if (next === "" || next === "\n") throw fail("unterminated quoted string");
      if (next === quote && this.#text[this.#at - 2] !== "\\") break;
    }
    const inner = this.#text.slice(start, this.#at - 1);
    return { kind: "text", text: unquote(inner, quote) };
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #peek(): string {
    const point = this.#text.codePointAt(this.#at);
    return point === undefined ? "" : String.fromCodePoint(point);
  }

  #next(): string {
    const next = this.#peek();
    this.#at += next.length;
    return next;
  }
}

function toIndex(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const index = Number(text);
  if (!Number.isSafeInteger(index)) throw fail(`array index ${text} is not a number`);
  return index;
}

function isAlphaNumeric(character: string): boolean {
  return /^[_\p{L}\p{Nd}]$/u.test(character);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

const ESCAPES: Readonly<Record<string, string>> = { a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };

/** @see strconv.UnquoteChar */
function unquote(text: string, quote: string): string {
  return text.replaceAll(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-3][0-7]{2}|[\s\S])/g, (match, escape: string) => {
    if (escape.length > 1) {
      const isOctal = /^\d/.test(escape);
      const point = Number.parseInt(isOctal ? escape : escape.slice(1), isOctal ? 8 : 16);
      if (point <= 0x10ffff) return String.fromCodePoint(point);
    }
    const plain = escape === quote ? quote : ESCAPES[escape];
    if (plain === undefined) throw fail(`unquote string ${quote}${text}${quote} error invalid syntax`);
    return match === "" ? "" : plain;
  });
}
