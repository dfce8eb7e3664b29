// SPDX-License-Identifier: Apache-2.0
import { KustomizeError } from "./kustomize-error.ts";
import type { Mapping } from "./mapping.ts";

type Requirement = (labels: Mapping) => boolean;

/**
 * A label selector as kubectl takes it: `a=b`, `a==b`, `a!=b`, `a in (b, c)`, `a notin (b)`, `a`, `!a`, `a > 1`, `a < 1`,
 * joined by commas.
 *
 * @returns whether labels match all of it; an empty selector matches everything
 * @throws {KustomizeError} INVALID_KUSTOMIZATION
 * @see apimachinery labels, Parse
 */
export function compileLabelSelector(selector: string): Requirement {
  const tokens = tokenize(selector);
  const requirements: Requirement[] = [];
  let index = 0;
  const next = (): string | undefined => tokens[index++];
  const fail = (found: string | undefined, expected: string): KustomizeError =>
    new KustomizeError(
      "INVALID_KUSTOMIZATION",
      `unable to parse requirement: found '${found ?? ""}', expected: ${expected} in selector '${selector}'`,
    );
  const word = (): string => {
    const token = next();
    if (token === undefined || isOperator(token)) throw fail(token, "identifier");
    return token;
  };
  const values = (): Set<string> => {
    const open = next();
    if (open !== "(") throw fail(open, "'('");
    const out = new Set<string>();
    for (;;) {
      const token = next();
      if (token === ")") {
        if (out.size === 0) out.add("");
        return out;
      }
      if (token === ",") continue;
      if (token === undefined || isOperator(token)) throw fail(token, "',', or ')'");
      out.add(token);
    }
  };
  while (index < tokens.length) {
    if (tokens[index] === "!") {
      index++;
      const key = checkedKey(word());
      requirements.push((labels) => !Object.hasOwn(labels, key));
    } else {
      const key = checkedKey(word());
      requirements.push(
        requirementOf(
          key,
          next,
          values,
          fail,
          () => tokens[index],
          () => index++,
        ),
      );
    }
    const separator = next();
    if (separator === undefined) break;
    if (separator !== ",") throw fail(separator, "',' or 'end of string'");
    if (index >= tokens.length) throw fail(undefined, "identifier after ','");
  }
  return (labels) => requirements.every((requirement) => requirement(labels));
}

function requirementOf(
  key: string,
  next: () => string | undefined,
  values: () => Set<string>,
  fail: (found: string | undefined, expected: string) => KustomizeError,
  peek: () => string | undefined,
  skip: () => void,
): Requirement {
  const text = (labels: Mapping): string | undefined => (Object.hasOwn(labels, key) ? String(labels[key]) : undefined);
  const operator = peek();
  if (operator === undefined || operator === ",") return (labels) => text(labels) !== undefined;
  skip();
  /** One value, which may be left out: `a=` asks for an empty label. */
  const value = (): string => {
    const token = peek();
    if (token === undefined || token === ",") return "";
    if (isOperator(token)) throw fail(token, "identifier");
    return next() ?? "";
  };
  switch (operator) {
    case "=":
    case "==": {
      const wanted = value();
      return (labels) => text(labels) === wanted;
    }
    case "!=": {
      const unwanted = value();
      return (labels) => text(labels) !== unwanted;
    }
    case "in": {
      const wanted = values();
      return (labels) => wanted.has(text(labels) ?? "\0");
    }
    case "notin": {
      const unwanted = values();
      return (labels) => !unwanted.has(text(labels) ?? "\0");
    }
    case ">":
    case "<": {
      const bound = value();
      if (!/^[-+]?\d+$/.test(bound)) throw fail(bound, "an integer for operator 'gt' or 'lt'");
      return (labels) => {
        const found = text(labels);
        if (found === undefined || !/^[-+]?\d+$/.test(found)) return false;
        return operator === ">" ? BigInt(found) > BigInt(bound) : BigInt(found) < BigInt(bound);
      };
    }
    default:
      throw fail(operator, "in, notin, =, ==, !=, gt, lt");
  }
}

function isOperator(token: string): boolean {
  return /^(?:[(),!=<>]|==|!=)$/.test(token);
}

function tokenize(selector: string): string[] {
  return selector.match(/==|!=|[(),!=<>]|[^\s(),!=<>]+/g) ?? [];
}

/** @see apimachinery validation, IsQualifiedName */
function checkedKey(key: string): string {
  const slash = key.indexOf("/");
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = slash < 0 ? key : key.slice(slash + 1);
  const isName = name.length <= 63 && /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name);
  const isPrefix =
    prefix === undefined ||
    (prefix.length <= 253 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/.test(prefix));
  if (isName && isPrefix) return key;
  throw new KustomizeError("INVALID_KUSTOMIZATION", `unable to parse requirement: invalid label key "${key}"`);
}
