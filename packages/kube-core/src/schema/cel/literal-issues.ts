// SPDX-License-Identifier: Apache-2.0
import { parseDurationNs } from "../../duration.ts";
import { compilePattern } from "../pattern-cache.ts";
import type { Call, Expr } from "./ast.ts";
import type { Issue } from "./cel-error.ts";
import type { Checked } from "./check.ts";
import type { CelEnvironment } from "./environment.ts";
import { formatProblem } from "./library/format-string.ts";
import { parseTimestamp } from "./time.ts";
import type { CelType } from "./types.ts";
import { DYN, formatType } from "./types.ts";

/**
 * Literals that cannot be what they are used as: durations, timestamps, regular expressions, templates of texts, and
 * lists and maps of more than one type. What `format` of a text takes may be of any types.
 *
 * @see cel-go cel/validator.go
 */
export function literalIssues(expr: Expr, checked: Checked, environment: CelEnvironment): Issue[] {
  const issues: Issue[] = [];
  const visit = (node: Expr, isExempt: boolean): void => {
    if (node.kind === "call" && environment.checksLiterals) checkCall(node, issues);
    if (node.kind === "call" && node.name === "format") checkFormat(node, checked, environment, issues);
    if (!isExempt) checkAggregate(node, checked, issues);
    const isFormat = node.kind === "call" && node.name === "format";
    for (const child of childrenOf(node)) visit(child, isExempt || isFormat);
  };
  visit(expr, false);
  return issues;
}

function checkAggregate(node: Expr, checked: Checked, issues: Issue[]): void {
  if (node.kind === "list") checkTypes(node.items, checked, issues);
  if (node.kind !== "map") return;
  const keys = node.entries.map(({ key }) => ({ value: key, isOptional: false }));
  checkTypes(keys, checked, issues);
  checkTypes(node.entries, checked, issues);
}

function checkFormat({ at, target, args }: Call, checked: Checked, { formatStyle }: CelEnvironment, issues: Issue[]): void {
  const [list, ...others] = args;
  if (target?.kind !== "literal" || typeof target.value !== "string" || list?.kind !== "list" || others.length > 0) return;
  const types = list.items.map(({ value }) => (checked.types.get(value.id) ?? DYN).name);
  const found = formatProblem(target.value, types, formatStyle);
  if (found !== undefined) issues.push({ at: list.items[found.index]?.value.at ?? at, message: found.problem });
}

function checkCall(call: Call, issues: Issue[]): void {
  const arg = call.args.at(-1);
  if (arg?.kind !== "literal" || typeof arg.value !== "string") return;
  if (call.name === "duration" && !isDuration(arg.value)) issues.push({ at: arg.at, message: "invalid duration argument" });
  if (call.name === "timestamp" && parseTimestamp(arg.value) === undefined)
    issues.push({ at: arg.at, message: "invalid timestamp argument" });
  if (call.name === "matches" && typeof compilePattern(arg.value) === "string")
    issues.push({ at: arg.at, message: "invalid matches argument" });
}

function isDuration(text: string): boolean {
  try {
    parseDurationNs(text);
    return true;
  } catch {
    return false;
  }
}

function checkTypes(nodes: readonly { readonly value: Expr; readonly isOptional: boolean }[], checked: Checked, issues: Issue[]): void {
  const typed = nodes.map(({ value, isOptional }) => ({ value, type: typeOf(value, isOptional, checked) }));
  const [first, ...others] = typed;
  if (first === undefined) return;
  const other = others.find(({ type }) => !isEquivalent(type, first.type));
  if (other === undefined) return;
  issues.push({ at: other.value.at, message: `expected type '${formatType(first.type)}' but found '${formatType(other.type)}'` });
}

function typeOf(node: Expr, isOptional: boolean, checked: Checked): CelType {
  const type = checked.types.get(node.id) ?? DYN;
  return isOptional ? (type.parameters[0] ?? DYN) : type;
}

function isEquivalent(left: CelType, right: CelType): boolean {
  return formatType(left) === formatType(right);
}

/** Visits an expression and all that it holds. */
export function walk(expr: Expr, visit: (node: Expr) => void): void {
  visit(expr);
  for (const child of childrenOf(expr)) walk(child, visit);
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "ident":
      return [];
    case "select":
      return [expr.operand];
    case "call":
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case "list":
      return expr.items.map(({ value }) => value);
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return expr.fields.map(({ value }) => value);
    case "comprehension":
      return [expr.range, expr.start, expr.condition, expr.step, expr.result];
  }
}
