// SPDX-License-Identifier: Apache-2.0
// The language of label selectors (`a=b,c in (d,e),!f`), token by token, with apimachinery's errors.
import { KubeCoreError } from "./error.ts";

/** One condition before its key and values are checked. Values are sorted and appear once. */
export interface ParsedRequirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

/** How a requirement is written. `=` and `==` mean `in`, `!=` means `notin`. */
export type SelectorOperator = "in" | "notin" | "=" | "==" | "!=" | "exists" | "!" | "gt" | "lt";

type TokenKind = "identifier" | "end" | "error" | ")" | "(" | "," | "!" | "==" | "=" | ">" | "<" | "!=" | "in" | "notin";

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const SPECIAL = "=!(),<>";
const SYMBOLS: ReadonlySet<string> = new Set([")", "(", ",", "!", "==", "=", ">", "<", "!="]);
const OPERATORS: Readonly<Partial<Record<TokenKind, SelectorOperator>>> = {
  in: "in",
  notin: "notin",
  "=": "=",
  "==": "==",
  "!=": "!=",
  ">": "gt",
  "<": "lt",
};

/**
 * @param checkKey called with each key as soon as it is read; throws when it is no label key
 * @param checkRequirement called with each requirement; throws when its values do not fit
 * @throws {KubeCoreError} INVALID_LABEL_SELECTOR
 */
export function parseSelectorText(
  selector: string,
  checkKey: (key: string) => void,
  checkRequirement: (requirement: ParsedRequirement) => void,
): ParsedRequirement[] {
  const parser = new SelectorParser(tokenize(selector), checkKey, checkRequirement);
  return parser.parse();
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && /[ \t\r\n]/.test(text[at] ?? "")) at++;
    if (at >= text.length || text[at] === "\0") return [...tokens, { kind: "end", text: "" }];
    const token = SPECIAL.includes(text[at] ?? "") ? readSymbol(text, at) : readWord(text, at);
    tokens.push(token);
    at += token.text.length;
  }
}

function readWord(text: string, start: number): Token {
  let end = start;
  while (end < text.length && !/[ \t\r\n=!(),<>\0]/.test(text[end] ?? "")) end++;
  const word = text.slice(start, end);
  return { kind: word === "in" || word === "notin" ? word : "identifier", text: word };
}

/** The longest run of special characters that is a symbol in each of its prefixes; every special character is one itself. */
function readSymbol(text: string, start: number): Token {
  let symbol = text[start] ?? "";
  while (SYMBOLS.has(symbol + (text[start + symbol.length] ?? " "))) symbol += text[start + symbol.length] ?? "";
  return { kind: symbol as TokenKind, text: symbol };
}

class SelectorParser {
  readonly #tokens: readonly Token[];
  readonly #checkKey: (key: string) => void;
  readonly #checkRequirement: (requirement: ParsedRequirement) => void;
  #at = 0;

  constructor(tokens: readonly Token[], checkKey: (key: string) => void, checkRequirement: (requirement: ParsedRequirement) => void) {
    this.#tokens = tokens;
    this.#checkKey = checkKey;
    this.#checkRequirement = checkRequirement;
  }

  parse(): ParsedRequirement[] {
    const requirements: ParsedRequirement[] = [];
    for (;;) {
      const first = this.#peek();
      if (first.kind === "end") return requirements;
      if (first.kind !== "identifier" && first.kind !== "!")
        throw fail(`found '${first.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const next = this.#next();
      if (next.kind === "end") return requirements;
      if (next.kind !== ",") throw fail(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (after.kind !== "identifier" && after.kind !== "!") throw fail(`found '${after.text}', expected: identifier after ','`);
    }
  }

  #requirement(): ParsedRequirement {
    try {
      const requirement = this.#readRequirement();
      this.#checkRequirement(requirement);
      return requirement;
    } catch (error) {
      if (!(error instanceof KubeCoreError)) throw error;
      throw new KubeCoreError(error.code, `unable to parse requirement: ${error.message}`);
    }
  }

  #readRequirement(): ParsedRequirement {
    const isNegated = this.#peek().kind === "!";
    if (isNegated) this.#next();
    const { kind, text: key } = this.#next();
    if (kind !== "identifier") throw fail(`found '${key}', expected: identifier`);
    this.#checkKey(key);
    const { kind: following } = this.#peek();
    if (isNegated) return { key, operator: "!", values: [] };
    if (following === "end" || following === ",") return { key, operator: "exists", values: [] };
    const operator = this.#operator();
    const values = operator === "in" || operator === "notin" ? this.#valueList() : [this.#exactValue()];
    return { key, operator, values: [...new Set(values)].sort() };
  }

  #operator(): SelectorOperator {
    const token = this.#tokens[this.#at++] ?? END;
    const operator = OPERATORS[token.kind];
    if (operator === undefined) throw fail(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
    return operator;
  }

  #exactValue(): string {
    const { kind } = this.#peek();
    if (kind === "end" || kind === ",") return "";
    const token = this.#next();
    if (token.kind !== "identifier") throw fail(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  #valueList(): string[] {
    const open = this.#next();
    if (open.kind !== "(") throw fail(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.kind === ")") {
      this.#next();
      return [""];
    }
    if (first.kind !== "identifier" && first.kind !== ",") throw fail(`found '${first.text}', expected: ',', ')' or identifier`);
    const values = this.#identifiers();
    const close = this.#next();
    if (close.kind !== ")") throw fail(`found '${close.text}', expected: ')'`);
    return values;
  }

  /** `a,b`, where a comma without a neighbour stands for an empty value. Leaves the closing bracket. */
  #identifiers(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.#next();
      const following = this.#peek();
      if (token.kind === "identifier") {
        values.push(token.text);
        if (following.kind === ")") return values;
        if (following.kind !== ",") throw fail(`found '${following.text}', expected: ',' or ')'`);
      } else if (token.kind === ",") {
        if (values.length === 0) values.push("");
        if (following.kind === ")" || following.kind === ",") values.push("");
        if (following.kind === ")") return values;
      } else {
        throw fail(`found '${token.text}', expected: ',', or identifier`);
      }
    }
  }

  /** As a value: `in` and `notin` are ordinary words there. */
  #peek(): Token {
    return asValue(this.#tokens[this.#at] ?? END);
  }

  #next(): Token {
    return asValue(this.#tokens[this.#at++] ?? END);
  }
}

const END: Token = { kind: "end", text: "" };

function asValue(token: Token): Token {
  return token.kind === "in" || token.kind === "notin" ? { kind: "identifier", text: token.text } : token;
}

function fail(message: string): KubeCoreError {
  return new KubeCoreError("INVALID_LABEL_SELECTOR", message);
}
